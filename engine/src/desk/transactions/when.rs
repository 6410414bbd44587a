//! What must be so before a step is carried out, in words for whoever carries it out.

use std::collections::BTreeMap;

use super::{Action, Step};
use crate::desk::{Desk, Entry};
use crate::model::ContactRoute;

/// Says it for every step that is still to be done.
pub(super) fn say_when(desk: &Desk<'_>, steps: &mut [Step]) {
    let entries: BTreeMap<&str, &Entry<'_>> =
        desk.entries.iter().map(|entry| (entry.row.request_id.as_str(), entry)).collect();
    for step in steps.iter_mut().filter(|step| !step.done) {
        step.when = when(step, entries.get(step.request_id.as_str()).copied());
    }
}

fn when(step: &Step, entry: Option<&Entry<'_>>) -> &'static str {
    match (step.action, entry) {
        (Action::Cancel, _) if !step.after.is_empty() => "",
        (Action::Cancel, _) => "the patient does not want it",
        (Action::Book, None) => "the patient has accepted it",
        (Action::Book, Some(_)) if step.self_book_until.is_some() => "if the patient has not booked by then",
        (Action::Book, Some(entry)) if entry.planned.window_passed => "when a clinician has decided",
        (Action::Book, Some(entry)) => match (entry.route, entry.planned.check_first) {
            (ContactRoute::Clinician, _) => "when a clinician has spoken to the patient",
            (ContactRoute::Phone, false) => "when the patient has agreed",
            (ContactRoute::Phone, true) => {
                "after a look whether it is still needed, when the patient has agreed"
            }
            (_, false) => "before it is sent",
            (_, true) => "after a look whether it is still needed, before it is sent",
        },
    }
}
