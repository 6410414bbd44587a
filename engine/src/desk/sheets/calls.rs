//! Whom to call, by when, and what to offer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::caller::Caller;
use super::super::messages::{Told, speak_by};
use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::{CHECK_FIRST, Desk, Entry, NO_ANSWER, PLACE_TAKEN, WINDOW_PASSED};
use super::{answers, escalate, how, interpreter, kept_cells, kept_columns, offer, with_whom};
use crate::candidates::slots_of;
use crate::explain::words;
use crate::model::{ContactRoute, DeliveryChannel, Outcome};
use crate::solve::Placed;

const ABOUT: &str = "Work from the top. Choose an outcome for each call: it is read back when you plan again. Nothing here is \
    booked yet. Speak only to the patient (of a child: to a parent), and do not say what the appointment is for.";

/// The patients who are spoken to, in the order of the calls; `alternatives` are those of each row of the plan, and `told`
/// those who are told in writing.
pub fn sheet<'d>(desk: &'d Desk<'_>, alternatives: &'d [Vec<Placed>], told: &[Told]) -> Sheet<'d> {
    let mut columns = vec![
        Column::new("Call order", Kind::Whole, 6),
        Column::new("Call by", Kind::Date, 16),
        Column::new("Caller", Kind::Text, 10),
        Column::new("Patient id", Kind::Text, 11),
        Column::new("Request id", Kind::Text, 9),
    ];
    columns.extend(kept_columns(desk));
    columns.extend([
        Column::new("Tier", Kind::Text, 6),
        Column::new("Before the call", Kind::Text, 24),
        Column::new("Interpreter", Kind::Text, 11),
        Column::new("What to say", Kind::Text, 48),
        Column::new("With", Kind::Text, 18),
    ]);
    columns.extend(answers(Outcome::TEXTS));
    columns.extend([
        Column::on_screen("Called by", Kind::Fill, 12),
        Column::on_screen("Own site", Kind::Text, 12),
        Column::on_screen("If no answer", Kind::Text, 26),
        Column::on_screen("Offer", Kind::Text, 34),
        Column::on_screen("Alternative 1", Kind::Text, 34),
        Column::on_screen("Alternative 2", Kind::Text, 34),
        Column::on_screen("Start", Kind::Moment, 17),
        Column::on_screen("Session id", Kind::Text, 14),
        Column::on_screen("Slot ids", Kind::Text, 14),
        Column::on_screen("Alternative 1 slots", Kind::Text, 14),
        Column::on_screen("Alternative 2 slots", Kind::Text, 14),
    ]);
    let mut sheet = Sheet::new("Call list", ABOUT, columns);
    let people = People::new(desk, told);
    // In the order of plan.csv, those without a call day last: among them those whom a clinician speaks to.
    // Nobody calls where another row says that the patient has died or left: they are on the sheet Escalate.
    for (entry, others) in desk.entries.iter().zip(alternatives) {
        if let Some(caller) = Caller::of(desk, entry) {
            sheet.push(row(desk, (entry, caller), others, &people));
        }
    }
    sheet
}

/// What else patients are told, so that one call can do for all of it.
struct People<'d> {
    /// By patient: the request, and how the patient is told of it.
    by_patient: BTreeMap<&'d str, Vec<(&'d str, String)>>,
}

impl<'d> People<'d> {
    fn new(desk: &'d Desk<'_>, told: &[Told]) -> Self {
        let written: BTreeMap<usize, &str> =
            told.iter().map(|told| (told.entry, told.how.as_str())).collect();
        let mut by_patient: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
        for (at, entry) in desk.entries.iter().enumerate() {
            let told = match written.get(&at) {
                Some(how) => (*how).to_owned(),
                None if Caller::of(desk, entry).is_some() => format!("call {}", entry.row.call_order),
                None => continue,
            };
            let own = by_patient.entry(entry.row.patient_id.as_str()).or_default();
            own.push((entry.row.request_id.as_str(), told));
        }
        Self { by_patient }
    }

    /// The other requests of the same patient.
    fn others(&self, entry: &Entry<'_>) -> impl Iterator<Item = String> {
        let own = self.by_patient.get(entry.row.patient_id.as_str()).into_iter().flatten();
        let others = own.filter(|(id, _)| *id != entry.row.request_id);
        others.map(|(id, told)| format!("{id} ({told})"))
    }
}

