//! `rebook plan`: the main job.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{CaseArgs, Console, Exit, Failure, Run, listing, threads};
use crate::error::Error;
use crate::model::{Case, PlanFiles};
use crate::plan::{PlanOptions, plan};
use crate::report::{Readable, RunNote, print_summary};
use crate::tables::write_plan;

/// Make a plan: who is seen when, who is called first, and why, with proof
///
/// Reads the case, finds the best plan by its policy, proves it, explains it, and writes plan.csv, unplaced.csv,
/// excluded.csv and summary.json to the folder given: all of them or none.
///
/// Example:
///
///     rebook plan fixtures/practice --out my-plan
///
/// The same input gives the same files, byte for byte, at any number of threads (only elapsed_seconds differs).
/// Ctrl-C or --time-limit stops the search; the best plan so far is written and says so (exit code 130).
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(flatten)]
    case: CaseArgs,
    /// Folder to write the plan to; a plan that is there already is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Stop the search after so many seconds; the plan so far is written and says so
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
    /// Threads to use; all cores without it. The plan does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Written to summary.json; ties are told apart by ids, so it changes nothing today
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Print summary.json on standard output
    #[arg(long)]
    json: bool,
    /// Print nothing on standard error but errors
    #[arg(long)]
    quiet: bool,
}

/// Longer work than this is told of.
const PATIENCE: Duration = Duration::from_secs(2);

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let began = Instant::now();
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        // A second handler in one process (as in tests) is refused: then the first one serves.
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        let case = self.case.read()?;
        if !self.quiet {
            read_so_far(&case, console.err)?;
        }
        let limit = self.time_limit.map(Duration::from_secs);
        let stop =
            || interrupted.load(Ordering::Relaxed) || limit.is_some_and(|limit| began.elapsed() >= limit);
        let mut files = threads::with(self.threads, || self.plan(&case, &stop, console.err))??;
        files.summary.elapsed_seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        write_plan(&self.out, &files, &case.kept_columns)?;
        if !self.quiet {
            let folder = self.out.display().to_string();
            print_summary(Readable { plan: &files, folder: &folder }, console.err)?;
        }
        if self.json {
            serde_json::to_writer_pretty(&mut *console.out, &files.summary).map_err(std::io::Error::from)?;
            writeln!(console.out)?;
        }
        Ok(exit(&case, &files))
    }
}

impl Args {
    fn plan(
        &self,
        case: &Case,
        stop: &(dyn Fn() -> bool + Sync),
        err: &mut (dyn Write + Send),
    ) -> Result<PlanFiles, Error> {
        let began = Instant::now();
        let doing = Mutex::new(String::new());
        let done = AtomicBool::new(false);
        let quiet = self.quiet;
        let note = RunNote {
            seed: self.seed,
            previous: self.case.previous.as_ref().map(|path| path.display().to_string()),
        };
        std::thread::scope(|scope| {
            let (doing, done) = (&doing, &done);
            scope.spawn(move || {
                let mut told = Duration::ZERO;
                while !done.load(Ordering::Relaxed) && !quiet {
                    std::thread::park_timeout(Duration::from_millis(50));
                    let passed = began.elapsed();
                    if passed >= told + PATIENCE && !done.load(Ordering::Relaxed) {
                        told = passed;
                        let what = doing.lock().map(|what| what.clone()).unwrap_or_default();
                        // Progress that cannot be shown is no reason to stop.
                        let _ = writeln!(err, "... {} s: {what}", passed.as_secs());
                    }
                }
            });
            let progress = |what: &str| {
                if let Ok(mut doing) = doing.lock() {
                    what.clone_into(&mut doing);
                }
            };
            let options = PlanOptions { stop, progress: &progress, note, ..PlanOptions::default() };
            let files = plan(case, &options);
            done.store(true, Ordering::Relaxed);
            files
        })
    }
}

fn read_so_far(case: &Case, err: &mut dyn Write) -> std::io::Result<()> {
    let files: Vec<String> = case
        .files
        .iter()
        .filter(|file| file.name.ends_with(".csv"))
        .map(|file| format!("{} {}", file.rows, file.name.trim_end_matches(".csv")))
        .collect();
    writeln!(err, "Read {}", files.join(", "))?;
    let defects: Vec<_> = case.requests.iter().flat_map(|request| &request.defects).collect();
    if !defects.is_empty() {
        writeln!(
            err,
            "\nRequest rows that cannot be read (they are in excluded.csv, and their patients still need you):"
        )?;
        listing::issues(err, defects, listing::FEW)?;
    }
    if !case.warnings.is_empty() {
        writeln!(err, "\nWorth a look:")?;
        listing::issues(err, &case.warnings, listing::FEW)?;
    }
    Ok(())
}

fn exit(case: &Case, files: &PlanFiles) -> Exit {
    if files.summary.run.interrupted {
        Exit::Interrupted
    } else if crate::prepare::prepare(case).excluded.iter().any(|row| row.unreadable) {
        Exit::Rows
    } else {
        Exit::Done
    }
}
