//! The one door for long work: it runs in a thread of its own, while this one listens for Ctrl-C, asks whether to
//! stop, and tells how far the work is.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use rebook::model::PlanFiles;
use rebook::report::RunNote;
use rebook::solve::Progress;
use rebook::tables::{with_previous, with_previous_in};
use rebook::{Error, PlanOptions, model};

use crate::case::Case;
use crate::errors::raised;
use crate::plan::Plan;

/// How often signals are looked at.
const POLL: Duration = Duration::from_millis(20);

/// More threads than this only cost memory.
const MOST_THREADS: usize = 1024;

/// What both threads see.
#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    hurry: AtomicBool,
    done: AtomicBool,
    /// What is being done, groups and those proven; none where that was told already.
    news: Mutex<Option<(String, usize, usize)>>,
}

/// Tells the listening thread that the work has ended, however it ended.
struct Ended(Arc<Shared>, Thread);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.done.store(true, Ordering::Release);
        self.1.unpark();
    }
}

/// The plan before: of a folder, or in memory.
#[derive(FromPyObject)]
pub enum Previous<'py> {
    Plan(Bound<'py, Plan>),
    Folder(PathBuf),
}

/// Plans a case.
#[pyfunction]
#[pyo3(signature = (case, *, pivots, seed, threads, previous, stop, progress))]
#[allow(clippy::too_many_arguments, reason = "the options of `rebook plan`")]
pub fn plan(
    py: Python<'_>,
    case: &Case,
    pivots: Option<u64>,
    seed: u64,
    threads: Option<usize>,
    previous: Option<Previous<'_>>,
    stop: Option<Bound<'_, PyAny>>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Plan> {
    let previous = previous.map(|previous| match previous {
        Previous::Plan(plan) => Before::Plan(Arc::clone(&plan.get().files), Arc::clone(&plan.get().case)),
        Previous::Folder(folder) => Before::Folder(folder),
    });
    let shared = Arc::new(Shared::default());
    let work =
        Work { case: Arc::clone(&case.case), pivots, seed, threads, previous, shared: Arc::clone(&shared) };
    let listener = thread::current();
    let worker = thread::spawn(move || {
        let _ended = Ended(Arc::clone(&work.shared), listener);
        work.run()
    });
    let interrupted = listen(py, &shared, stop.as_ref(), progress.as_ref());
    let (case, files) = ended(py, worker).map_err(|error| raised(py, &error))?;
    interrupted?;
    Ok(Plan { case, files: Arc::new(files) })
}

/// The answer of the worker; a panic is a defect of ours.
fn ended<T: Send>(py: Python<'_>, worker: JoinHandle<rebook::Result<T>>) -> rebook::Result<T> {
    py.detach(|| worker.join()).unwrap_or_else(|_| Err(Error::Internal("the planner panicked".to_owned())))
}

/// Waits for the work to end. Ctrl-C ends it with what there is; so does what `stop` or `progress` raise, which is
/// raised again when it has ended.
fn listen(
    py: Python<'_>,
    shared: &Shared,
    stop: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    let end = || {
        shared.stop.store(true, Ordering::Relaxed);
        shared.hurry.store(true, Ordering::Relaxed);
    };
    let mut heard = Ok(());
    loop {
        py.detach(|| thread::park_timeout(POLL));
        let done = shared.done.load(Ordering::Acquire);
        let look = || -> PyResult<()> {
            py.check_signals()?;
            let news = shared.news.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let (Some(progress), Some(news)) = (progress, news) {
                progress.call1(news)?;
            }
            if let Some(stop) = stop.filter(|_| !done)
                && stop.call0()?.is_truthy()?
            {
                shared.stop.store(true, Ordering::Relaxed);
            }
            Ok(())
        };
        if let Err(error) = look() {
            end();
            if heard.is_ok() && !error.is_instance_of::<PyKeyboardInterrupt>(py) {
                heard = Err(error);
            }
        }
        if done {
            return heard;
        }
    }
}

/// The plan before, where nothing of Python is needed any more.
enum Before {
    Plan(Arc<PlanFiles>, Arc<model::Case>),
    Folder(PathBuf),
}

/// A run.
struct Work {
    case: Arc<model::Case>,
    pivots: Option<u64>,
    seed: u64,
    threads: Option<usize>,
    previous: Option<Before>,
    shared: Arc<Shared>,
}

impl Work {
    fn run(self) -> rebook::Result<(Arc<model::Case>, PlanFiles)> {
        let Some(threads) = self.threads else { return self.plan() };
        if !(1..=MOST_THREADS).contains(&threads) {
            let text = format!("threads: found {threads}; expected 1 to {MOST_THREADS}");
            return Err(Error::Argument(text));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map_err(|error| Error::Argument(format!("threads: {error}")))?.install(|| self.plan())
    }

    fn plan(&self) -> rebook::Result<(Arc<model::Case>, PlanFiles)> {
        let began = Instant::now();
        let own = |case: &Arc<model::Case>| model::Case::clone(case);
        let (case, previous) = match &self.previous {
            None => (Arc::clone(&self.case), None),
            Some(Before::Folder(folder)) => {
                let case = with_previous_in(own(&self.case), folder)?;
                (Arc::new(case), Some(folder.display().to_string()))
            }
            Some(Before::Plan(plan, before)) => {
                let case = with_previous(own(&self.case), plan, &before.kept_columns)?;
                (Arc::new(case), Some("a plan in memory".to_owned()))
            }
        };
        let shared = &self.shared;
        let told = |progress: &Progress<'_>| {
            let news = (progress.what.to_owned(), progress.groups, progress.proven);
            *shared.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(news);
        };
        let default = PlanOptions::default();
        let options = PlanOptions {
            pivots: self.pivots.unwrap_or(default.pivots),
            stop: &|| shared.stop.load(Ordering::Relaxed),
            hurry: &|| shared.hurry.load(Ordering::Relaxed),
            progress: &told,
            note: RunNote { seed: self.seed, previous },
        };
        let mut files = rebook::plan(&case, &options)?;
        files.summary.elapsed_seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Ok((case, files))
    }
}

/// The command line: what `rebook` does with these arguments, and its exit code.
#[pyfunction]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| rebook::cli::status(arguments))
}
