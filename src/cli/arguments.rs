//! The words of the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report::{Format, UnknownFormat};

/// Which third-party SDKs are inside an Android app, and does the privacy
/// policy say so?
#[derive(Debug, Parser)]
#[command(name = "sdkaudit", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// Folder of further signatures, or `none` to drop the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    pub signatures: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Detect the SDKs of apps and compare them with their privacy policies
    Scan(Box<ScanArguments>),
    /// Show what privacy policies disclose, with the quotes
    Policy(PolicyArguments),
    /// List, show or check the signatures that SDKs are found with
    Signatures(SignaturesArguments),
    /// Explain a finding: what it means, its legal basis, how to fix it
    Explain(ExplainArguments),
    /// Compare two builds or two reports (not available yet)
    #[command(hide = true)]
    Diff(Rest),
    /// Draft the SDK list of a policy (not available yet)
    #[command(hide = true)]
    Disclose(Rest),
    /// Print the JSON Schema of the reports (not available yet)
    #[command(hide = true)]
    Schema(Rest),
}

/// Words of a command that does not exist yet.
#[derive(Debug, Args)]
pub struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

const SCAN_EXIT_CODES: &str = "Exit codes:
  0  analysed completely, nothing at or above --fail-on
  1  findings at or above --fail-on
  2  usage or configuration error, nothing was scanned
  3  no conclusion: some input could not be read, or only in part, or the
     report could not be written";

#[derive(Debug, Args)]
#[command(after_help = SCAN_EXIT_CODES)]
pub struct ScanArguments {
    /// APK, split set, AAB, AAR, JAR, dex file or folder; `-` reads one path,
    /// or PATH, a tab and its POLICY, a line from standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Privacy policy of the app (repeat for main text, SDK list, …)
    #[arg(long, value_name = "FILE")]
    pub policy: Vec<PathBuf>,
    /// Folder of policies named by package: com.example.app.html, …
    #[arg(long, value_name = "DIR")]
    pub policies: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArguments,
    /// Apps scanned at the same time, at most 4 for each processor [default:
    /// number of processors]
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Lowest level, or the one rule, that makes the exit code 1
    #[arg(
        long,
        value_name = "error|warning|note|never|RULE",
        default_value = "error"
    )]
    pub fail_on: String,
    /// Exit with 0 although some input was analysed only in part
    #[arg(long)]
    pub allow_partial: bool,
    /// Let limits of detail count like limits of the analysis
    #[arg(long)]
    pub strict: bool,
    /// Data accesses to look for: none, every one, or also whether their code
    /// can run
    #[arg(long, value_enum, default_value = "reach")]
    pub accesses: Accesses,
    /// Data flows to look for (not analysed yet: the report says so)
    #[arg(long, value_enum, default_value = "sdk")]
    pub flows: Flows,
    /// Sources and sinks for this run (not available yet)
    #[arg(long, value_name = "FILE", hide = true)]
    pub catalogue: Option<PathBuf>,
    /// `none` ignores the sdkaudit.toml of the working folder; configuration
    /// files are not available yet
    #[arg(long, value_name = "none")]
    pub config: Option<PathBuf>,
    /// No progress bar
    #[arg(long)]
    pub no_progress: bool,
    /// Nothing on standard error but errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// All evidence, limits and anomalies in the human report
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct OutputArguments {
    /// Report format [default: human, or by the ending of --output]
    #[arg(long, value_name = "human|json|jsonl")]
    pub format: Option<Format>,
    /// Write the report to a file; repeat for several formats
    #[arg(long, short, value_name = "FILE")]
    pub output: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct PolicyArguments {
    /// Policies: text, HTML, Markdown, DOCX or PDF
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// human, json, jsonl, or text: the text that quotes are found in
    /// [default: human, or by the ending of --output]
    #[arg(long, value_name = "human|json|jsonl|text")]
    pub format: Option<PolicyFormat>,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SignaturesArguments {
    #[command(subcommand)]
    pub command: SignaturesCommand,
}

#[derive(Debug, Subcommand)]
pub enum SignaturesCommand {
    /// List all signatures: id, category, vendor, name
    List,
    /// Show one signature
    Show {
        /// Signature id, such as `jpush`
        id: String,
    },
    /// Check a folder of signatures: ids, vendors, prefixes, aliases, examples
    Check {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Rule code, such as `undisclosed-sdk`; without one all rules are listed
    pub rule: Option<String>,
}

/// Formats of `policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyFormat {
    /// A report format.
    Report(Format),
    /// The decoded or extracted text.
    Text,
}

impl FromStr for PolicyFormat {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "text" {
            Ok(Self::Text)
        } else {
            text.parse().map(Self::Report)
        }
    }
}

/// `--accesses` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Accesses {
    None,
    Inventory,
    Reach,
}

/// `--flows` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Flows {
    None,
    Sdk,
    All,
}
