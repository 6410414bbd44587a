//! What the outcomes of calls change in a case.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDateTime, Timelike};
use compact_str::CompactString;

use super::super::known::Known;
use super::super::schema::{REQUESTS, SLOTS};
use super::{Call, CallList, place};
use crate::calendar::{DateSet, MINUTES_PER_DAY};
use crate::issue::{Code, Issue};
use crate::lookup::Lookup;
use crate::model::{
    Accepted, Case, DeliveryChannel, Outcome, PlanRow, Reconciliation, Request, Session, Slot, SlotStatus,
};

/// A call with what it is about.
struct Found<'l> {
    /// Whether the plan before had not read its list: what that plan proposed is what the list is about.
    is_new: bool,
    /// Whether the plan before has another place for the request.
    is_elsewhere: bool,
    /// Whether the place is any but that of the plan before.
    is_other: bool,
    call: &'l Call,
    /// Rows of requests: more than one where the row is there twice.
    rows: Vec<usize>,
    /// Ids of the slots that the outcome is about.
    offer: Vec<String>,
    /// The slots, where the book has every one of them.
    slots: Option<Vec<usize>>,
    /// When it would have been, where that is known.
    time: Option<(NaiveDateTime, NaiveDateTime)>,
}

impl Found<'_> {
    fn issue(&self, code: Code, expected: String, field: &str, value: &str) -> Issue {
        issue(self.call, code, expected, field, value)
    }
}

fn issue(call: &Call, code: Code, expected: String, field: &str, value: &str) -> Issue {
    Issue::new(code, &call.list, expected).at(call.line).field(field).value(value)
}

/// Changes the case; nothing is changed where there are problems.
pub fn apply(case: &mut Case, lists: &[CallList]) -> Vec<Issue> {
    let mut problems = Vec::new();
    let found = find(case, lists, &mut problems);
    if !problems.is_empty() {
        return problems;
    }
    // The last that was heard counts.
    let last: BTreeMap<&str, usize> = found
        .iter()
        .enumerate()
        .filter(|(_, found)| found.call.outcome.is_some())
        .map(|(at, found)| (found.call.request_id.as_str(), at))
        .collect();
    for one in &found {
        for &row in &one.rows {
            wish(&mut case.requests[row], one);
        }
    }
    let mut others = of_others(case, &found);
    let mut book = Book::new(case);
    for (at, one) in found.iter().enumerate() {
        let Some(outcome) = one.call.outcome.filter(|_| last.get(one.call.request_id.as_str()) == Some(&at))
        else {
            continue;
        };
        for &row in &one.rows {
            settle(&mut case.requests[row], outcome);
        }
        if outcome.is_accepted() {
            let is_theirs = book.accept(case, one);
            let told = if is_theirs { others.remove(&at) } else { Some(taken(one, outcome)) };
            case.warnings.extend(told);
        }
    }
    book.close(case);
    problems
}

/// Places that were accepted and that the plan before proposed to somebody else, by their position in what was found.
fn of_others(case: &Case, found: &[Found<'_>]) -> BTreeMap<usize, Issue> {
    // People who share a group slot take nothing from each other.
    let own = |found: &Found<'_>| -> Vec<usize> {
        let counts = found.is_new && found.is_other && found.call.outcome.is_some_and(Outcome::is_accepted);
        let slots = found.slots.iter().filter(|_| counts).flatten().copied();
        slots.filter(|&at| case.slots[at].places.is_none()).collect()
    };
    let wanted: BTreeSet<&str> =
        found.iter().flat_map(own).map(|at| case.slots[at].slot_id.as_str()).collect();
    let mut rows: BTreeMap<&str, &PlanRow> = BTreeMap::new();
    for row in previous(case) {
        for id in row.slot_ids.iter().filter(|id| wanted.contains(id.as_str())) {
            rows.insert(id, row);
        }
    }
    let warning = |found: &Found<'_>| {
        let of_slot = |at: usize| rows.get(case.slots[at].slot_id.as_str()).copied();
        let is_other = |row: &&PlanRow| row.request_id != found.call.request_id;
        let other = own(found).into_iter().filter_map(of_slot).find(is_other)?;
        let expected = format!("a place that was not proposed for request {}", other.request_id);
        Some(found.issue(Code::PlaceOfAnother, expected, "slot_ids", &found.offer.join(";")))
    };
    found.iter().enumerate().filter_map(|(at, found)| Some((at, warning(found)?))).collect()
}

