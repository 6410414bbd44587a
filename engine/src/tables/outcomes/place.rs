//! Whether the slots of a place that was accepted are one appointment: people may have typed them.

use super::super::schema::SLOTS;
use crate::model::{Case, Request};

/// What is expected of slots of the book that are not together.
pub fn apart(case: &Case, slots: &[usize]) -> Option<String> {
    let follow = slots.windows(2).all(|pair| {
        let [before, after] = [pair[0], pair[1]].map(|at| &case.slots[at]);
        before.session == after.session && before.end() == after.start
    });
    (!follow).then(|| "slots of one session, each of which begins when the one before ends".to_owned())
}

/// What is expected of slots that are not long enough for the appointment.
pub fn short(case: &Case, slots: &[usize], request: &Request) -> Option<String> {
    let (&first, &last) = (slots.first()?, slots.last()?);
    let session = &case.sessions[case.slots[first].session.index()];
    let needed = case.clinicians[session.clinician.index()].minutes_for(case.minutes_of(request)?);
    let given = (case.slots[last].end() - case.slots[first].start).num_minutes();
    (given < i64::from(needed))
        .then(|| format!("slots of at least {needed} minutes together, and these are {given}"))
}

/// What is expected instead of an id that the book does not have.
pub fn unknown(id: &str) -> String {
    let also = if id.contains([',', ' ', '/']) { ", with semicolons between them" } else { "" };
    format!("ids of {}{also}", SLOTS.file)
}
