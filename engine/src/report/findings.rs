//! What `rebook check` finds: everything that is wrong with a case, and who would be planned.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::issue::Issue;
use crate::model::Case;
use crate::prepare::{ExcludeReason, prepare};

/// What a check found.
pub struct Findings<'c> {
    /// The case; none where it cannot be used.
    pub case: Option<&'c Case>,
    /// What makes the case unusable, or a request row.
    pub problems: Vec<Issue>,
    /// Excluded requests by reason.
    pub excluded: BTreeMap<ExcludeReason, usize>,
    /// What was noticed in words, beside the warnings of the case.
    pub notes: Vec<String>,
    /// Request rows that cannot be read.
    pub unreadable: usize,
}

impl<'c> Findings<'c> {
    /// Of a case that can be used.
    pub fn of(case: &'c Case) -> Self {
        let prepared = prepare(case);
        let mut excluded = BTreeMap::new();
        for one in &prepared.excluded {
            *excluded.entry(one.reason).or_insert(0) += 1;
        }
        let mut notes = prepared.warnings;
        let mut names = case.files.iter().map(|file| file.name.as_str());
        let requests = names.find(|name| name.starts_with("requests.")).unwrap_or("requests.csv");
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

    /// Of a case that cannot be used.
    pub fn unusable(problems: Vec<Issue>) -> Self {
        Self { case: None, problems, excluded: BTreeMap::new(), notes: Vec::new(), unreadable: 0 }
    }

    /// What was noticed that does not stop a run.
    pub fn warnings(&self) -> &'c [Issue] {
        self.case.map_or(&[], |case| &case.warnings)
    }

    /// For other programs.
    pub fn to_json(&self) -> Value {
        let case = self.case;
        let files = case.iter().flat_map(|case| &case.files);
        let files: Vec<Value> = files
            .map(|file| json!({ "name": file.name, "rows": file.rows, "sha256": file.sha256 }))
            .collect();
        let excluded: serde_json::Map<String, Value> =
            self.excluded.iter().map(|(reason, count)| (reason.as_str().to_owned(), json!(count))).collect();
        json!({
            "usable": case.is_some(),
            "requests": case.map(|case| case.requests.len()),
            "unreadable_rows": self.unreadable,
            "excluded": excluded,
            "files": files,
            "problems": self.problems.iter().map(issue_json).collect::<Vec<_>>(),
            "warnings": self.warnings().iter().map(issue_json).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}

/// A problem with what its code says of it.
pub fn issue_json(issue: &Issue) -> Value {
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
}
