//! Paths in, app reports out: workers per app, input order, a panic guard.
//!
//! Only this room and the command line touch files, and only this room makes
//! threads.

pub mod inputs;
pub mod mapped;
pub mod path_text;
pub mod policies;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::app::archive::ZIP_MAGIC;
use crate::app::layouts::xml_names;
use crate::app::{self, App, LoadError, Part};
use crate::audit::assemble::{Asked, FileFacts, assemble, failed};
use crate::audit::model::{Accesses, AppReport};
use crate::audit::observed::observe;
use crate::audit::reconcile::reconcile;
use crate::dataflow::{self, Answer, Depth, Question};
use crate::formats::{Limit, dex};
use crate::sdk::detect::Detector;
use crate::sdk::model::Detection;
use inputs::Input;
use mapped::MappedFile;
use path_text::path_text;
use policies::PolicyShelf;

/// Finished reports that may wait for an earlier one, per worker: bounds memory
/// when one app of a batch is slow.
const WAITING_PER_WORKER: usize = 8;
/// Stack of a worker. Recursion on input is capped; this leaves room for the
/// deepest capped case in a debug build.
const WORKER_STACK_BYTES: usize = 16 << 20;

/// Workers for each processor, at the most: more only take memory and start-up
/// time, whatever `--jobs` says.
const MAX_WORKERS_PER_PROCESSOR: usize = 4;

/// What every app of a run is scanned with.
#[derive(Debug, Clone, Copy)]
pub struct Scanner<'a> {
    /// Finds the SDKs.
    pub detector: &'a Detector<'a>,
    /// Has the policies.
    pub shelf: &'a PolicyShelf<'a>,
    /// What the options ask for beyond SDKs.
    pub asked: Asked,
}

/// Workers of a run: as many as asked for, but at most four for each processor;
/// one for each processor when not asked.
pub fn workers(asked: Option<NonZeroUsize>) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or(processors, |asked| {
        asked
            .get()
            .min(processors.saturating_mul(MAX_WORKERS_PER_PROCESSOR))
    })
}

/// Scans every input and hands the reports over in input order, whatever the
/// number of workers. Returns how many were handed over: fewer than given only
/// when `stop` was raised.
pub fn run(
    inputs: &[Input],
    scanner: Scanner<'_>,
    jobs: usize,
    stop: &AtomicBool,
    mut emit: impl FnMut(AppReport),
) -> usize {
    if let [only] = inputs {
        emit(alone(only, scanner, jobs));
        return 1;
    }
    let next = AtomicUsize::new(0);
    let queue = Queue::default();
    let window = jobs.max(1) * WAITING_PER_WORKER;
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, inputs.len().max(1)) {
            let worker = || {
                // A pool of this thread alone: an app of a batch is scanned by
                // its worker only.
                let _pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(1)
                    .use_current_thread()
                    .build();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(input) = inputs.get(index) else {
                        break;
                    };
                    if !queue.wait_for_room(index, window, stop) {
                        break;
                    }
                    queue.put(index, guarded(input, scanner));
                }
                queue.worker_done();
            };
            queue.worker_started();
            let spawned = std::thread::Builder::new()
                .stack_size(WORKER_STACK_BYTES)
                .spawn_scoped(scope, worker);
            if spawned.is_err() {
                queue.worker_done();
            }
        }
        let mut done = 0;
        while let Some(report) = queue.take(done) {
            emit(report);
            done += 1;
        }
        done
    })
}

