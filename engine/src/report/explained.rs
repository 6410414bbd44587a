//! Everything there is to say about one request, planned or not: what `rebook explain` answers.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use strsim::levenshtein;

use super::print_answer;
use crate::candidates::Context;
use crate::error::{Error, Result};
use crate::explain::{Answer, Explainer};
use crate::model::{Case, PlanFiles};
use crate::prepare::{Barred, ExcludeReason, Excluded, Prepared};

/// The answer about one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The request.
    pub request_id: String,
    /// Why it is where it is, or has no place; none where no row of this id is planned.
    pub answer: Option<Answer>,
    /// Its rows that were set aside before planning.
    pub excluded: Vec<ExcludedAnswer>,
    /// Files of the case that are not those from which the plan was made.
    pub changed_files: Vec<String>,
}

/// Why a row was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExcludedAnswer {
    /// Of requests.csv, header = 1.
    pub line: u64,
    /// Pseudonym of the patient.
    pub patient_id: String,
    /// As in `excluded.csv`.
    pub reason_code: &'static str,
    /// The column concerned.
    pub field: String,
    /// What was found.
    pub detail: String,
    /// What to do about it.
    pub what_to_do: &'static str,
    /// Requests that have no place because they come after it.
    #[serde(skip)]
    pub after: Vec<String>,
}

impl Explained {
    /// Looks a request up in a plan, and tries what would change its place.
    ///
    /// # Errors
    /// [`Error::Argument`] where there is no such request, with those that may be meant; or where the rows of the
    /// plan do not fit the case.
    pub fn new(case: &Case, prepared: &Prepared, plan: &PlanFiles, request_id: &str) -> Result<Self> {
        let id_of = |row: &Excluded| case.requests[row.request.index()].request_id.as_str();
        let excluded: Vec<ExcludedAnswer> = prepared
            .excluded
            .iter()
            .filter(|row| id_of(row) == request_id)
            .map(|row| ExcludedAnswer::new(case, prepared, row))
            .collect();
        let changed_files = changed_files(case, plan);
        let mut planned = prepared.requests.iter().map(|planned| &case.requests[planned.request.index()]);
        let answer = if planned.any(|request| request.request_id == request_id) {
            let context = Context::new(case);
            let explainer = Explainer::of_files(&context, prepared, plan);
            explainer.map_err(|error| because(error, &changed_files))?.answer(request_id)
        } else if excluded.is_empty() {
            return Err(Error::Argument(unknown(case, request_id)));
        } else {
            None
        };
        Ok(Self { request_id: request_id.to_owned(), answer, excluded, changed_files })
    }

    /// That the plan was made from other files, where that is so.
    pub fn warning(&self) -> Option<String> {
        let since = changed_since(&self.changed_files)?;
        Some(format!(
            "{since} The answer is about the files as they are now; plan again before you act on it."
        ))
    }

    /// For other programs.
    pub fn to_json(&self) -> Value {
        let mut answer = match &self.answer {
            Some(found) => {
                let status = if found.place.is_some() { "placed" } else { "unplaced" };
                let mut value = json!(found);
                value["status"] = Value::from(status);
                value
            }
            None => json!({ "request_id": self.request_id, "status": "excluded" }),
        };
        answer["excluded_rows"] = json!(self.excluded);
        answer["changed_files"] = json!(self.changed_files);
        answer
    }

    /// Prints it as a practice manager says it at the desk.
    ///
    /// # Errors
    /// What the writer refuses.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(answer) = &self.answer {
            print_answer(answer, out)?;
        }
        for row in &self.excluded {
            if self.answer.is_some() {
                writeln!(out)?;
            }
            row.print(&self.request_id, out)?;
        }
        Ok(())
    }
}

fn changed_since(files: &[String]) -> Option<String> {
    let changed = match files {
        [] => return None,
        [one] => format!("{one} has"),
        _ => format!("{} have", files.join(", ")),
    };
    Some(format!("this plan was made from other files: {changed} changed since."))
}

/// Why the rows of a plan may not fit the case, beside how they do not.
fn because(error: Error, changed_files: &[String]) -> Error {
    match (error, changed_since(changed_files)) {
        (Error::Argument(how), Some(why)) => Error::Argument(format!("{how} Note that {why}")),
        (error, _) => error,
    }
}

