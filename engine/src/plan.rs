//! The main job: from a case to the files of a proven, explained plan.

use crate::candidates::Context;
use crate::error::{Error, Result};
use crate::model::{Case, PlanFiles};
use crate::prepare::{Prepared, prepare};
use crate::report::{RunNote, files};
use crate::solve::{Effort, Progress, solve_aloud};

/// How a plan is made.
#[derive(Clone)]
pub struct PlanOptions<'a> {
    /// Simplex pivots that each independent part of the case may take: the budget, in work and not in seconds.
    pub pivots: u64,
    /// Asked now and then, from several threads: true = stop with the best plan so far.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Asked now and then while the plan is explained: true = look for no further smallest changes, of which those
    /// of a large case can take a while. The plan itself is whole by then.
    pub hurry: &'a (dyn Fn() -> bool + Sync),
    /// Told what is being done and how far it is, from several threads.
    pub progress: &'a (dyn Fn(&Progress<'_>) + Sync),
    /// What the summary says about the run.
    pub note: RunNote,
}

impl Default for PlanOptions<'_> {
    fn default() -> Self {
        Self {
            pivots: 20_000_000,
            stop: &|| false,
            hurry: &|| false,
            progress: &|_| (),
            note: RunNote::default(),
        }
    }
}

/// Plans a case: who goes where, why, and the proof.
///
/// Deterministic: the same case gives the same files at any number of threads.
///
/// # Errors
/// [`Error::Internal`] if the plan does not account for every request: a defect, never the data's fault.
pub fn plan(case: &Case, options: &PlanOptions<'_>) -> Result<PlanFiles> {
    (options.progress)(&Progress::of(SORTING));
    plan_prepared(case, &prepare(case), options)
}

/// Said before it is sorted out who is planned.
pub(crate) const SORTING: &str = "sorting out who is planned";

const EXPLAINING: &str = "the plan is made; explaining it, and trying what would place those without a place";

/// The same where it is sorted out already who is planned.
///
/// # Errors
/// As [`plan`].
pub fn plan_prepared(case: &Case, prepared: &Prepared, options: &PlanOptions<'_>) -> Result<PlanFiles> {
    let context = Context::new(case);
    let effort = Effort { pivots: options.pivots, stop: options.stop };
    let solution = solve_aloud(&context, prepared, effort, options.progress);
    (options.progress)(&Progress::of(EXPLAINING));
    let files = files(&context, prepared, &solution, &options.note, options.hurry);
    conserved(case, &files)?;
    Ok(files)
}

/// Nobody is lost: requests = placed + unplaced + excluded.
fn conserved(case: &Case, files: &PlanFiles) -> Result<()> {
    let found = files.plan.len() + files.unplaced.len() + files.excluded.len();
    if found == case.requests.len() {
        return Ok(());
    }
    Err(Error::Internal(format!("{} requests were read, but {found} are accounted for", case.requests.len())))
}
