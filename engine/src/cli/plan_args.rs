//! The arguments that say which plan is meant, shared by the commands that read one beside its case.

use std::path::{Path, PathBuf};

use super::CaseArgs;
use super::progress::Say;
use crate::calendar::parse_moment;
use crate::error::Result;
use crate::model::{Case, PlanFiles, RunRecord};
use crate::tables::read_plan;

/// A plan and the case it was made from.
#[derive(Debug, Clone, clap::Args)]
pub struct PlanArgs {
    #[command(flatten)]
    case: CaseArgs,
    /// Folder of the plan
    #[arg(value_name = "PLAN_DIR")]
    plan: PathBuf,
}

impl PlanArgs {
    /// Folder of the plan.
    pub fn folder(&self) -> &Path {
        &self.plan
    }

    /// Folder of the plan before it, where the arguments name it.
    pub fn previous(&self) -> Option<PathBuf> {
        self.case.previous.clone()
    }

    /// Reads the plan, and the case as it was read for it where the arguments do not say otherwise; says how far that
    /// is.
    ///
    /// # Errors
    /// As [`read_plan`] and [`read_case`](crate::tables::read_case).
    pub fn read(mut self, say: Say<'_>) -> Result<(Case, PlanFiles)> {
        say("reading the plan".to_owned());
        let plan = read_plan(&self.plan)?;
        self.case.as_planned(&plan.summary.run);
        Ok((self.case.read_saying(say)?, plan))
    }
}

impl CaseArgs {
    /// Takes from the run of a plan what the arguments do not say.
    fn as_planned(&mut self, run: &RunRecord) {
        self.start = self.start.or(Some(run.start));
        self.as_of = self.as_of.or_else(|| parse_moment(&run.as_of).ok());
        self.additional |= run.additional;
        if self.previous.is_none() {
            self.previous = run.previous.as_ref().map(PathBuf::from);
        }
        if self.outcomes.is_empty() {
            self.outcomes = run.outcomes.iter().map(PathBuf::from).collect();
        }
    }
}
