//! `transactions.csv`, and the list of those who keep what they have.

use super::{Step, Stuck};
use crate::calendar::{format_date, format_moment};
use crate::desk::csv_file::csv_file;
use crate::error::Result;
use crate::tables::{OutputFile, guard};

/// The name of the list, in the folder of a run.
pub(super) const FILE: &str = "transactions.csv";

/// Its columns.
pub(super) const COLUMNS: [&str; 13] = [
    "step",
    "key",
    "action",
    "request_id",
    "patient_id",
    "session_id",
    "slot_ids",
    "start",
    "end",
    "after",
    "self_book_until",
    "when",
    "status",
];

/// Those that only say something to people, and are made anew by each run.
pub(super) const FOR_PEOPLE: [&str; 2] = ["self_book_until", "when"];

/// What the status of a step that has been carried out is.
pub(super) const DONE: &str = "done";

/// The steps as a table: whoever carries one out writes `done` into its status, and a later run goes on from there.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) if it cannot be written.
pub fn transactions_csv(steps: &[Step]) -> Result<OutputFile> {
    let row = |step: &Step| {
        [
            step.number.to_string(),
            step.key.clone(),
            step.action.as_str().to_owned(),
            guard(&step.request_id).into_owned(),
            guard(&step.patient_id).into_owned(),
            guard(&step.session_id).into_owned(),
            guard(&step.slot_ids.join(";")).into_owned(),
            format_moment(step.start),
            format_moment(step.end),
            step.after.join(";"),
            step.self_book_until.map(format_date).unwrap_or_default(),
            step.when.to_owned(),
            if step.done { DONE } else { "to-do" }.to_owned(),
        ]
    };
    csv_file(FILE, &COLUMNS, steps.iter().map(row))
}

/// Those who keep what they have, as a table.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) if it cannot be written.
pub fn stuck_csv(stuck: &[Stuck]) -> Result<OutputFile> {
    let row = |stuck: &Stuck| {
        [
            guard(&stuck.request_id).into_owned(),
            guard(&stuck.patient_id).into_owned(),
            stuck.why.as_str().to_owned(),
            guard(&stuck.keeps.join(";")).into_owned(),
            stuck.why.words().to_owned(),
        ]
    };
    let columns = ["request_id", "patient_id", "why", "keeps_slot_ids", "what_to_do"];
    csv_file("transactions-stuck.csv", &columns, stuck.iter().map(row))
}
