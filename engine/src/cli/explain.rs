//! `rebook explain`: why one request is where it is, or has no place.

use std::io::Write;

use serde_json::{Value, json};
use strsim::levenshtein;

use super::progress::told;
use super::{Console, Exit, Failure, PlanArgs, Run};
use crate::candidates::Context;
use crate::error::Error;
use crate::explain::Explainer;
use crate::model::{Case, PlanFiles};
use crate::plan::SORTING;
use crate::prepare::{Barred, ExcludeReason, Excluded, Prepared, prepare};
use crate::report::print_answer;

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
        let (case, plan, prepared) = told(console.err, |say| {
            let (case, plan) = self.planned.read(say)?;
            say(SORTING.to_owned());
            let prepared = prepare(&case);
            Ok::<_, Error>((case, plan, prepared))
        })?;
        let id = self.request.trim();
        let changed = changed_files(&case, &plan);
        if !changed.is_empty() {
            writeln!(
                console.err,
                "WARNING: this plan was made from other files: {} changed since. The answer is about the files as \
                 they are now; plan again before you act on it.\n",
                words_for(&changed)
            )?;
        }
        let rows: Vec<&Excluded> = prepared.excluded.iter().filter(|row| id_of(&case, row) == id).collect();
        let planned =
            prepared.requests.iter().any(|planned| case.requests[planned.request.index()].request_id == id);
        if !planned && rows.is_empty() {
            return Err(Error::Argument(unknown(&case, id)).into());
        }
        let mut answer = json!({ "request_id": id, "status": "excluded" });
        if planned {
            let found = told(console.err, |say| {
                say("looking it up in the plan, and trying what would change it".to_owned());
                let context = Context::new(&case);
                Ok::<_, Error>(Explainer::of_files(&context, &prepared, &plan)?.answer(id))
            })?;
            if let Some(found) = found {
                if !self.json {
                    print_answer(&found, console.out)?;
                }
                let status = if found.place.is_some() { "placed" } else { "unplaced" };
                answer = serde_json::to_value(&found).map_err(std::io::Error::from)?;
                answer["status"] = Value::from(status);
            }
        }
        if self.json {
            answer["excluded_rows"] = rows.iter().map(|row| excluded_json(&case, row)).collect();
            answer["changed_files"] = changed.into();
            console.print_json(&answer)?;
        } else {
            print_excluded(&case, &prepared, &rows, planned, console.out)?;
        }
        Ok(Exit::Done)
    }
}

fn id_of<'c>(case: &'c Case, row: &Excluded) -> &'c str {
    &case.requests[row.request.index()].request_id
}

/// The files of the case that are not those from which the plan was made.
fn changed_files(case: &Case, plan: &PlanFiles) -> Vec<String> {
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

fn words_for(files: &[String]) -> String {
    match files {
        [one] => format!("{one} has"),
        _ => format!("{} have", files.join(", ")),
    }
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

fn excluded_json(case: &Case, row: &Excluded) -> Value {
    json!({
        "line": case.requests[row.request.index()].line,
        "patient_id": case.requests[row.request.index()].patient_id,
        "reason_code": row.reason.as_str(),
        "field": row.field,
        "detail": row.detail,
        "what_to_do": what_to_do(row.reason),
    })
}

fn print_excluded(
    case: &Case,
    prepared: &Prepared,
    rows: &[&Excluded],
    planned: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for row in rows {
        let request = &case.requests[row.request.index()];
        if planned {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{} ({}): NOT PLANNED, {} (requests.csv line {})",
            request.request_id,
            request.patient_id,
            row.reason.as_str(),
            request.line
        )?;
        let field = if row.field.is_empty() { String::new() } else { format!("{}: ", row.field) };
        if !row.detail.is_empty() || !row.field.is_empty() {
            writeln!(out, "Because of {field}{}", row.detail)?;
        }
        writeln!(out, "What to do: {}", what_to_do(row.reason))?;
        let after = prepared.requests.iter().filter(|other| {
            case.requests[other.request.index()].after_request_id.as_deref() == Some(&request.request_id)
                && other.barred == Some(Barred::AfterExcluded)
        });
        let after: Vec<&str> =
            after.map(|other| case.requests[other.request.index()].request_id.as_str()).collect();
        if !after.is_empty() {
            writeln!(out, "Without a place because they come after it: {}", after.join(", "))?;
        }
    }
    Ok(())
}

fn what_to_do(reason: ExcludeReason) -> &'static str {
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