/// The calls with what they are about; what does not fit the case is a problem.
fn find<'l>(case: &Case, lists: &'l [CallList], problems: &mut Vec<Issue>) -> Vec<Found<'l>> {
    let known = Known::new(case.requests.iter().map(|request| request.request_id.as_str()));
    let mut rows: Lookup<&str, Vec<usize>> = Lookup::with_capacity(case.requests.len());
    for (row, request) in case.requests.iter().enumerate() {
        rows.get_or_insert_with(&request.request_id, Vec::new).push(row);
    }
    let proposed: BTreeMap<&str, &PlanRow> =
        previous(case).map(|row| (row.request_id.as_str(), row)).collect();
    let mut found = Vec::new();
    for list in lists {
        let is_new = super::read_before(case, list).is_none();
        let mut seen: BTreeMap<&str, &Call> = BTreeMap::new();
        for call in &list.calls {
            let id = call.request_id.as_str();
            let Some(rows) = rows.get(id) else {
                let codes = (Code::OutcomeOfNobody, Code::OutcomeOfNobody);
                problems.push(known.issue(&call.list, call.line, "request_id", id, REQUESTS.file, codes));
                continue;
            };
            if let Some(issue) = other_patient(case, call, rows) {
                problems.push(issue);
                continue;
            }
            match seen.get(id) {
                Some(before) if !same(before, call) => {
                    let expected = format!("what line {} says of the same request", before.line);
                    let value = call.outcome.map_or("no outcome", Outcome::as_str);
                    problems.push(issue(call, Code::OutcomesDiffer, expected, "outcome", value));
                }
                Some(_) => {}
                None => {
                    seen.insert(id, call);
                    let proposed = proposed.get(id).copied();
                    let offer = offer(call, proposed);
                    let time = proposed.filter(|row| row.slot_ids == offer).map(|row| (row.start, row.end));
                    let is_elsewhere = proposed.is_some_and(|row| row.slot_ids != offer);
                    let is_other = is_elsewhere || proposed.is_none();
                    let rows = rows.clone();
                    found.push(Found {
                        is_new,
                        is_elsewhere,
                        is_other,
                        call,
                        rows,
                        offer,
                        slots: None,
                        time,
                    });
                }
            }
        }
    }
    locate(case, &mut found, problems);
    found
}

pub fn previous(case: &Case) -> impl Iterator<Item = &PlanRow> {
    case.previous.iter().flat_map(|files| &files.plan)
}

/// A list of another case, or of one in which ids were given anew, must not book anything for anybody.
fn other_patient(case: &Case, call: &Call, rows: &[usize]) -> Option<Issue> {
    let stated = call.patient_id.as_deref()?;
    let own = rows.iter().map(|&row| case.requests[row].patient_id.as_str()).find(|own| !own.is_empty())?;
    let expected = format!("patient {own:?}, as {} says of the request", REQUESTS.file);
    (stated != own).then(|| issue(call, Code::OutcomeOfNobody, expected, "patient_id", stated))
}

fn same(a: &Call, b: &Call) -> bool {
    *a == Call { line: a.line, list: a.list.clone(), ..b.clone() }
}

/// The slots that the outcome is about: an alternative, the place in the list, or that of the plan before.
fn offer(call: &Call, proposed: Option<&PlanRow>) -> Vec<String> {
    match call.outcome {
        Some(Outcome::AcceptedFirst) => call.alternatives[0].clone(),
        Some(Outcome::AcceptedSecond) => call.alternatives[1].clone(),
        _ if !call.slot_ids.is_empty() => call.slot_ids.clone(),
        _ => proposed.map(|row| row.slot_ids.clone()).unwrap_or_default(),
    }
}

