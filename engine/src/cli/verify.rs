//! `rebook verify`: checks a plan against its case, from the files alone.

use std::path::PathBuf;

use serde_json::json;

use super::{CaseArgs, Console, Exit, Failure, Run};
use crate::calendar::parse_moment;
use crate::tables::read_plan;
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
    case: CaseArgs,
    /// Folder of the plan
    #[arg(value_name = "PLAN_DIR")]
    plan: PathBuf,
    /// Print the findings as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Run for Args {
    fn run(mut self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let plan = read_plan(&self.plan)?;
        self.case.as_planned(&plan.summary.run);
        let case = self.case.read()?;
        let broken = verify(&case, &plan);
        if self.json {
            let findings: Vec<_> = broken.iter().map(as_json).collect();
            let report = json!({ "broken": findings.len(), "violations": findings });
            serde_json::to_writer_pretty(&mut *console.out, &report).map_err(std::io::Error::from)?;
            writeln!(console.out)?;
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

fn as_json(one: &Violation) -> serde_json::Value {
    json!({
        "rule": one.rule.as_str(),
        "title": one.rule.title(),
        "message": one.message,
        "requests": one.requests,
        "slots": one.slots,
    })
}

impl CaseArgs {
    /// Reads the case as it was read for a plan, where the arguments do not say otherwise.
    pub fn as_planned(&mut self, run: &crate::model::RunRecord) {
        self.start = self.start.or(Some(run.start));
        self.as_of = self.as_of.or_else(|| parse_moment(&run.as_of).ok());
        self.additional |= run.additional;
        if self.previous.is_none() {
            self.previous = run.previous.as_ref().map(PathBuf::from);
        }
    }
}
