//! The `sdkaudit` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    sdkaudit::cli::run()
}