/// Looks the slots up.
fn locate(case: &Case, found: &mut [Found<'_>], problems: &mut Vec<Issue>) {
    let wanted: BTreeSet<String> = found.iter().flat_map(|found| found.offer.iter().cloned()).collect();
    let places: BTreeMap<&str, usize> = case
        .slots
        .iter()
        .enumerate()
        .map(|(at, slot)| (slot.slot_id.as_str(), at))
        .filter(|(id, _)| wanted.contains(*id))
        .collect();
    let mut known = None;
    for one in found {
        let slots: Option<Vec<usize>> = one.offer.iter().map(|id| places.get(id.as_str()).copied()).collect();
        let ends = slots.as_ref().and_then(|slots| Some((*slots.first()?, *slots.last()?)));
        let in_book = ends.map(|(first, last)| (case.slots[first].start, case.slots[last].end()));
        one.time = one.time.or(in_book);
        one.slots = slots;
        let Some(outcome) = one.call.outcome.filter(|outcome| outcome.is_accepted()) else { continue };
        let field = match outcome {
            Outcome::AcceptedFirst => "alternative_1_slots",
            Outcome::AcceptedSecond => "alternative_2_slots",
            _ => "slot_ids",
        };
        if one.offer.is_empty() {
            let expected = "the slots that the patient accepted".to_owned();
            problems.push(one.issue(Code::AcceptedNothing, expected, field, ""));
        }
        // The plan before proposed another place, so this one was written by hand.
        let is_typed = one.is_elsewhere && one.is_new && outcome == Outcome::Accepted;
        if let Some(slots) = one.slots.as_ref().filter(|_| one.is_other)
            && let Some(expected) = place::apart(case, slots).or_else(|| {
                is_typed.then(|| place::short(case, slots, &case.requests[one.rows[0]])).flatten()
            })
        {
            problems.push(one.issue(Code::NotOneAppointment, expected, field, &one.offer.join(";")));
        }
        for id in one.offer.iter().filter(|id| !places.contains_key(id.as_str())) {
            let known =
                known.get_or_insert_with(|| Known::new(case.slots.iter().map(|slot| slot.slot_id.as_str())));
            if let Some(padded) = known.padded(id) {
                let expected = format!("an id of {}, where {padded:?} is one", SLOTS.file);
                problems.push(one.issue(Code::LeadingZerosLost, expected, field, id));
            } else if is_typed {
                problems.push(one.issue(Code::NotOneAppointment, place::unknown(id), field, id));
            }
        }
    }
}

/// What the patient said about times. A time that was refused is never offered again, whatever else was said.
fn wish(request: &mut Request, found: &Found<'_>) {
    let call = found.call;
    if !call.can_come.is_any() {
        request.available = call.can_come.clone();
    }
    let mut away = request.unavailable_dates.ranges().to_vec();
    away.extend(call.cannot_come.ranges());
    if let (Some(Outcome::WantsOtherTime), Some((start, end))) = (call.outcome, found.time)
        && still_allowed(request, start, end)
    {
        away.push((start.date(), start.date()));
    }
    request.unavailable_dates = DateSet::from_ranges(away);
}

fn still_allowed(request: &Request, start: NaiveDateTime, end: NaiveDateTime) -> bool {
    let minute = |moment: NaiveDateTime| moment.hour() * 60 + moment.minute();
    let to = if end.date() > start.date() { MINUTES_PER_DAY } else { minute(end) };
    request.available.covers(start.weekday(), minute(start), to)
}

/// What the last outcome makes of the request. That somebody has died or was seen is known better elsewhere.
fn settle(request: &mut Request, outcome: Outcome) {
    request.outcome = Some(outcome);
    let open = matches!(request.reconciliation, Reconciliation::NotSeen | Reconciliation::Unknown);
    match outcome {
        Outcome::Declined if open => request.reconciliation = Reconciliation::Declined,
        Outcome::NoLongerNeeded if open || request.reconciliation == Reconciliation::Declined => {
            request.reconciliation = Reconciliation::Resolved;
        }
        _ => {}
    }
}

fn taken(found: &Found<'_>, outcome: Outcome) -> Issue {
    let field = "outcome";
    let expected = format!("slot {} free, or booked for the patient", found.offer.join(";"));
    found.issue(Code::PlaceTaken, expected, field, outcome.as_str())
}

/// The book, while places that were accepted are entered in it.
struct Book {
    /// Rows of the plan before by request id.
    rows: BTreeMap<String, usize>,
    /// Ids that one of ours must not be.
    ids: BTreeSet<CompactString>,
    /// Places in group slots.
    added: Vec<Slot>,
}

impl Book {
    fn new(case: &Case) -> Self {
        let rows = previous(case).enumerate().map(|(at, row)| (row.request_id.clone(), at)).collect();
        let ids =
            case.slots.iter().map(|slot| &slot.slot_id).filter(|id| id.contains('+')).cloned().collect();
        Self { rows, ids, added: Vec::new() }
    }

    /// Enters a place, and names it in the plan before as that of the request; false where it is not to be had.
    fn accept(&mut self, case: &mut Case, found: &Found<'_>) -> bool {
        let Some(slots) = &found.slots else { return false };
        let own = found.rows.iter().map(|&row| case.requests[row].patient_id.as_str());
        let patient = CompactString::from(own.into_iter().find(|id| !id.is_empty()).unwrap_or_default());
        let alone = slots.len() == 1;
        if !slots.iter().all(|&slot| is_for(&case.slots[slot], &patient, alone)) {
            return false;
        }
        let mut entered = Vec::with_capacity(slots.len());
        let mut not_in_book = Vec::new();
        for &at in slots {
            let slot = &mut case.slots[at];
            if slot.status == SlotStatus::Free {
                not_in_book.push(slot.slot_id.to_string());
            }
            if let (SlotStatus::Free, Some(places)) = (slot.status, &mut slot.places) {
                *places -= 1;
                let place = self.place(slot, &found.call.request_id, &patient);
                entered.push(place.slot_id.to_string());
                self.added.push(place);
            } else {
                slot.status = SlotStatus::Busy;
                slot.patient_id = Some(patient.clone());
                entered.push(slot.slot_id.to_string());
            }
        }
        self.note(case, found, &patient, (slots, not_in_book));
        self.name(case, found, slots, entered);
        true
    }

    /// What was accepted, and whether the book as read has it. A list that is read again does not know that any more: what
    /// was noted then stays.
    fn note(
        &self,
        case: &mut Case,
        found: &Found<'_>,
        patient: &str,
        (slots, not_in_book): (&[usize], Vec<String>),
    ) {
        let (Some(&first), Some(&last)) = (slots.first(), slots.last()) else { return };
        let (first, last) = (&case.slots[first], &case.slots[last]);
        let request = &case.requests[found.rows[0]];
        let session = &case.sessions[first.session.index()];
        let before = self.rows.get(&request.request_id).and_then(|&at| case.previous.as_ref()?.plan.get(at));
        let same_place = before.filter(|row| row.slot_ids == found.offer);
        // In one session an appointment is always held in the same way.
        let as_before = before.filter(|row| row.session_id == session.session_id);
        let as_before = as_before.and_then(|row| DeliveryChannel::parse(&row.delivery_channel));
        let accepted = Accepted {
            request_id: request.request_id.clone(),
            patient_id: patient.to_owned(),
            session: first.session,
            slot_ids: found.offer.clone(),
            not_in_book,
            start: first.start,
            // The row of the plan knows better than the slots when an appointment ends.
            end: same_place.map_or(last.end(), |row| row.end),
            channel: as_before.or_else(|| only_channel(case, request, session)),
        };
        let known = |other: &Accepted| other.request_id == accepted.request_id;
        match case.accepted.iter().position(known) {
            Some(at) if case.accepted[at].slot_ids == accepted.slot_ids => {}
            Some(at) => case.accepted[at] = accepted,
            None => case.accepted.push(accepted),
        }
    }

    /// A place in a group slot, as a slot of its own: the book has no other way to say who is in one. Its contact and its
    /// minutes count as those of any slot that is busy.
    fn place(&mut self, group: &Slot, request_id: &str, patient: &CompactString) -> Slot {
        let mut id = CompactString::from(format!("{}+{request_id}", group.slot_id));
        while !self.ids.insert(id.clone()) {
            id.push('+');
        }
        Slot {
            slot_id: id,
            status: SlotStatus::Busy,
            patient_id: Some(patient.clone()),
            places: None,
            places_taken: 0,
            ..group.clone()
        }
    }

    /// The place in the plan before: it is from there that a place is known to be booked.
    fn name(&mut self, case: &mut Case, found: &Found<'_>, slots: &[usize], entered: Vec<String>) {
        let (Some(&first), Some(&last)) = (slots.first(), slots.last()) else { return };
        let (start, end) = (case.slots[first].start, case.slots[last].end());
        let session = &case.sessions[case.slots[first].session.index()];
        let request = &case.requests[found.rows[0]];
        let Some(previous) = &mut case.previous else { return };
        let at = *self.rows.entry(request.request_id.clone()).or_insert_with(|| {
            previous.plan.push(unnamed(request, start));
            previous.plan.len() - 1
        });
        let row = &mut previous.plan[at];
        // The row of the plan knows better than the slots when an appointment ends.
        if row.slot_ids != found.offer {
            (row.start, row.end) = (start, end);
        }
        row.slot_ids = entered;
        row.session_id.clone_from(&session.session_id);
        row.practitioner_id.clone_from(&case.clinicians[session.clinician.index()].practitioner_id);
        row.site_id.clone_from(&case.sites[session.site.index()].site_id);
    }

    /// Puts the slots in order again.
    fn close(mut self, case: &mut Case) {
        if self.added.is_empty() {
            return;
        }
        case.slots.append(&mut self.added);
        case.slots.sort_by(|a, b| (a.session, a.start, &a.slot_id).cmp(&(b.session, b.start, &b.slot_id)));
    }
}

/// How an appointment is held, where the request and the session have but one way in common.
fn only_channel(case: &Case, request: &Request, session: &Session) -> Option<DeliveryChannel> {
    let own = &request.delivery_channels;
    let of_care_type = request.care_type.map(|at| &case.policy.care_types[at.index()].delivery_channels);
    let wished = if own.is_empty() { of_care_type? } else { own };
    let mut common = wished.iter().filter(|channel| session.delivery_channels.contains(channel));
    common.next().copied().filter(|first| common.all(|other| other == first))
}

/// Whether the patient has the slot, or could still have it. A group slot is a place of its own.
fn is_for(slot: &Slot, patient: &str, alone: bool) -> bool {
    match (slot.status, slot.places) {
        (SlotStatus::Free, None) => true,
        (SlotStatus::Free, Some(places)) => alone && places > 0,
        (status, _) => status.is_taken() && slot.patient_id.as_deref() == Some(patient),
    }
}

/// A row of a plan for a request that the plan before does not have: its place is still to be named.
fn unnamed(request: &Request, start: NaiveDateTime) -> PlanRow {
    PlanRow {
        call_order: 0,
        call_by: None,
        request_id: request.request_id.clone(),
        patient_id: request.patient_id.clone(),
        tier: request.priority.clone().unwrap_or_default(),
        rank: 0,
        target_date: start.date(),
        latest_date: request.latest_date,
        session_id: String::new(),
        slot_ids: Vec::new(),
        practitioner_id: String::new(),
        site_id: String::new(),
        start,
        end: start,
        delivery_channel: String::new(),
        contact_route: String::new(),
        days_late: 0,
        status: "proposed".to_owned(),
        flags: Vec::new(),
        reason: String::new(),
        kept: Vec::new(),
    }
}
