//! `rebook desk`: what people hold in their hands.

use std::path::PathBuf;

use super::progress::told;
use super::{Console, Exit, Failure, PlanArgs, Run};
use crate::desk::MessageOptions;
use crate::desk::folder::{self, Made};
use crate::error::Error;
use crate::plan::SORTING;
use crate::prepare::prepare;

/// What is said while the files are made.
pub const MAKING: &str = "making the workbook, the page and the lists";

/// Make what people work with from a plan: workbook, page, call sheets, messages, calendars
///
/// `rebook plan` makes it with every plan, in the folder desk of the plan's; this makes it again, or somewhere else.
/// Everything in it is proposed: nothing is booked and nobody is told.
///
///   rebooking.xlsx    start here: whom to escalate, whom to call and what to offer, lists by clinician and day
///   report.html       the same to read and print, with charts; one file, no network
///   sheets/           the sheets of the workbook as CSV
///   messages/         texts in waves, places held, and the slots to open for self-booking
///   letters.csv, clinician-contact.csv
///   transactions.csv  what to book and cancel, in an order in which nobody is left with neither
///   calendars/        one for each clinician and site
///   fhir/             the plan as FHIR R4
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
    /// Links to book sent for every hundred places opened: 120 sends twenty more, since some patients never use theirs
    #[arg(long, value_name = "PERCENT", default_value_t = MessageOptions::default().over_invite_percent,
          value_parser = clap::value_parser!(u32).range(100..=1000))]
    over_invite: u32,
    /// Most links that a site sends on one day
    #[arg(long, value_name = "N", default_value_t = MessageOptions::default().wave_size,
          value_parser = clap::value_parser!(u32).range(1..))]
    wave_size: u32,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let out = self.out.clone().unwrap_or_else(|| self.planned.folder().join(folder::FOLDER));
        folder::may_be_replaced(&out)?;
        let previous = self.planned.previous();
        let options = MessageOptions { over_invite_percent: self.over_invite, wave_size: self.wave_size };
        let count = told(console.err, |say| {
            let (case, plan) = self.planned.read(say)?;
            say(SORTING.to_owned());
            let prepared = prepare(&case);
            let previous = previous.or_else(|| plan.summary.run.previous.as_ref().map(PathBuf::from));
            say(MAKING.to_owned());
            let folders = (out.as_path(), previous.as_deref());
            let made = Made::new(&case, &prepared, &plan, folders, &options)?;
            let count = made.count();
            made.write()?;
            Ok::<_, Error>(count)
        })?;
        writeln!(console.err, "Written to {}: {count} files. Start with rebooking.xlsx.", out.display())?;
        Ok(Exit::Done)
    }
}