/// Reports on their way from the workers to the printer.
#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    finished: BTreeMap<usize, AppReport>,
    taken: usize,
    workers: usize,
}

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn worker_started(&self) {
        self.lock().workers += 1;
    }

    fn worker_done(&self) {
        self.lock().workers -= 1;
        self.changed.notify_all();
    }

    /// Waits until a report of this index would be within the window; false
    /// when the run was stopped.
    fn wait_for_room(&self, index: usize, window: usize, stop: &AtomicBool) -> bool {
        let mut state = self.lock();
        while index >= state.taken + window && !stop.load(Ordering::Relaxed) {
            let wait = std::time::Duration::from_millis(200);
            state = self
                .changed
                .wait_timeout(state, wait)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        !stop.load(Ordering::Relaxed)
    }

    fn put(&self, index: usize, report: AppReport) {
        self.lock().finished.insert(index, report);
        self.changed.notify_all();
    }

    /// The report of this index, or `None` when no worker will deliver it.
    fn take(&self, index: usize) -> Option<AppReport> {
        let mut state = self.lock();
        loop {
            if let Some(report) = state.finished.remove(&index) {
                state.taken = index + 1;
                self.changed.notify_all();
                return Some(report);
            }
            if state.workers == 0 {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// One app uses all workers for its dex files. A batch gives each worker one
/// app instead: threads inside threads would only wait for each other.
fn alone(input: &Input, scanner: Scanner<'_>, jobs: usize) -> AppReport {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.max(1))
        .stack_size(WORKER_STACK_BYTES)
        .build();
    match pool {
        Ok(pool) => pool.install(|| guarded(input, scanner)),
        Err(_) => guarded(input, scanner),
    }
}

/// One bad file never stops a batch: a panic becomes a failed report.
fn guarded(input: &Input, scanner: Scanner<'_>) -> AppReport {
    catch_unwind(AssertUnwindSafe(|| scan(input, scanner))).unwrap_or_else(|_| {
        let message =
            "the scanner failed on this input; this is a defect of sdkaudit, please report it";
        let files = FileFacts {
            path: input.display.clone(),
            ..FileFacts::default()
        };
        failed(
            files,
            Limit::analysis("internal-error", message, &input.display),
        )
    })
}

/// Scans one app.
fn scan(input: &Input, scanner: Scanner<'_>) -> AppReport {
    let mut files = FileFacts {
        path: input.display.clone(),
        ..FileFacts::default()
    };
    let unread = |files, code, message: String| {
        failed(files, Limit::analysis(code, message, &input.display))
    };
    if let Some(fault) = &input.fault {
        return unread(files, "unreadable", fault.clone());
    }
    let mut maps = Vec::new();
    for path in &input.files {
        match MappedFile::open(path) {
            Ok(map) => maps.push(map),
            Err(error) => {
                let message = format!("{}: cannot be read: {error}", path_text(path));
                return unread(files, "unreadable", message);
            }
        }
    }
    files.size = maps.iter().map(|map| map.bytes().len() as u64).sum();
    files.sha256 = hash(&maps);
    let parts: Vec<Part<'_>> = input
        .files
        .iter()
        .zip(&maps)
        .map(|(path, map)| Part {
            name: path_text(Path::new(path.file_name().unwrap_or_default())).into_owned(),
            bytes: map.bytes(),
        })
        .collect();
    let app = match app::load(&parts) {
        Ok(app) => app,
        Err(error) => return unread(files, "not-a-package", no_package(&parts, &error)),
    };
    report(files, app, &parts, input, scanner)
}

/// The report of a loaded app, compared with its policies.
fn report(
    files: FileFacts,
    mut app: App<'_>,
    parts: &[Part<'_>],
    input: &Input,
    scanner: Scanner<'_>,
) -> AppReport {
    let base = scanner.detector.base();
    let (detection, answer) = analysed(&mut app, parts, scanner);
    let policies = scanner.shelf.of(app.package(), input.policy.as_deref());
    let mut report = assemble(files, app, detection, base, scanner.asked);
    if base.signatures().len() == 0 {
        let message = "no signatures were used: no SDK could be recognised";
        report
            .limits
            .push(Limit::detail("no-signatures", message, ""));
    }
    if let Some(answer) = answer {
        observe(&mut report, answer, scanner.asked.accesses);
    }
    policies::limit(&mut report, &policies);
    let documents = policies.documents();
    let documents: Vec<&crate::policy::model::PolicyDocument> =
        documents.iter().map(AsRef::as_ref).collect();
    reconcile(&mut report, &documents, base);
    report
}

/// The SDKs of an app, and what its code can reach when that is asked for.
fn analysed(
    app: &mut App<'_>,
    parts: &[Part<'_>],
    scanner: Scanner<'_>,
) -> (Detection, Option<Answer>) {
    let depth = match scanner.asked.accesses {
        Accesses::None => return (scanner.detector.detect(app), None),
        Accesses::Inventory => Depth::Inventory,
        Accesses::Reach => Depth::Reach,
    };
    let (mut xml, anomalies, limits) = xml_names(parts);
    xml.complete(app.package());
    app.anomalies.extend(anomalies);
    app.limits.extend(limits);
    let app = &*app;
    let mut code = dataflow::Code::read(app, scanner.detector);
    let hosts = code.take_hosts();
    let detection = scanner.detector.detect_with(app, Some(&hosts));
    let question = Question {
        app,
        detector: scanner.detector,
        detection: &detection,
        xml: &xml,
        depth,
    };
    let answer = dataflow::analyse(code, &question);
    (detection, Some(answer))
}

/// Bytes of a file that is no package shown in the message.
const BEGINNING_BYTES: usize = 8;

/// Why the input is no app, in words for the one who named it.
fn no_package(parts: &[Part<'_>], error: &LoadError) -> String {
    let [part] = parts else {
        return error.to_string();
    };
    if part.bytes.is_empty() {
        return format!("{} is empty", part.name);
    }
    if part.bytes.starts_with(ZIP_MAGIC) || dex::is_dex(part.bytes) {
        // It begins as a package does: what is wrong stands further on.
        return format!("{}: {error}", part.name);
    }
    let start = part.bytes.get(..BEGINNING_BYTES).unwrap_or(part.bytes);
    let text = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = text.lines().next().unwrap_or_default();
    let beginning = if line.is_empty() || line.chars().any(char::is_control) {
        let hex: Vec<String> = start.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("bytes {}", hex.join(" "))
    } else {
        format!("“{line}”")
    };
    format!(
        "{} is no APK, AAB, AAR, JAR or dex file (begins with {beginning})",
        part.name
    )
}

/// SHA-256 of the only file, or of the sorted hashes of a split set's files.
fn hash(maps: &[MappedFile]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut hashes: Vec<String> = maps
        .iter()
        .map(|map| hex(&Sha256::digest(map.bytes())))
        .collect();
    if let [only] = hashes.as_slice() {
        return only.clone();
    }
    hashes.sort();
    hex(&Sha256::digest(hashes.concat().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_are_bounded_by_the_processors() {
        let usual = workers(None);
        assert!(usual >= 1);
        assert_eq!(workers(NonZeroUsize::new(1)), 1);
        assert_eq!(
            workers(NonZeroUsize::new(usize::MAX)),
            usual * MAX_WORKERS_PER_PROCESSOR
        );
    }

    #[test]
    fn an_input_that_is_no_package_is_told_by_how_it_begins() {
        let told = |bytes: &[u8]| {
            let name = "a.txt".to_owned();
            let error = LoadError::NotAPackage("broken".to_owned());
            no_package(&[Part { name, bytes }], &error)
        };
        assert!(told("你好世界".as_bytes()).contains("(begins with “你好”)"));
        assert!(told(b"\0\0").contains("(begins with bytes 00 00)"));
        assert!(told(b"\n").contains("(begins with bytes 0a)"));
        assert!(told(b"").ends_with("is empty"));
        assert!(told(b"PK\x03\x04rest").ends_with("not a package: broken"));
    }
}
