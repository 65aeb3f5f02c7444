//! `sdkaudit scan`: from words to a plan, from the plan to reports.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::arguments::{self, Flows, ScanArguments};
use super::output::{Sink, Target, check_apart, remove_partial_files, style, targets};
use super::progress::Progress;
use super::{check_file, exit, is_broken_pipe, knowledge_base, say, usage};
use crate::audit::assemble::Asked;
use crate::audit::gate::{FailOn, Gate, Outcome, add_to_summary};
use crate::audit::model::{Accesses, Summary, Tool};
use crate::batch::inputs::{Input, drop_repeated, expand};
use crate::batch::path_text::path_text;
use crate::batch::policies::{PolicyShelf, may_be_policy_in};
use crate::batch::{self, Scanner};
use crate::policy::model::PolicyDocument;
use crate::report;
use crate::sdk::KnowledgeBase;
use crate::sdk::detect::Detector;

/// A run whose words have been checked.
struct Plan {
    inputs: Vec<Input>,
    policies: Vec<PathBuf>,
    policy_folder: Option<PathBuf>,
    targets: Vec<Target>,
    jobs: usize,
    asked: Asked,
    gate: Gate,
    progress: bool,
    quiet: bool,
    verbose: bool,
}

pub fn run(arguments: ScanArguments, signatures: &[PathBuf]) -> anyhow::Result<u8> {
    let plan = plan(arguments)?;
    let base = knowledge_base(signatures)?;
    execute(&plan, &base)
}

/// Checks every word before any work starts.
fn plan(arguments: ScanArguments) -> anyhow::Result<Plan> {
    if arguments.catalogue.is_some() {
        return not_available("--catalogue");
    }
    check_configuration(arguments.config.as_deref())?;
    let fail_on = match FailOn::from_str(&arguments.fail_on) {
        Ok(fail_on) => fail_on,
        Err(error) => return usage(error.to_string()),
    };
    for policy in &arguments.policy {
        check_file("--policy", policy)?;
    }
    if let Some(folder) = arguments
        .policies
        .as_deref()
        .filter(|folder| !folder.is_dir())
    {
        return usage(format!("--policies {}: no such folder", path_text(folder)));
    }
    let targets = targets(&arguments.output)?;
    let mut inputs = inputs(&arguments.paths)?;
    check_outputs(&arguments, &targets, &inputs)?;
    for path in drop_repeated(&mut inputs) {
        if !arguments.quiet {
            say(&format!("{path}: given more than once, scanned once"));
        }
    }
    Ok(Plan {
        inputs,
        policies: arguments.policy,
        policy_folder: arguments.policies,
        targets,
        jobs: batch::workers(arguments.jobs),
        asked: Asked {
            accesses: match arguments.accesses {
                arguments::Accesses::None => Accesses::None,
                arguments::Accesses::Inventory => Accesses::Inventory,
                arguments::Accesses::Reach => Accesses::Reach,
            },
            flows: arguments.flows != Flows::None,
        },
        gate: Gate {
            fail_on,
            strict: arguments.strict,
            allow_partial: arguments.allow_partial,
        },
        progress: !arguments.no_progress && !arguments.quiet,
        quiet: arguments.quiet,
        verbose: arguments.verbose,
    })
}

fn not_available<T>(option: &str) -> anyhow::Result<T> {
    usage(format!(
        "{option} is not available in version {}",
        env!("CARGO_PKG_VERSION")
    ))
}

/// The configuration that a run finds without being told.
const DEFAULT_CONFIGURATION: &str = "sdkaudit.toml";

/// This version reads no configuration, and must not act as if there were none.
fn check_configuration(given: Option<&Path>) -> anyhow::Result<()> {
    match given {
        Some(given) if given.as_os_str() == "none" => Ok(()),
        Some(_) => not_available("--config"),
        None if std::fs::symlink_metadata(DEFAULT_CONFIGURATION).is_ok() => usage(format!(
            "{DEFAULT_CONFIGURATION} stands in the working folder, but version {} does not read \
             configurations yet; `--config none` scans without it",
            env!("CARGO_PKG_VERSION")
        )),
        None => Ok(()),
    }
}

/// No report may take the place of what it speaks of.
fn check_outputs(
    arguments: &ScanArguments,
    targets: &[Target],
    inputs: &[Input],
) -> anyhow::Result<()> {
    let outputs: Vec<&Path> = targets.iter().filter_map(|t| t.file.as_deref()).collect();
    let apps = inputs.iter().flat_map(|input| &input.files);
    let listed = inputs.iter().filter_map(|input| input.policy.as_deref());
    let policies = arguments.policy.iter().map(PathBuf::as_path).chain(listed);
    check_apart(
        &outputs,
        apps.map(|path| ("an input", path.as_path()))
            .chain(policies.map(|path| ("a policy", path))),
    )?;
    for output in outputs {
        let folder = arguments.policies.as_deref();
        if folder.is_some_and(|folder| may_be_policy_in(folder, output)) {
            return usage(format!(
                "--output {}: that file is also a policy of --policies",
                path_text(output)
            ));
        }
    }
    Ok(())
}

