//! The one door for long work: it runs in a thread of its own, while this one listens for Ctrl-C, asks whether to
//! stop, and tells how far the work is.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use rebook::cli::with_threads;
use rebook::model::PlanFiles;
use rebook::report::RunNote;
use rebook::solve::Progress;
use rebook::tables::{with_outcomes_in, with_previous, with_previous_in};
use rebook::{Error, PlanOptions, model};

use crate::case::Case;
use crate::errors::raised;
use crate::plan::Plan;

/// How often signals are looked at.
const POLL: Duration = Duration::from_millis(20);

/// What both threads see.
#[derive(Default)]
pub struct Shared {
    stop: AtomicBool,
    hurry: AtomicBool,
    done: AtomicBool,
    /// What is being done, groups and those proven; none where that was told already.
    news: Mutex<Option<(String, usize, usize)>>,
}

impl Shared {
    /// Leaves word of how far the work is.
    pub fn tell(&self, what: String, groups: usize, proven: usize) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Some((what, groups, proven));
    }
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
#[pyo3(signature = (case, *, pivots, seed, threads, previous, outcomes, stop, progress))]
#[allow(clippy::too_many_arguments, reason = "the options of `rebook plan`")]
pub fn plan(
    py: Python<'_>,
    case: &Case,
    pivots: Option<u64>,
    seed: u64,
    threads: Option<usize>,
    previous: Option<Previous<'_>>,
    outcomes: Vec<PathBuf>,
    stop: Option<Bound<'_, PyAny>>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Plan> {
    let previous = previous.map(|previous| match previous {
        Previous::Plan(plan) => Before::Plan(Arc::clone(&plan.get().files), Arc::clone(&plan.get().case)),
        Previous::Folder(folder) => Before::Folder(folder),
    });
    let work = Work { case: Arc::clone(&case.case), pivots, seed, threads, previous, outcomes };
    let ((case, files), _) = aloud(py, stop.as_ref(), progress.as_ref(), move |shared| work.run(shared))?;
    Ok(Plan { case, files: Arc::new(files) })
}

/// Does work in a thread of its own, listening meanwhile. Also says whether it was interrupted by Ctrl-C, which the
/// work is asked to heed.
pub fn aloud<T: Send + 'static>(
    py: Python<'_>,
    stop: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Shared) -> rebook::Result<T> + Send + 'static,
) -> PyResult<(T, bool)> {
    let shared = Arc::new(Shared::default());
    let ended = Ended(Arc::clone(&shared), thread::current());
    let worker = thread::spawn(move || work(&ended.0));
    let heard = listen(py, &shared, stop, progress);
    // A panic is a defect of ours.
    let panicked = |_| Err(Error::Internal("a thread panicked".to_owned()));
    let done = py.detach(|| worker.join()).unwrap_or_else(panicked).map_err(|error| raised(py, &error))?;
    Ok((done, heard?))
}

/// Waits for the work to end. Ctrl-C ends it with what there is; so does what `stop` or `progress` raise, which is
/// raised again when it has ended.
fn listen(
    py: Python<'_>,
    shared: &Shared,
    stop: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<bool> {
    let mut heard = Ok(false);
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
            shared.stop.store(true, Ordering::Relaxed);
            shared.hurry.store(true, Ordering::Relaxed);
            heard = match heard {
                Err(first) => Err(first),
                Ok(_) if error.is_instance_of::<PyKeyboardInterrupt>(py) => Ok(true),
                Ok(_) => Err(error),
            };
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
    outcomes: Vec<PathBuf>,
}

impl Work {
    fn run(self, shared: &Shared) -> rebook::Result<(Arc<model::Case>, PlanFiles)> {
        with_threads("threads", self.threads, || self.plan(shared))?
    }

    fn plan(&self, shared: &Shared) -> rebook::Result<(Arc<model::Case>, PlanFiles)> {
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
        let case = match self.outcomes.as_slice() {
            [] => case,
            lists => Arc::new(with_outcomes_in(Arc::unwrap_or_clone(case), lists)?),
        };
        let outcomes = self.outcomes.iter().map(|path| path.display().to_string()).collect();
        let told = |progress: &Progress<'_>| {
            shared.tell(progress.what.to_owned(), progress.groups, progress.proven);
        };
        let default = PlanOptions::default();
        let options = PlanOptions {
            pivots: self.pivots.unwrap_or(default.pivots),
            stop: &|| shared.stop.load(Ordering::Relaxed),
            hurry: &|| shared.hurry.load(Ordering::Relaxed),
            progress: &told,
            note: RunNote { seed: self.seed, previous, outcomes },
        };
        let mut files = rebook::plan(&case, &options)?;
        files.summary.took(began.elapsed());
        Ok((case, files))
    }
}

/// The command line: what `rebook` does with these arguments, and its exit code.
#[pyfunction]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| rebook::cli::status(arguments))
}
