//! `rebook desk`: what people hold in their hands.

use std::path::PathBuf;

use super::progress::{Say, told};
use super::{Console, Exit, Failure, PlanArgs, Run};
use crate::desk::{Desk, folder, outputs};
use crate::error::{Error, Result};
use crate::model::{Case, PlanFiles};
use crate::plan::SORTING;
use crate::prepare::{Prepared, prepare};
use crate::tables::plan_files;

/// Make what people work with from a plan: workbook, page, call sheets, messages, calendars
///
/// `rebook plan` makes it with every plan, in the folder desk of the plan's; this makes it again, or somewhere else.
/// Everything in it is proposed: nothing is booked and nobody is told.
///
///   rebooking.xlsx    start here: whom to escalate, whom to call and what to offer, lists by clinician and day
///   report.html       the same to read and print, with charts; one file, no network
///   sheets/           the sheets of the workbook as CSV
///
/// A file in which somebody has worked since is never replaced.
///
/// What the plan was made with (--start, --as-of, --additional) is taken from its summary.json unless given here.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook desk fixtures/practice my-plan")]
pub struct Args {
    #[command(flatten)]
    planned: PlanArgs,
    /// Folder to write to, instead of desk in the plan's folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> std::result::Result<Exit, Failure> {
        let out = self.out.clone().unwrap_or_else(|| self.planned.folder().join(folder::FOLDER));
        folder::may_be_replaced(&out)?;
        let previous = self.planned.previous();
        let count = told(console.err, |say| {
            let (case, plan) = self.planned.read(say)?;
            say(SORTING.to_owned());
            let prepared = prepare(&case);
            let previous = previous.or_else(|| plan.summary.run.previous.as_ref().map(PathBuf::from));
            let made = Made::new(&case, &prepared, &plan, (&out, previous.as_deref()), say)?;
            let count = made.files.len();
            made.write()?;
            Ok::<_, Error>(count)
        })?;
        writeln!(console.err, "Written to {}: {count} files. Start with rebooking.xlsx.", out.display())?;
        Ok(Exit::Done)
    }
}

/// The files of a desk, made and not yet written.
pub struct Made {
    files: Vec<crate::tables::OutputFile>,
    plan_sha256: String,
    out: PathBuf,
}

impl Made {
    /// Makes them for a folder, going on from what an earlier run left there or beside the plan before.
    pub fn new(
        case: &Case,
        prepared: &Prepared,
        plan: &PlanFiles,
        (out, previous): (&std::path::Path, Option<&std::path::Path>),
        say: Say<'_>,
    ) -> Result<Self> {
        say("making the workbook, the page and the lists".to_owned());
        let tables = plan_files(plan, &case.kept_columns)?;
        let plan_sha256 = tables.first().map(|file| folder::sha256(&file.bytes)).unwrap_or_default();
        let earlier = folder::earlier(out, &plan_sha256, previous)?;
        let files = outputs(&Desk::new(case, prepared, plan)?, &earlier)?;
        Ok(Self { files, plan_sha256, out: out.to_owned() })
    }

    /// Writes them, all or none.
    pub fn write(self) -> Result<()> {
        folder::write(&self.out, self.files, self.plan_sha256)
    }
}
