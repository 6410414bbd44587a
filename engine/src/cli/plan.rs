//! `rebook plan`: the main job.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::desk::MAKING;
use super::progress::PATIENCE;
use super::{CaseArgs, Console, Exit, Failure, Run, listing, threads};
use crate::desk::MessageOptions;
use crate::desk::folder::{self, Made};
use crate::error::Error;
use crate::model::{Case, PlanFiles};
use crate::plan::{PlanOptions, SORTING, plan_prepared};
use crate::prepare::prepare;
use crate::report::{Readable, RunNote, print_summary};
use crate::solve::Progress;
use crate::tables::{can_be_folder, write_plan};

/// Make a plan: who is seen when, who is called first, and why, with proof
///
/// Reads the case, finds the best plan by its policy, proves it, explains it, and writes plan.csv, unplaced.csv,
/// excluded.csv and summary.json to the folder given: all of them or none. What people work with goes to the folder desk
/// in it: a workbook, a page, call sheets and more (see `rebook desk --help`).
///
/// The same input gives the same files, byte for byte, at any number of threads (only elapsed_seconds differs).
/// Ctrl-C or --time-limit stops the search; the best plan so far is written and says so (exit code 130). It keeps every
/// rule. Ctrl-C while the plan is being explained only leaves out what was not explained yet.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook plan fixtures/practice --out my-plan")]
pub struct Args {
    #[command(flatten)]
    case: CaseArgs,
    /// Folder to write the plan to; a plan that is there already is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Stop the search after so many seconds, as 30 or 0.5; the plan so far is written and says so
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<Duration>,
    /// Threads to use; all cores without it. The plan does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Written to summary.json; ties are told apart by ids, so it changes nothing today
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Leave out the folder desk (workbook, page, lists): nothing but the four tables
    #[arg(long)]
    tables_only: bool,
    /// Print summary.json on standard output
    #[arg(long)]
    json: bool,
    /// Print nothing on standard error but errors
    #[arg(long)]
    quiet: bool,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let began = Instant::now();
        let interrupts = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&interrupts);
        // A second handler in one process (as in tests) is refused: then the first one serves.
        let _ = ctrlc::set_handler(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        // Before hours of work, not after them.
        can_be_folder(&self.out)?;
        self.keeps_previous()?;
        let desk = self.out.join(folder::FOLDER);
        folder::may_be_replaced(&desk)?;
        let case = if self.quiet { self.case.read()? } else { self.case.read_told(console.err)? };
        if !self.quiet {
            read_so_far(&case, console.err)?;
        }
        let limit = self.time_limit.map(|limit| move || began.elapsed() >= limit);
        let watched = Watched { interrupts: &interrupts, out_of_time: &|| limit.is_some_and(|over| over()) };
        let Planned { mut files, unreadable, desk } =
            threads::with("--threads", self.threads, || self.plan(&case, &watched, &desk, console.err))??;
        files.summary.took(began.elapsed());
        write_plan(&self.out, &files, &case.kept_columns)?;
        desk.write()?;
        if !self.quiet {
            let folder = self.out.display().to_string();
            print_summary(
                Readable { plan: &files, folder: Some(&folder), desk: !self.tables_only },
                console.err,
            )?;
        }
        if self.json {
            console.print_json(&files.summary)?;
        }
        Ok(match (files.summary.run.interrupted, unreadable) {
            (true, _) => Exit::Interrupted,
            (false, true) => Exit::Rows,
            (false, false) => Exit::Done,
        })
    }
}

/// What a run gives.
struct Planned {
    files: PlanFiles,
    /// Whether some rows of requests could not be read.
    unreadable: bool,
    desk: Made,
}

/// What may end a run early.
struct Watched<'a> {
    /// How often Ctrl-C was pressed.
    interrupts: &'a AtomicUsize,
    out_of_time: &'a (dyn Fn() -> bool + Sync),
}

impl Watched<'_> {
    fn interrupts(&self) -> usize {
        self.interrupts.load(Ordering::Relaxed)
    }

    fn stops_search(&self) -> bool {
        self.interrupts() > 0 || (self.out_of_time)()
    }
}

