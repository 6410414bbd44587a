//! The command line: arguments as typed, then as meant, then one file for each command.
//!
//! **Adding a command** takes one file beside this one, with a struct `Args` that derives [`clap::Args`] and
//! implements [`Run`], and one line in the list `commands!` below.

mod case_args;
mod check;
mod desk;
mod diff;
mod exit;
mod explain;
mod generate;
mod listing;
mod plan;
mod plan_args;
mod progress;
mod rule;
mod schema;
mod threads;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Error;

pub use case_args::CaseArgs;
pub use exit::Exit;
pub use plan_args::PlanArgs;
pub use threads::with as with_threads;

/// Where a command prints: results on `out`, everything for people on `err`.
pub struct Console<'a> {
    /// Standard output: nothing but the result.
    pub out: &'a mut dyn Write,
    /// Standard error: what was read, progress, summaries, problems.
    pub err: &'a mut (dyn Write + Send),
}

impl Console<'_> {
    /// Prints a result for other programs.
    fn print_json(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, value)?;
        writeln!(self.out)
    }
}

/// Why a command did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The engine's answer.
    #[error(transparent)]
    Engine(#[from] Error),
    /// The result could not be printed.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// A command.
pub trait Run {
    /// Does what was asked and says how it went.
    ///
    /// # Errors
    /// What kept it from coming to its end.
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure>;
}

/// Declares the commands: their name on the command line is the variant's in lower case.
macro_rules! commands {
    ($($name:ident => $module:ident),+ $(,)?) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($name($module::Args)),+
        }

        impl Run for Command {
            fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
                match self { $(Self::$name(args) => args.run(console)),+ }
            }
        }
    };
}

commands! {
    Check => check,
    Plan => plan,
    Verify => verify,
    Explain => explain,
    Desk => desk,
    Diff => diff,
    Generate => generate,
    Schema => schema,
    Rule => rule,
}

/// Rebooks cancelled appointments: a prioritised, proven, explained plan.
///
/// A case is a folder of tables (requests.csv, slots.csv, sessions.csv,
/// clinicians.csv, sites.csv) and a policy (policy.toml). Everything happens
/// on this machine: nothing is sent anywhere, and nothing is ever booked - a
/// plan is a proposal.
///
/// Start with `rebook check CASE`, which reads a case and says everything that
/// is wrong with it; then `rebook plan CASE --out PLAN`.
#[derive(Debug, Parser)]
#[command(name = "rebook", version, verbatim_doc_comment, max_term_width = 110)]
#[command(
    after_help = "Exit codes: 0 done; 2 unusable input or arguments; 3 done, but some request rows were \
unreadable; 4 verify found a broken rule; 130 interrupted; 1 anything else."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Runs the command line and maps its end to an exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(status(arguments))
}

/// Runs the command line and gives the number of its exit code, for programs that end themselves.
pub fn status(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let mut out = io::stdout().lock();
    let mut err = io::stderr();
    run(arguments, &mut Console { out: &mut out, err: &mut err }) as u8
}

/// Runs the command line, printing to the console.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are results; everything else is a mistake in the arguments.
            let text = error.render();
            let target: &mut dyn Write = if error.use_stderr() { console.err } else { console.out };
            let _ = write!(target, "{text}");
            return if error.use_stderr() { Exit::Unusable } else { Exit::Done };
        }
    };
    let outcome = cli.command.run(console).and_then(|exit| {
        console.out.flush()?;
        Ok(exit)
    });
    match outcome {
        Ok(exit) => exit,
        // Whoever read the result has seen enough, as `head` does.
        Err(Failure::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(failure) => {
            let exit = Exit::of(&failure);
            // Nobody is left to tell if this fails too.
            let _ = tell(&failure, console);
            exit
        }
    }
}

fn tell(failure: &Failure, console: &mut Console<'_>) -> io::Result<()> {
    match failure {
        Failure::Engine(Error::Unusable(issues)) => {
            listing::issues(console.err, issues, listing::FEW)?;
            writeln!(console.err, "error: {failure}; nothing was written")
        }
        _ => writeln!(console.err, "error: {failure}"),
    }
}

#[cfg(test)]
mod tests;
