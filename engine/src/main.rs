//! The `rebook` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    rebook::cli::main(std::env::args_os())
}
