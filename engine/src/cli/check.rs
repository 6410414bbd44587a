//! `rebook check`: reads and validates a case, and changes nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use serde_json::{Value, json};

use super::progress::seconds;
use super::{CaseArgs, Console, Exit, Failure, Run, listing};
use crate::error::Error;
use crate::issue::{Issue, Severity};
use crate::model::{Case, PlanFiles};
use crate::prepare::{ExcludeReason, prepare};
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

/// What a check found.
struct Findings {
    case: Option<Case>,
    /// What makes the case unusable, or a request row.
    problems: Vec<Issue>,
    /// Excluded requests by reason.
    excluded: BTreeMap<ExcludeReason, usize>,
    /// What was noticed in words, beside the warnings of the case.
    notes: Vec<String>,
    /// Request rows that cannot be read.
    unreadable: usize,
}

impl Findings {
    fn of(case: Case) -> Self {
        let prepared = prepare(&case);
        let mut excluded = BTreeMap::new();
        for one in &prepared.excluded {
            *excluded.entry(one.reason).or_insert(0) += 1;
        }
        let mut notes = prepared.warnings;
        let requests = case.files.iter().map(|file| file.name.as_str());
        let requests = requests
            .into_iter()
            .find(|name| name.starts_with("requests."))
            .unwrap_or("requests.csv")
            .to_owned();
        for one in prepared.excluded.iter().filter(|one| one.reason == ExcludeReason::InvalidRow) {
            let request = &case.requests[one.request.index()];
            if request.defects.is_empty() {
                notes.push(format!("{requests} line {}, {}: {}", request.line, one.field, one.detail));
            }
        }
        let unreadable = prepared.excluded.iter().filter(|one| one.unreadable).count();
        let problems = case.requests.iter().flat_map(|request| request.defects.clone()).collect();
        Self { case: Some(case), problems, excluded, notes, unreadable }
    }

    fn exit(&self) -> Exit {
        match (&self.case, self.unreadable) {
            (None, _) => Exit::Unusable,
            (Some(_), 0) => Exit::Done,
            (Some(_), _) => Exit::Rows,
        }
    }
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let began = Instant::now();
        let read = self.case.read_told(console.err);
        if self.time {
            writeln!(console.err, "Reading took {}", seconds(began.elapsed()))?;
        }
        let findings = match read {
            Ok(case) => Findings::of(case),
            Err(Error::Unusable(problems)) => {
                Findings { case: None, problems, excluded: BTreeMap::new(), notes: Vec::new(), unreadable: 0 }
            }
            Err(other) => return Err(other.into()),
        };
        if self.json {
            console.print_json(&as_json(&findings))?;
        } else {
            let most = if self.all { usize::MAX } else { listing::FEW };
            print(&findings, most, console.err)?;
        }
        Ok(findings.exit())
    }
}

fn print(findings: &Findings, most: usize, err: &mut dyn Write) -> std::io::Result<()> {
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
    let warnings = findings.case.as_ref().map_or(&[][..], |case| &case.warnings);
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

fn as_json(findings: &Findings) -> Value {
    let issue = |issue: &Issue| {
        json!({
            "code": issue.code,
            "severity": issue.severity(),
            "title": issue.code.title(),
            "file": issue.file,
            "line": issue.line,
            "field": issue.field,
            "value": issue.value,
            "expected": issue.expected,
            "help": issue.help,
        })
    };
    let case = findings.case.as_ref();
    let files: Vec<Value> = case
        .iter()
        .flat_map(|case| &case.files)
        .map(|file| json!({ "name": file.name, "rows": file.rows, "sha256": file.sha256 }))
        .collect();
    let excluded: serde_json::Map<String, Value> =
        findings.excluded.iter().map(|(reason, count)| (reason.as_str().to_owned(), json!(count))).collect();
    json!({
        "exit_code": findings.exit() as u8,
        "usable": case.is_some(),
        "requests": case.map(|case| case.requests.len()),
        "unreadable_rows": findings.unreadable,
        "excluded": excluded,
        "files": files,
        "problems": findings.problems.iter().map(issue).collect::<Vec<_>>(),
        "warnings": case.iter().flat_map(|case| &case.warnings).map(issue).collect::<Vec<_>>(),
        "notes": findings.notes,
    })
}
