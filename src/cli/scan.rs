//! `sdkaudit scan`: from words to a plan, from the plan to reports.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::arguments::ScanArguments;
use super::output::{Sink, Target, style, targets};
use super::progress::Progress;
use super::{exit, knowledge_base, usage};
use crate::audit::gate::{FailOn, Gate, Outcome, add_to_summary};
use crate::audit::model::{Summary, Tool};
use crate::batch;
use crate::batch::inputs::{Input, expand};
use crate::batch::policies::PolicyShelf;
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
    gate: Gate,
    progress: bool,
    quiet: bool,
    verbose: bool,
}

pub fn run(arguments: ScanArguments) -> anyhow::Result<u8> {
    let signatures = arguments.signatures.clone();
    let plan = plan(arguments)?;
    let base = knowledge_base(&signatures)?;
    execute(&plan, &base)
}

/// Checks every word before any work starts.
fn plan(arguments: ScanArguments) -> anyhow::Result<Plan> {
    for (option, given) in [
        ("--catalogue", arguments.catalogue.is_some()),
        ("--config", arguments.config.is_some()),
    ] {
        if given {
            return usage(format!(
                "{option} is not available in version {}",
                env!("CARGO_PKG_VERSION")
            ));
        }
    }
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
        return usage(format!("--policies {}: no such folder", folder.display()));
    }
    let targets = targets(&arguments.output)?;
    let inputs = inputs(&arguments.paths)?;
    let jobs = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, usize::from);
    Ok(Plan {
        inputs,
        policies: arguments.policy,
        policy_folder: arguments.policies,
        targets,
        jobs,
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

fn check_file(option: &str, path: &Path) -> anyhow::Result<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => usage(format!("{option} {}: not a file", path.display())),
        Err(error) => usage(format!("{option} {}: {error}", path.display())),
    }
}

/// The inputs of all paths; `-` stands for a list on standard input.
fn inputs(paths: &[PathBuf]) -> anyhow::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            for (number, line) in std::io::stdin().lock().lines().enumerate() {
                let line = line?;
                let (path, policy) = match line.split_once('\t') {
                    Some((path, policy)) => (path, Some(Path::new(policy))),
                    None => (line.as_str(), None),
                };
                if path.trim().is_empty() {
                    continue;
                }
                let at = || format!("standard input, line {}", number + 1);
                if let Some(policy) = policy {
                    check_file(&format!("{}: policy", at()), policy)?;
                }
                match expand(Path::new(path), policy) {
                    Ok(more) => inputs.extend(more),
                    Err(error) => return usage(format!("{}: {error}", at())),
                }
            }
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

fn execute(plan: &Plan, base: &KnowledgeBase) -> anyhow::Result<u8> {
    let detector = Detector::new(base);
    let shelf = PolicyShelf::new(base, plan.policies.clone(), plan.policy_folder.clone());
    let tool = Tool {
        name: "sdkaudit",
        version: env!("CARGO_PKG_VERSION"),
        signatures: base.hash().to_owned(),
    };
    let mut reports = Vec::new();
    for target in &plan.targets {
        let mut sink = Sink::open(target.file.as_deref())?;
        let mut printer = report::printer(target.format, style(&sink, plan.verbose));
        printer.begin(&mut sink, &tool)?;
        reports.push((printer, sink));
    }
    let stop = stop_on_ctrl_c();
    silence_panics();
    let mut progress = Progress::new(plan.inputs.len(), plan.progress);
    let mut summary = Summary::default();
    let mut outcome = Outcome::default();
    let mut written = Ok(());
    let done = batch::run(&plan.inputs, &detector, &shelf, plan.jobs, &stop, |app| {
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
    written?;
    summary.not_scanned = plan.inputs.len() - done;
    let policies = shelf.documents();
    for (mut printer, mut sink) in reports {
        printer.end(&mut sink, &summary, &policies)?;
        sink.close()?;
    }
    if summary.not_scanned > 0 {
        eprintln!(
            "sdkaudit: interrupted: {done} of {} apps were scanned, the report holds only those",
            plan.inputs.len()
        );
        return Ok(exit::INTERRUPTED);
    }
    if !plan.quiet && outcome.inconclusive && !outcome.caught {
        eprintln!(
            "sdkaudit: some input was not read, or only in part: see `limits`; this is no clean result"
        );
    }
    Ok(plan.gate.exit_code(outcome))
}

/// The first Ctrl-C ends the run after the apps in work, the second at once.
fn stop_on_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = stop.clone();
    // Without a handler Ctrl-C ends the process at once, which is all right too.
    let _ = ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
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
