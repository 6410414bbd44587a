//! `rebook explain`: why one request is where it is, or has no place.

use super::progress::told;
use super::{Console, Exit, Failure, PlanArgs, Run};
use crate::plan::SORTING;
use crate::prepare::prepare;
use crate::report::Explained;

/// Ask why: one request's rank and target, what holds the better dates, and what would change that
///
/// Everything is looked up in the plan or tried out, nothing is guessed: for every date who or what holds it, and
/// changes with each of which the request would have a place, or an earlier one.
///
/// What the plan was made with (--start, --as-of, --additional) is taken from its summary.json unless given here.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook explain fixtures/practice my-plan R0093")]
pub struct Args {
    #[command(flatten)]
    planned: PlanArgs,
    /// Id of the request
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let explained = told(console.err, |say| {
            let (case, plan) = self.planned.read(say)?;
            say(SORTING.to_owned());
            let prepared = prepare(&case);
            say("looking it up in the plan, and trying what would change it".to_owned());
            Explained::new(&case, &prepared, &plan, self.request.trim())
        })?;
        if let Some(warning) = explained.warning() {
            writeln!(console.err, "WARNING: {warning}\n")?;
        }
        if self.json {
            console.print_json(&explained.to_json())?;
        } else {
            explained.print(console.out)?;
        }
        Ok(Exit::Done)
    }
}