impl ExcludedAnswer {
    fn new(case: &Case, prepared: &Prepared, row: &Excluded) -> Self {
        let request = &case.requests[row.request.index()];
        let after = prepared.requests.iter().filter(|other| other.barred == Some(Barred::AfterExcluded));
        let after = after.map(|other| &case.requests[other.request.index()]);
        let after = after.filter(|other| other.after_request_id.as_deref() == Some(&request.request_id));
        Self {
            line: request.line,
            patient_id: request.patient_id.clone(),
            reason_code: row.reason.as_str(),
            field: row.field.clone(),
            detail: row.detail.clone(),
            what_to_do: what_to_do(row.reason),
            after: after.map(|other| other.request_id.clone()).collect(),
        }
    }

    fn print(&self, request_id: &str, out: &mut dyn Write) -> io::Result<()> {
        let Self { patient_id, reason_code, line, .. } = self;
        writeln!(out, "{request_id} ({patient_id}): NOT PLANNED, {reason_code} (requests.csv line {line})")?;
        let field = if self.field.is_empty() { String::new() } else { format!("{}: ", self.field) };
        if !self.detail.is_empty() || !self.field.is_empty() {
            writeln!(out, "Because of {field}{}", self.detail)?;
        }
        writeln!(out, "What to do: {}", self.what_to_do)?;
        if !self.after.is_empty() {
            writeln!(out, "Without a place because they come after it: {}", self.after.join(", "))?;
        }
        Ok(())
    }
}

/// The files of the case that are not those from which the plan was made.
pub(crate) fn changed_files(case: &Case, plan: &PlanFiles) -> Vec<String> {
    let known = &plan.summary.input_sha256;
    let mut changed: Vec<String> = case
        .files
        .iter()
        .filter(|file| known.get(&file.name) != Some(&file.sha256))
        .map(|file| file.name.clone())
        .collect();
    changed.extend(known.keys().filter(|name| case.files.iter().all(|file| file.name != **name)).cloned());
    changed
}

/// Most ids that are suggested.
const SUGGESTED: usize = 3;

fn unknown(case: &Case, id: &str) -> String {
    let meant = plain(id);
    let mut near: Vec<(usize, &str)> = case
        .requests
        .iter()
        .map(|request| (levenshtein(&meant, &plain(&request.request_id)), request.request_id.as_str()))
        .filter(|(distance, _)| *distance <= (meant.chars().count() / 3).min(2))
        .collect();
    near.sort_unstable();
    near.dedup();
    // Where some differ in nothing but case and zeros, no others are meant.
    let least = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance == least);
    let near: Vec<&str> = near.into_iter().take(SUGGESTED).map(|(_, id)| id).collect();
    let hint = if near.is_empty() {
        "the ids are in the first columns of plan.csv, unplaced.csv and excluded.csv".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    format!("requests.csv has no request {id:?}; {hint}")
}

/// An id without what people leave out or get wrong: case, and zeros before a number.
fn plain(id: &str) -> String {
    let mut plain = String::new();
    for letter in id.to_lowercase().chars() {
        let leads = !plain.ends_with(|last: char| last.is_ascii_digit());
        if !(letter == '0' && leads) {
            plain.push(letter);
        }
    }
    plain
}

/// What is to be done about a request that is not planned.
pub(crate) fn what_to_do(reason: ExcludeReason) -> &'static str {
    match reason {
        ExcludeReason::EscalateNow => {
            "A clinician must see to this patient now: an appointment is not what is needed."
        }
        ExcludeReason::InvalidRow => "Correct the row where the list came from, export it and plan again.",
        ExcludeReason::NeedsClinicalReview => {
            "A clinician must give it a tier of the policy (column priority); then plan again."
        }
        ExcludeReason::DuplicateRequest => {
            "Nothing: the same row stands earlier in the file, and that one counts."
        }
        ExcludeReason::Declined | ExcludeReason::CancelledByPatient => {
            "Nothing, unless the patient wants it after all: then correct the row and plan again."
        }
        ExcludeReason::Died
        | ExcludeReason::Deregistered
        | ExcludeReason::SeenOnPaper
        | ExcludeReason::SeenElsewhere
        | ExcludeReason::Resolved => {
            "Nothing, unless that is a mistake: then correct the row and plan again."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_nearly_right_are_near() {
        assert_eq!(levenshtein(&plain("r93"), &plain("R0093")), 0);
        assert_eq!(levenshtein(&plain("R0100"), &plain("R0100")), 0);
        assert_eq!(levenshtein("r12", "r21"), 2);
        assert_eq!(levenshtein("", "abc"), 3);
    }
}
