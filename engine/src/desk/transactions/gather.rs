//! From a plan and what was done before to the list of steps.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::book::{Booking, Held, Numbers, held};
use super::key::Deed;
use super::order::{Halt, Move, Mover, order};
use super::past::past;
use super::spare::spare;
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
    let (mut held, free) = held(desk, &mut numbers, &past);
    let mut stuck: Vec<Stuck> = Vec::new();
    let mut movers: Vec<Mover> = Vec::new();
    let mut parties: Vec<Party<'_>> = Vec::new();
    for entry in &desk.entries {
        let id = &entry.row.request_id;
        let own = held.by_request.remove(id).unwrap_or_default();
        if desk.gone.contains(entry.row.patient_id.as_str()) {
            stuck.push(keeps(id, &entry.row.patient_id, Why::Gone, &own));
            continue;
        }
        let target = numbers.of(&entry.row.slot_ids);
        movers.push(Mover {
            held: own.iter().map(|booking| booking.slots.clone()).collect(),
            target: target.clone(),
        });
        let mut bookings = own;
        if bookings.iter().all(|booking| booking.slots != target) {
            bookings.push(proposed(entry, target));
        }
        parties.push(Party { entry, bookings });
    }
    let ordered = {
        let mut find = |mover: usize, usable: &dyn Fn(u32) -> bool| {
            let party = &mut parties[mover];
            let found = spare(desk, party.entry, &party.bookings, usable)?;
            let slots = found.slots.clone();
            party.bookings.push(found);
            Some(slots)
        };
        order(&movers, &free, &mut find)
    };
    let mut steps = kept_steps(desk, past);
    add(&mut steps, &ordered.moves, &movers, &parties);
    let steps = self_booked_last(steps, self_book);
    for (mover, halt) in ordered.halted {
        let why = match halt {
            Halt::Circle => Why::Circle,
            Halt::Behind => Why::Behind,
        };
        let Party { entry, bookings } = &parties[mover];
        let kept: Vec<Booking> =
            bookings.iter().filter(|booking| movers[mover].held.contains(&booking.slots)).cloned().collect();
        stuck.push(keeps(&entry.row.request_id, &entry.row.patient_id, why, &kept));
    }
    stuck.extend(left_alone(desk, &held));
    stuck.sort_by(|a, b| (&a.request_id, a.why).cmp(&(&b.request_id, b.why)));
    Ok(Transactions { steps, stuck })
}

/// Somebody of the plan with every booking that a step may be about.
struct Party<'d> {
    entry: &'d Entry<'d>,
    bookings: Vec<Booking>,
}

fn proposed(entry: &Entry<'_>, slots: Vec<u32>) -> Booking {
    let row = entry.row;
    Booking {
        slots,
        session_id: row.session_id.clone(),
        slot_ids: row.slot_ids.clone(),
        start: row.start,
        end: row.end,
        key: None,
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

/// Those without a place who have something, and bookings that nobody can tell whose request they are.
fn left_alone(desk: &Desk<'_>, held: &Held) -> Vec<Stuck> {
    let mut found = Vec::new();
    for waiting in &desk.waiting {
        let (id, patient) = (&waiting.row.request_id, &waiting.row.patient_id);
        if let Some(own) = held.by_request.get(id).filter(|own| !own.is_empty()) {
            found.push(keeps(id, patient, Why::NoPlace, own));
        }
    }
    let rows = desk.entries.iter().map(|entry| (&entry.row.request_id, &entry.row.patient_id));
    let rows = rows.chain(desk.waiting.iter().map(|row| (&row.row.request_id, &row.row.patient_id)));
    for (id, patient) in rows {
        if let Some(slots) = held.shared.get(id) {
            let (request_id, patient_id) = (id.clone(), patient.clone());
            found.push(Stuck { request_id, patient_id, why: Why::Shared, keeps: slots.clone() });
        }
    }
    found
}

/// What was done before, for those who are still planned.
fn kept_steps(desk: &Desk<'_>, past: Vec<Step>) -> Vec<Step> {
    let entries = desk.entries.iter().map(|entry| entry.row.request_id.as_str());
    let planned: BTreeSet<&str> =
        entries.chain(desk.waiting.iter().map(|row| row.row.request_id.as_str())).collect();
    let mut steps = past;
    steps.retain(|step| {
        planned.contains(step.request_id.as_str()) && !desk.gone.contains(step.patient_id.as_str())
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
        let Party { entry, bookings } = &parties[own.mover];
        // invariant: every move is about one of the bookings.
        let Some(booking) = bookings.iter().find(|booking| booking.slots == own.slots) else { continue };
        let mut after: Vec<String> = own.after.iter().map(|&at| steps[before + at].key.clone()).collect();
        if own.action == Action::Cancel && after.is_empty() {
            // What they keep was booked by an earlier list.
            let held = |booking: &&Booking| movers[own.mover].held.contains(&booking.slots);
            let others = bookings.iter().filter(held).filter(|other| other.slots != own.slots);
            after.extend(others.filter_map(|other| other.key.clone()));
        }
        let mut step = Step {
            number: steps.len() as u32 + 1,
            key: String::new(),
            action: own.action,
            request_id: entry.row.request_id.clone(),
            patient_id: entry.row.patient_id.clone(),
            session_id: booking.session_id.clone(),
            slot_ids: booking.slot_ids.clone(),
            start: booking.start,
            end: booking.end,
            after,
            self_book_until: None,
            done: false,
        };
        let deed = step.deed();
        step.key = deed.key(times.get(&deed).copied().unwrap_or_default());
        steps.push(step);
    }
}
