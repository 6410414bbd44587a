//! `rebook verify`: checks a plan against its case, from the files alone.

use serde_json::json;

use super::progress::told;
use super::{Console, Exit, Failure, PlanArgs, Run};
use crate::verify::{Violation, verify};

/// Check a plan: every rule, every number, from the files alone
///
/// Recomputes everything from the case and the plan's files, with code that shares nothing with the planner but
/// the reading of the tables, and lists every broken rule with the rows concerned (exit code 4).
///
/// What the plan was made with (--start, --as-of, --additional) is taken from its summary.json unless given here.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook verify fixtures/practice my-plan")]
pub struct Args {
    #[command(flatten)]
    planned: PlanArgs,
    /// Print the findings as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let (plan, broken) = told(console.err, |say| {
            let (case, plan) = self.planned.read(say)?;
            say("checking every rule".to_owned());
            let broken = verify(&case, &plan);
            Ok::<_, Failure>((plan, broken))
        })?;
        if self.json {
            let findings: Vec<_> = broken.iter().map(Violation::to_json).collect();
            let report = json!({ "broken": findings.len(), "violations": findings });
            console.print_json(&report)?;
        } else {
            for one in &broken {
                writeln!(console.err, "{} {}: {}", one.rule.as_str(), one.rule.title(), one.message)?;
            }
        }
        if broken.is_empty() {
            let placed = plan.plan.len();
            writeln!(
                console.err,
                "The plan keeps every rule: {placed} placed, {} without a place.",
                plan.unplaced.len()
            )?;
            return Ok(Exit::Done);
        }
        writeln!(console.err, "{} broken rule(s): do not use this plan.", broken.len())?;
        Ok(Exit::Broken)
    }
}