impl Args {
    /// The plan before must outlast this one: without it nobody could verify this one.
    fn keeps_previous(&self) -> Result<(), Error> {
        let real = |path: &Path| path.canonicalize().ok();
        let previous = self.case.previous.as_deref().and_then(real);
        if previous.is_none() || previous != real(&self.out) {
            return Ok(());
        }
        Err(Error::Argument(
            "--out and --previous name the same folder, but the new plan can be verified only beside the one before; \
             choose another folder for --out"
                .to_owned(),
        ))
    }

    /// The plan and what is made from it.
    fn plan(
        &self,
        case: &Case,
        watched: &Watched<'_>,
        desk: &Path,
        err: &mut (dyn Write + Send),
    ) -> Result<Planned, Error> {
        let doing = Mutex::new(String::from("beginning"));
        let done = AtomicBool::new(false);
        let note = RunNote {
            seed: self.seed,
            previous: self.case.previous.as_ref().map(|path| path.display().to_string()),
            outcomes: self.case.outcomes.iter().map(|path| path.display().to_string()).collect(),
        };
        std::thread::scope(|scope| {
            let (doing, done) = (&doing, &done);
            if !self.quiet {
                scope.spawn(move || tell(watched, doing, done, err));
            }
            let progress = |progress: &Progress<'_>| {
                if let Ok(mut doing) = doing.lock() {
                    progress.what.clone_into(&mut doing);
                }
            };
            // Interrupts that the search has seen do not cut the explanation short as well: the next one does.
            let seen = AtomicUsize::new(0);
            let stop = || {
                seen.store(watched.interrupts(), Ordering::Relaxed);
                watched.stops_search()
            };
            let hurry = || watched.interrupts() > seen.load(Ordering::Relaxed);
            let options = PlanOptions {
                stop: &stop,
                hurry: &hurry,
                progress: &progress,
                note,
                ..PlanOptions::default()
            };
            progress(&Progress::of(SORTING));
            let prepared = prepare(case);
            let planned = plan_prepared(case, &prepared, &options).and_then(|files| {
                progress(&Progress::of(MAKING));
                let desk = if self.tables_only {
                    Made::nothing(desk)
                } else {
                    let folders = (desk, self.case.previous.as_deref());
                    Made::new(case, &prepared, &files, folders, &MessageOptions::default())?
                };
                let unreadable = prepared.excluded.iter().any(|row| row.unreadable);
                Ok(Planned { files, unreadable, desk })
            });
            done.store(true, Ordering::Relaxed);
            planned
        })
    }
}

/// Tells how far a run is, and that an interrupt has been noticed.
fn tell(watched: &Watched<'_>, doing: &Mutex<String>, done: &AtomicBool, err: &mut (dyn Write + Send)) {
    let began = Instant::now();
    let mut told = Duration::ZERO;
    let mut noticed = 0;
    while !done.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_millis(50));
        let passed = began.elapsed();
        let interrupts = watched.interrupts();
        // Progress that cannot be shown is no reason to stop.
        if interrupts > noticed {
            noticed = interrupts;
            let _ = writeln!(err, "... stopping: the best plan so far is made whole and written");
        }
        if passed >= told + PATIENCE && !done.load(Ordering::Relaxed) {
            told = passed;
            let what = doing.lock().map(|what| what.clone()).unwrap_or_default();
            let _ = writeln!(err, "... {} s: {what}", passed.as_secs());
        }
    }
}

/// Seconds, whole or not.
fn seconds(text: &str) -> Result<Duration, String> {
    let expected = || format!("found {text:?}; expected seconds, such as 30 or 0.5");
    let seconds: Decimal = text.trim().parse().map_err(|_| expected())?;
    let microseconds = seconds.checked_mul(Decimal::from(1_000_000)).and_then(|exact| exact.to_u64());
    microseconds.map(Duration::from_micros).ok_or_else(expected)
}

fn read_so_far(case: &Case, err: &mut dyn Write) -> std::io::Result<()> {
    let files: Vec<String> = case
        .files
        .iter()
        .filter_map(|file| {
            let many = file.name.strip_suffix(".csv").or_else(|| file.name.strip_suffix(".parquet"))?;
            Some(format!("{} {}", file.rows, if file.rows == 1 { many.trim_end_matches('s') } else { many }))
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_limit_is_seconds_whole_or_not() {
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        assert_eq!(seconds("30"), Ok(Duration::from_secs(30)));
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "soon", "-1", "99999999999999999999999999999999", "NaN", "inf"] {
            assert!(seconds(wrong).is_err_and(|why| why.contains("0.5")), "{wrong:?}");
        }
    }
}
