//! `rebook check`: reads and validates a case, and changes nothing.

use std::io::Write;
use std::time::Instant;

use super::progress::seconds;
use super::{CaseArgs, Console, Exit, Failure, Run, listing};
use crate::error::Error;
use crate::issue::{Issue, Severity};
use crate::model::{Case, PlanFiles};
use crate::report::Findings;
use crate::tables::POLICY_FILE;

/// Read and validate a case: everything that is wrong with it, and what to do
///
/// Reads every table and the policy, and tells all problems at once, each
/// with its file, line, column, the value found, what was expected and what
/// to do. Nothing is planned and nothing is written.
///
/// Rows of requests.csv that cannot be read never stop a plan: they are set
/// aside and listed (exit code 3). Anything unreadable in the book makes the
/// case unusable (exit code 2), because a slot left out would be a double
/// booking. `rebook rule CODE` explains a code.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook check outage-2024-07 --start 2024-07-22")]
pub struct Args {
    #[command(flatten)]
    case: CaseArgs,
    /// List every place of every problem
    #[arg(long)]
    all: bool,
    /// Print the findings as JSON on standard output
    #[arg(long)]
    json: bool,
    /// Say on standard error how long reading took
    #[arg(long)]
    time: bool,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let began = Instant::now();
        let read = self.case.read_told(console.err);
        if self.time {
            writeln!(console.err, "Reading took {}", seconds(began.elapsed()))?;
        }
        let case;
        let findings = match read {
            Ok(read) => {
                case = read;
                Findings::of(&case)
            }
            Err(Error::Unusable(problems)) => Findings::unusable(problems),
            Err(other) => return Err(other.into()),
        };
        if self.json {
            let mut value = findings.to_json();
            value["exit_code"] = (exit(&findings) as u8).into();
            console.print_json(&value)?;
        } else {
            let most = if self.all { usize::MAX } else { listing::FEW };
            print(&findings, most, console.err)?;
        }
        Ok(exit(&findings))
    }
}

fn exit(findings: &Findings<'_>) -> Exit {
    match (&findings.case, findings.unreadable) {
        (None, _) => Exit::Unusable,
        (Some(_), 0) => Exit::Done,
        (Some(_), _) => Exit::Rows,
    }
}

fn print(findings: &Findings<'_>, most: usize, err: &mut dyn Write) -> std::io::Result<()> {
    if let Some(case) = &findings.case {
        read_so_far(case, err)?;
    }
    let (rows, stops): (Vec<&Issue>, Vec<&Issue>) =
        findings.problems.iter().partition(|issue| issue.severity() == Severity::Row);
    for (heading, issues) in [
        ("Problems that make the case unusable:", stops),
        ("Request rows that cannot be read (they are set aside, and their patients still need you):", rows),
    ] {
        if !issues.is_empty() {
            writeln!(err, "\n{heading}")?;
            listing::issues(err, issues, most)?;
        }
    }
    let warnings = findings.warnings();
    if !warnings.is_empty() || !findings.notes.is_empty() {
        writeln!(err, "\nWorth a look:")?;
        listing::issues(err, warnings, most)?;
        for note in findings.notes.iter().take(most) {
            writeln!(err, "- {note}")?;
        }
        if findings.notes.len() > most {
            writeln!(err, "- and {} more (--all lists them)", findings.notes.len() - most)?;
        }
    }
    writeln!(err)?;
    let Some(case) = &findings.case else {
        return writeln!(
            err,
            "The case cannot be used: {} problem(s). --all lists every place; `rebook rule CODE` explains a code.",
            findings.problems.len()
        );
    };
    let excluded: usize = findings.excluded.values().sum();
    writeln!(
        err,
        "{} requests: {} to be planned, {excluded} not:",
        case.requests.len(),
        case.requests.len() - excluded
    )?;
    for (reason, count) in &findings.excluded {
        writeln!(err, "  {count:>6} {}", reason.as_str())?;
    }
    match findings.unreadable {
        0 => writeln!(err, "The case can be used."),
        rows => writeln!(
            err,
            "The case can be used, but {rows} request row(s) cannot be read: mend them, or see to these patients by hand."
        ),
    }
}

fn read_so_far(case: &Case, err: &mut dyn Write) -> std::io::Result<()> {
    let policy = &case.policy;
    let approved = if policy.approved_by.is_empty() { "not approved" } else { &policy.approved_by };
    writeln!(err, "Read:")?;
    for file in case.files.iter().filter(|file| file.name != POLICY_FILE) {
        writeln!(err, "  {:<18} {:>8} rows", file.name, file.rows)?;
    }
    writeln!(err, "  policy             {:?}, version {:?} ({approved})", policy.name, policy.version)?;
    writeln!(err, "  plan               {} to {}, as of {}", policy.start, policy.last_date(), policy.as_of)?;
    if let Some(PlanFiles { plan, .. }) = &case.previous {
        writeln!(err, "  previous plan      {:>8} places", plan.len())?;
    }
    Ok(())
}