fn row<'d>(
    desk: &'d Desk<'_>,
    (entry, caller): (&'d Entry<'_>, Caller),
    others: &[Placed],
    people: &People<'_>,
) -> Vec<Cell<'d>> {
    let alternative =
        |at: usize| Cell::text(others.get(at).map_or(String::new(), |other| offer(desk, other)));
    let slots = |at: usize| {
        let other = others.get(at);
        Cell::text(other.map_or(String::new(), |other| slot_ids(desk, other)))
    };
    let mut row = vec![
        Cell::Whole(i64::from(entry.row.call_order)),
        Cell::Date(speak_by(desk, entry)),
        Cell::text(caller.as_str()),
        Cell::text(&entry.row.patient_id),
        Cell::text(&entry.row.request_id),
    ];
    row.extend(kept_cells(desk, entry));
    row.extend([
        Cell::text(&entry.row.tier),
        Cell::text(before(desk, entry, people)),
        Cell::text(interpreter(&entry.planned.needs)),
        Cell::text(what_to_say(desk, entry, others)),
        Cell::text(with(desk, entry, others)),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::text(&entry.home.site_id),
        Cell::text(if_no_answer(desk, entry)),
        Cell::text(offer(desk, &entry.placed)),
        alternative(0),
        alternative(1),
        Cell::Moment(entry.row.start),
        Cell::text(&entry.row.session_id),
        Cell::text(entry.row.slot_ids.join(";")),
        slots(0),
        slots(1),
    ]);
    row
}

/// With whom and where: said once where it is the same for every offer.
fn with(desk: &Desk<'_>, entry: &Entry<'_>, others: &[Placed]) -> String {
    let first = with_whom(desk, &entry.placed);
    let others: Vec<String> = others.iter().map(|other| with_whom(desk, other)).collect();
    if others.iter().all(|other| *other == first) {
        return first;
    }
    let numbered = others.iter().enumerate().map(|(at, other)| format!("; alternative {}: {other}", at + 1));
    std::iter::once(first).chain(numbered).collect()
}

fn slot_ids(desk: &Desk<'_>, placed: &Placed) -> String {
    let ids: Vec<&str> =
        slots_of(placed.run).map(|slot| desk.case.slots[slot.index()].slot_id.as_str()).collect();
    ids.join(";")
}

fn before(desk: &Desk<'_>, entry: &Entry<'_>, people: &People<'_>) -> String {
    let mut said: Vec<String> = Vec::new();
    if entry.route == ContactRoute::Clinician {
        said.push("It is not safe for anybody but a clinician to make contact.".to_owned());
    }
    if entry.is_flagged(WINDOW_PASSED) {
        said.push("Its last date has passed: a clinician decides first.".to_owned());
    } else if let Some(why) = escalate::why_placed(desk, entry) {
        said.push(format!("On Escalate ({}): a clinician looks first.", why.words()));
    }
    if entry.is_flagged(PLACE_TAKEN) {
        said.push("Had accepted a place that was given to somebody else: say sorry.".to_owned());
    }
    if entry.is_flagged(NO_ANSWER) {
        said.push("Did not answer before: try another time of day.".to_owned());
    }
    if entry.is_flagged(CHECK_FIRST) {
        said.push("Check the record first: the patient may have been seen or booked since.".to_owned());
    }
    if speak_by(desk, entry) == entry.row.start.date() {
        said.push(format!("Same day: ring before {}.", entry.row.start.format("%H:%M")));
    }
    if let Some(visit) = entry.planned.visit {
        let ids = desk.prepared.visits[visit].iter().filter(|member| **member != entry.index);
        let ids: Vec<String> = ids.map(|member| desk.request_id(*member).to_owned()).collect();
        said.push(format!("Goes with {}: one visit.", words::list(&ids)));
    }
    let others: Vec<String> = people.others(entry).collect();
    if !others.is_empty() {
        said.push(format!("The same patient: {}.", words::list(&others)));
    }
    said.join(" ")
}

/// What is said to the patient: when, how and where, and nothing about care.
fn what_to_say(desk: &Desk<'_>, entry: &Entry<'_>, others: &[Placed]) -> String {
    let placed = |placed: &Placed| {
        let start = desk.case.slots[placed.run.first.index()].start;
        let session = &desk.case.sessions[placed.offer.session.index()];
        let site = &desk.case.sites[session.site.index()];
        let place = match placed.offer.channel {
            DeliveryChannel::InPerson => format!(" at {}", site.called()),
            _ => String::new(),
        };
        format!("{}, {}{place}", words::moment(start), how(placed.offer.channel))
    };
    let cancelled = entry.request.original_start.map_or(String::new(), |original| {
        format!("Your appointment of {} was cancelled; we are sorry. ", words::date(original.date()))
    });
    let mut said = format!("{cancelled}We can offer you {}.", placed(&entry.placed));
    let others: Vec<String> = others.iter().map(placed).collect();
    if !others.is_empty() {
        let _ = write!(said, " If that does not suit: {}.", others.join("; or "));
    }
    said
}

/// No answer is never the end of it: for whom a clinician decides, and for whom it is tried again.
fn if_no_answer(desk: &Desk<'_>, entry: &Entry<'_>) -> &'static str {
    if entry.planned.rank <= desk.prepared.window_rank || entry.planned.windowed {
        "Tell the duty clinician today"
    } else {
        "Try again another day at another time"
    }
}
