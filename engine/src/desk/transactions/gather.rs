//! From a plan and what was done before to the list of steps.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::book::{Booking, Held, Numbers, held};
use super::key::Deed;
use super::order::{Halt, Move, Mover, order};
use super::past::past;
use super::settled::{Settled, passed, settled};
use super::spare::spare;
use super::when::say_when;
use super::{Action, Step, Stuck, Transactions, Why};
use crate::desk::{Desk, Earlier, Entry};
use crate::error::Result;

/// What is to be done in the booking system to come from what is there to the plan; what `transactions.csv` of an earlier
/// run says is done stays done, under the same keys. `self_book` has the requests whose patients book by a link, with the
/// last day on which they may.
///
/// # Errors
/// [`Error::Argument`](crate::error::Error::Argument) where that list cannot be read.
pub fn transactions(
    desk: &Desk<'_>,
    earlier: &Earlier,
    self_book: &BTreeMap<String, NaiveDate>,
) -> Result<Transactions> {
    let past = past(earlier)?;
    let mut numbers = Numbers::new(desk);
    let settled = settled(desk, &mut numbers);
    let (mut held, free) = held(desk, &mut numbers, &settled, &past);
    let mut stuck = booked_and_unwanted(desk, &settled, &held);
    stuck.extend(passed(desk, &past));
    let mut movers: Vec<Mover> = Vec::new();
    // Who has accepted a place comes before whoever is still to be asked.
    let mut parties: Vec<Party<'_>> = settled.iter().map(Party::settled).collect();
    parties.extend(desk.entries.iter().map(|entry| Party::proposed(entry, &mut numbers)));
    parties.retain_mut(|party| {
        let own = held.by_request.remove(party.request_id).unwrap_or_default();
        if desk.gone.contains(party.patient_id) {
            stuck.extend(party.waits.then(|| keeps(party.request_id, party.patient_id, Why::Gone, &own)));
            return false;
        }
        let target = party.bookings.first().map(|target| target.slots.clone()).unwrap_or_default();
        movers.push(Mover { held: own.iter().map(|booking| booking.slots.clone()).collect(), target });
        // What is held already is known with its key.
        party.bookings.retain(|target| own.iter().all(|booking| booking.slots != target.slots));
        party.bookings.splice(0..0, own);
        true
    });
    let ordered = {
        let mut find = |mover: usize, usable: &dyn Fn(u32) -> bool| {
            let party = &mut parties[mover];
            let found = spare(desk, party.entry?, &party.bookings, usable)?;
            let slots = found.slots.clone();
            party.bookings.push(found);
            Some(slots)
        };
        order(&movers, &free, &mut find)
    };
    stuck.extend(left_alone(desk, &held, &settled, &past));
    let mut steps = kept_steps(desk, past);
    add(&mut steps, &ordered.moves, &movers, &parties);
    let mut steps = self_booked_last(steps, self_book);
    say_when(desk, &mut steps);
    for (mover, halt) in ordered.halted {
        let why = match halt {
            Halt::Circle => Why::Circle,
            Halt::Behind => Why::Behind,
        };
        let party = &parties[mover];
        let is_held = |booking: &&Booking| movers[mover].held.contains(&booking.slots);
        let kept: Vec<Booking> = party.bookings.iter().filter(is_held).cloned().collect();
        stuck.push(keeps(party.request_id, party.patient_id, why, &kept));
    }
    stuck.sort_by(|a, b| (&a.request_id, a.why).cmp(&(&b.request_id, b.why)));
    Ok(Transactions { steps, stuck })
}

/// Somebody with every booking that a step may be about.
struct Party<'d> {
    request_id: &'d str,
    patient_id: &'d str,
    /// Their row of the plan, where they are in it. Nobody else is moved by a spare place.
    entry: Option<&'d Entry<'d>>,
    /// Whether there is a place for them that the book as read does not have.
    waits: bool,
    /// At first what they are to hold, if anything.
    bookings: Vec<Booking>,
}

impl<'d> Party<'d> {
    fn proposed(entry: &'d Entry<'d>, numbers: &mut Numbers<'_>) -> Self {
        let row = entry.row;
        let target = Booking::of_row(numbers, row);
        let (request_id, patient_id) = (&row.request_id, &row.patient_id);
        Self { request_id, patient_id, entry: Some(entry), waits: true, bookings: vec![target] }
    }

    fn settled(one: &'d Settled<'d>) -> Self {
        Self {
            request_id: &one.request.request_id,
            patient_id: one.patient_id,
            entry: None,
            waits: one.is_accepted(),
            bookings: one.target.iter().cloned().collect(),
        }
    }
}

fn keeps(request_id: &str, patient_id: &str, why: Why, kept: &[Booking]) -> Stuck {
    Stuck {
        request_id: request_id.to_owned(),
        patient_id: patient_id.to_owned(),
        why,
        keeps: kept.iter().flat_map(|booking| booking.slot_ids.iter().cloned()).collect(),
    }
}

/// Who does not want the place that the book has for them, though no list says that it was booked: it may have been meant
/// for something else.
fn booked_and_unwanted(desk: &Desk<'_>, settled: &[Settled<'_>], held: &Held) -> Vec<Stuck> {
    let unwanted = settled.iter().filter(|one| one.target.is_none() && !desk.gone.contains(one.patient_id));
    let by_nobody = unwanted.filter(|one| {
        let own = held.by_request.get(&one.request.request_id);
        let by_list = |slots: &Vec<u32>| own.into_iter().flatten().any(|booking| booking.slots == *slots);
        !one.booked.0.is_empty() && !by_list(&one.booked.0)
    });
    by_nobody
        .map(|one| Stuck {
            request_id: one.request.request_id.clone(),
            patient_id: one.patient_id.to_owned(),
            why: Why::Excluded,
            keeps: one.booked.1.to_vec(),
        })
        .collect()
}