/// The inputs of all paths; `-` stands for a list on standard input.
fn inputs(paths: &[PathBuf]) -> anyhow::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            listed_inputs(&mut inputs)?;
        } else {
            match expand(path, None) {
                Ok(more) => inputs.extend(more),
                Err(error) => return usage(error.to_string()),
            }
        }
    }
    if inputs.is_empty() {
        usage("nothing to scan: the list on standard input is empty")
    } else {
        Ok(inputs)
    }
}

/// One path, or path and policy with a tab between them, a line. Lines are
/// bytes: a path need not be UTF-8.
fn listed_inputs(inputs: &mut Vec<Input>) -> anyhow::Result<()> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    for (number, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let at = || format!("standard input, line {}", number + 1);
        let line = match line {
            Ok(line) => line,
            Err(error) => return usage(format!("{}: cannot be read: {error}", at())),
        };
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if number == 0 => rest,
            _ => line.as_slice(),
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut fields = line.splitn(2, |byte| *byte == b'\t');
        let path = fields.next().unwrap_or_default();
        if path.trim_ascii().is_empty() {
            continue;
        }
        let policy = fields
            .next()
            .map(|policy| path_of(policy, &at))
            .transpose()?;
        if let Some(policy) = &policy {
            check_file(&format!("{}: policy", at()), policy)?;
        }
        match expand(&path_of(path, &at)?, policy.as_deref()) {
            Ok(more) => inputs.extend(more),
            Err(error) => return usage(format!("{}: {error}", at())),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn path_of(bytes: &[u8], _at: &dyn Fn() -> String) -> anyhow::Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8], at: &dyn Fn() -> String) -> anyhow::Result<PathBuf> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PathBuf::from(text)),
        Err(_) => usage(format!("{}: the path is not UTF-8", at())),
    }
}

fn execute(plan: &Plan, base: &KnowledgeBase) -> anyhow::Result<u8> {
    let detector = Detector::new(base);
    let shelf = PolicyShelf::new(base, plan.policies.clone(), plan.policy_folder.clone());
    let tool = Tool {
        name: "sdkaudit",
        version: env!("CARGO_PKG_VERSION"),
        signatures: base.hash().to_owned(),
    };
    let scanner = Scanner {
        detector: &detector,
        shelf: &shelf,
        asked: plan.asked,
    };
    // Before anything is opened: Ctrl-C removes what was begun.
    let stop = stop_on_ctrl_c();
    let mut reports = Vec::new();
    for target in &plan.targets {
        let sink = Sink::open(target.file.as_deref())?;
        let printer = report::printer(target.format, style(&sink, plan.verbose));
        reports.push((printer, sink));
    }
    silence_panics();
    let mut progress = Progress::new(plan.inputs.len(), plan.progress);
    let mut summary = Summary::default();
    let mut outcome = Outcome::default();
    let mut written = reports
        .iter_mut()
        .try_for_each(|(printer, sink)| printer.begin(sink, &tool));
    let done = batch::run(&plan.inputs, scanner, plan.jobs, &stop, |app| {
        progress.app(&app);
        add_to_summary(&mut summary, &app);
        outcome = outcome.merge(plan.gate.app(&app));
        for (printer, sink) in &mut reports {
            if written.is_ok() {
                written = progress.suspend(|| printer.app(sink, &app));
            }
        }
        if written.is_err() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    progress.finish();
    summary.not_scanned = plan.inputs.len() - done;
    let written = written
        .map_err(anyhow::Error::from)
        .and_then(|()| finish(reports, &summary, &shelf.documents()));
    match written {
        Ok(()) => {}
        // What was found decides although its reader closed the pipe; without a
        // finding the end of the report did not arrive: no clean result.
        Err(error) if is_broken_pipe(&error) && outcome.caught => return Ok(exit::FINDINGS),
        Err(error) => return Err(error),
    }
    if summary.not_scanned > 0 {
        say(&format!(
            "interrupted: {done} of {} apps were scanned, the report holds only those",
            plan.inputs.len()
        ));
        return Ok(exit::INTERRUPTED);
    }
    if !plan.quiet && outcome.inconclusive && !outcome.caught {
        say("some input was not read, or only in part: see `limits`; this is no clean result");
    }
    Ok(plan.gate.exit_code(outcome))
}

/// Ends every report and puts it in its place.
fn finish(
    reports: Vec<(Box<dyn report::Printer>, Sink)>,
    summary: &Summary,
    policies: &[PolicyDocument],
) -> anyhow::Result<()> {
    for (mut printer, mut sink) in reports {
        printer.end(&mut sink, summary, policies)?;
        sink.close()?;
    }
    Ok(())
}

/// The first Ctrl-C ends the run after the apps in work, the second at once.
fn stop_on_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = stop.clone();
    // Without a handler Ctrl-C ends the process at once, which is all right too.
    let _ = ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            remove_partial_files();
            std::process::exit(i32::from(exit::INTERRUPTED));
        }
    });
    stop
}

/// A panic becomes a failed report; its text would tear the report apart.
fn silence_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
}
