//! What `benches/peers/run.py` needs of this workspace: instances for other solvers, this one's time on them, the
//! judgement of every answer, and the linear models over good_lp.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program whose results are printed as JSON")]

mod case;
mod good_lp;
mod judge;
mod solve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rebook::solve::instance::Instance;
use rebook_benches::linear::Linear;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What went wrong, in words.
type Outcome = Result<Value, String>;

/// An instance in a file, with its 0-1 programme unless that was left out.
#[derive(Serialize, Deserialize)]
struct Exported {
    instance: Instance,
    linear: Option<Linear>,
}

impl Exported {
    fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The 0-1 programme.
    fn linear(&self) -> Result<&Linear, String> {
        self.linear.as_ref().ok_or_else(|| "exported with --without-linear: there is no 0-1 programme".into())
    }
}

/// Instances for other solvers, and the judgement of their answers. `benches/peers/run.py` drives it.
///
/// A CASE is a folder of tables, or a random case of the tests: small:SEED or larger:SEED.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the problem of a case as numbers, with its 0-1 programme
    Export {
        /// The case
        case: String,
        /// File to write
        out: PathBuf,
        /// Leave out the 0-1 programme, which has a column for each option and start: millions, in a large case
        #[arg(long)]
        without_linear: bool,
    },
    /// Solve a case, timed from the built problem in memory
    Solve(solve::Args),
    /// Recompute the vector of an answer and test every rule between placements
    Check {
        /// As exported
        instance: PathBuf,
        /// {"chosen": [...]} by job, or {"columns": [...]} of the 0-1 programme
        answer: PathBuf,
    },
    /// Minimise entry by entry over good_lp
    Linear(good_lp::Args),
    /// Write a case that is a pure assignment of requests to slots
    Assignment(Written),
    /// Write a case of one pool, whose slots every request may use
    Pool(Written),
}

/// A case to write.
#[derive(clap::Args)]
struct Written {
    /// Folder to write
    out: PathBuf,
    /// Requests
    #[arg(long, default_value_t = 1_000)]
    requests: usize,
    /// Free slots
    #[arg(long, default_value_t = 800)]
    slots: usize,
    /// The same seed makes the same case
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Written {
    fn by(&self, write: impl Fn(&Path, usize, usize, u64) -> std::io::Result<()>) -> Result<Value, String> {
        let written = write(&self.out, self.requests, self.slots, self.seed);
        written.map(|()| Value::Null).map_err(|error| format!("{}: {error}", self.out.display()))
    }
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Export { case, out, without_linear } => case::export(&case, &out, without_linear),
        Command::Solve(args) => solve::run(&args),
        Command::Check { instance, answer } => judge::check(&instance, &answer),
        Command::Linear(args) => good_lp::run(&args),
        Command::Assignment(written) => written.by(rebook_benches::assignment::write),
        Command::Pool(written) => written.by(rebook_benches::pool::write),
    };
    match outcome {
        Ok(result) => {
            println!("{result}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("peer: {why}");
            ExitCode::FAILURE
        }
    }
}