/// Those without a place who have something, and bookings that nobody can tell whose request they are.
fn left_alone(desk: &Desk<'_>, held: &Held, settled: &[Settled<'_>], past: &[Step]) -> Vec<Stuck> {
    let mut found = Vec::new();
    let mut waiting = BTreeSet::new();
    for row in desk.waiting.iter().map(|waiting| waiting.row) {
        waiting.insert(&row.request_id);
        if let Some(own) = held.by_request.get(&row.request_id).filter(|own| !own.is_empty()) {
            found.push(keeps(&row.request_id, &row.patient_id, Why::NoPlace, own));
        }
    }
    let patients: BTreeMap<&String, &str> =
        past.iter().map(|step| (&step.request_id, step.patient_id.as_str())).collect();
    let gone = gone(desk);
    for (id, own) in held.by_request.iter().filter(|(id, own)| !own.is_empty() && !waiting.contains(id)) {
        let patient = patients.get(id).copied().unwrap_or_default();
        if !gone.contains(id.as_str()) && !desk.gone.contains(patient) {
            found.push(keeps(id, patient, Why::Excluded, own));
        }
    }
    let rows =
        desk.entries.iter().map(|entry| (entry.row.request_id.as_str(), entry.row.patient_id.as_str()));
    let rows =
        rows.chain(desk.waiting.iter().map(|row| (row.row.request_id.as_str(), row.row.patient_id.as_str())));
    for (id, patient) in
        rows.chain(settled.iter().map(|one| (one.request.request_id.as_str(), one.patient_id)))
    {
        if let Some(slots) = held.shared.get(id) {
            let (request_id, patient_id) = (id.to_owned(), patient.to_owned());
            found.push(Stuck { request_id, patient_id, why: Why::Shared, keeps: slots.clone() });
        }
    }
    found
}

/// The requests whose patients have died or left.
fn gone<'d>(desk: &'d Desk<'_>) -> BTreeSet<&'d str> {
    let rows = desk.prepared.excluded.iter().filter(|row| row.reason.is_gone());
    rows.map(|row| desk.case.requests[row.request.index()].request_id.as_str()).collect()
}

/// What was done before. It is kept for those who are not planned any more, too: the list is the only thing that knows what
/// was booked for them. Of whoever has died or left there is no word.
fn kept_steps(desk: &Desk<'_>, past: Vec<Step>) -> Vec<Step> {
    let gone = gone(desk);
    let mut steps = past;
    steps.retain(|step| {
        !gone.contains(step.request_id.as_str()) && !desk.gone.contains(step.patient_id.as_str())
    });
    numbered(steps)
}

fn numbered(mut steps: Vec<Step>) -> Vec<Step> {
    for (number, step) in (1..).zip(&mut steps) {
        step.number = number;
    }
    steps
}

/// Puts the steps of those who book for themselves at the end. A step that waits for another one, or that another one waits
/// for, is for staff in any case.
fn self_booked_last(mut steps: Vec<Step>, self_book: &BTreeMap<String, NaiveDate>) -> Vec<Step> {
    let awaited: BTreeSet<String> = steps.iter().flat_map(|step| step.after.iter().cloned()).collect();
    for step in steps.iter_mut().filter(|step| !step.done && step.after.is_empty()) {
        if !awaited.contains(&step.key) {
            step.self_book_until = self_book.get(&step.request_id).copied();
        }
    }
    steps.sort_by_key(|step| step.self_book_until.is_some());
    numbered(steps)
}

/// Adds what is to do to what was done.
fn add(steps: &mut Vec<Step>, moves: &[Move], movers: &[Mover], parties: &[Party<'_>]) {
    let mut times: BTreeMap<Deed, usize> = BTreeMap::new();
    for step in steps.iter() {
        *times.entry(step.deed()).or_default() += 1;
    }
    let before = steps.len();
    for own in moves {
        let Party { request_id, patient_id, bookings, .. } = &parties[own.mover];
        // invariant: every move is about one of the bookings.
        let Some(booking) = bookings.iter().find(|booking| booking.slots == own.slots) else { continue };
        let mut after: Vec<String> = own.after.iter().map(|&at| steps[before + at].key.clone()).collect();
        if own.action == Action::Cancel && after.is_empty() && !movers[own.mover].target.is_empty() {
            // What they keep was booked by an earlier list.
            let held = |booking: &&Booking| movers[own.mover].held.contains(&booking.slots);
            let others = bookings.iter().filter(held).filter(|other| other.slots != own.slots);
            after.extend(others.filter_map(|other| other.key.clone()));
        }
        let mut step = Step {
            number: steps.len() as u32 + 1,
            key: String::new(),
            action: own.action,
            request_id: (*request_id).to_owned(),
            patient_id: (*patient_id).to_owned(),
            session_id: booking.session_id.clone(),
            slot_ids: booking.slot_ids.clone(),
            start: booking.start,
            end: booking.end,
            after,
            self_book_until: None,
            when: "",
            done: false,
        };
        let deed = step.deed();
        step.key = deed.key(times.get(&deed).copied().unwrap_or_default());
        steps.push(step);
    }
}
