//! Theatre lists and pre-assessment clinics: what is booked, and who was on the lists that were lost.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::Person;
use super::figures::{
    BOOKED_AHEAD, COST_LIST, LISTS_LOST, NURSES, Operation, PATIENTS, Specialty, URGENT_LISTS, WEEKEND_LISTS,
};
use crate::calendar::format_moment;
use crate::generate::frame::{Frame, moment};
use crate::generate::rows::{SessionRow, SlotRow, Tables};
use crate::generate::sample::{Stream, interpolate};
use crate::generate::staff::Ids;

/// Minutes of a slot of a list, and of a pre-assessment clinic.
const LIST_SLOT: u32 = 30;
const CLINIC_SLOT: u32 = 45;
/// Slots of a half-day list (four hours), and of a clinic.
const LIST_SLOTS: u32 = 8;
const CLINIC_SLOTS: u32 = 5;

/// Somebody who was on a list that was lost.
pub struct Lost {
    /// Patient number.
    pub patient: u32,
    /// Position in the hospital's people.
    pub person: usize,
    /// What was to be done.
    pub operation: &'static Operation,
    /// When.
    pub start: NaiveDateTime,
    /// 0 = main site, 1 = day surgery.
    pub site: usize,
}

/// Which half-days of a week somebody has: (weekday, morning).
fn week(person: &Person, number: usize, stream: &mut Stream) -> Vec<(u32, bool)> {
    let sessions = person.specialty.map_or(NURSES.1, |specialty| specialty.lists);
    let offset = stream.below(10) + number as u32 * 3;
    // Steps of three through the ten half-days of a week meet each of them once.
    (0..sessions).map(|n| (offset + n * 3) % 10).map(|half| (half / 2, half % 2 == 0)).collect()
}

/// Writes sessions and slots; returns who was on the lists lost.
pub fn book(
    seed: u64,
    index: usize,
    people: &[Person],
    ids: &Ids,
    frame: &Frame,
    tables: &mut Tables,
) -> Vec<Lost> {
    let mut stream = Stream::new(seed, "lists", index as u64);
    let weeks: Vec<_> = people.iter().enumerate().map(|(n, person)| week(person, n, &mut stream)).collect();
    let mut lost = Vec::new();
    for date in frame.outage().iter().copied().chain(frame.working_days()) {
        for (number, person) in people.iter().enumerate() {
            for &(_, morning) in
                weeks[number].iter().filter(|half| half.0 == date.weekday().num_days_from_monday())
            {
                let mut list = List::new(person, number, date, morning, &mut stream);
                if date < frame.start {
                    let kept = !stream.chance(LISTS_LOST);
                    let booked = list.fill(BOOKED_AHEAD[0].1, &mut stream);
                    if !kept {
                        lost.extend(booked);
                    }
                } else {
                    list.urgent =
                        person.specialty.is_some_and(|s| s.operations.iter().any(|op| op.3[0] > 50))
                            && stream.chance(URGENT_LISTS);
                    let share =
                        if list.urgent { 0 } else { interpolate(&BOOKED_AHEAD, frame.days_ahead(date)) };
                    list.fill(share, &mut stream);
                    list.write(person, ids, index, tables);
                }
            }
        }
    }
    weekend(people, ids, index, frame, tables, &mut stream);
    lost
}

/// Saturday lists that can be bought.
fn weekend(
    people: &[Person],
    ids: &Ids,
    index: usize,
    frame: &Frame,
    tables: &mut Tables,
    stream: &mut Stream,
) {
    let surgeons: Vec<usize> = (0..people.len()).filter(|&n| people[n].specialty.is_some()).collect();
    for date in frame.weekdays(5).into_iter().skip(1).step_by(2).take(WEEKEND_LISTS) {
        let number = surgeons[stream.below(surgeons.len() as u32) as usize];
        let mut list = List::new(&people[number], number, date, true, stream);
        list.site = 0;
        list.additional = true;
        list.write(&people[number], ids, index, tables);
    }
}

/// A half-day of somebody.
struct List {
    number: usize,
    specialty: Option<&'static Specialty>,
    date: NaiveDate,
    morning: bool,
    site: usize,
    minutes: u32,
    /// Who is in each slot.
    slots: Vec<Option<u32>>,
    urgent: bool,
    additional: bool,
}

impl List {
    fn new(person: &Person, number: usize, date: NaiveDate, morning: bool, stream: &mut Stream) -> Self {
        let (minutes, slots) = match person.specialty {
            Some(_) => (LIST_SLOT, LIST_SLOTS),
            None => (CLINIC_SLOT, CLINIC_SLOTS),
        };
        let day_surgery = stream.chance(3_500);
        Self {
            number,
            specialty: person.specialty,
            date,
            morning,
            site: usize::from(day_surgery),
            minutes,
            slots: vec![None; slots as usize],
            urgent: false,
            additional: false,
        }
    }

    fn from(&self) -> u32 {
        if self.morning { 8 * 60 + 30 } else { 13 * 60 + 30 }
    }

    /// Books patients one after another until `share` of the list is taken; returns them as if lost.
    fn fill(&mut self, share: u32, stream: &mut Stream) -> Vec<Lost> {
        let mut booked = Vec::new();
        let wanted = stream.round(self.slots.len() as u64 * u64::from(share), 10_000) as usize;
        let mut at = 0;
        while at < wanted {
            let patient = 1 + stream.below(PATIENTS);
            let Some(operation) = self.operation(stream) else {
                self.slots[at] = Some(patient);
                at += 1;
                continue;
            };
            let length = operation.2.div_ceil(self.minutes) as usize;
            if at + length > self.slots.len() {
                break;
            }
            self.slots[at..at + length].fill(Some(patient));
            booked.push(Lost {
                patient,
                person: self.number,
                operation,
                start: moment(self.date, self.from() + at as u32 * self.minutes),
                site: self.site,
            });
            at += length;
        }
        booked
    }

    /// An operation of the specialty that the site can do: no beds means no long ones.
    fn operation(&self, stream: &mut Stream) -> Option<&'static Operation> {
        let operations = self.specialty?.operations;
        let weights: Vec<(&'static Operation, u32)> =
            operations.iter().filter(|op| self.site == 0 || op.2 < 120).map(|op| (op, op.1)).collect();
        (!weights.is_empty()).then(|| stream.choose(&weights))
    }

    fn features(&self, surgeon: bool) -> &'static str {
        match (surgeon, self.site) {
            (false, _) => "",
            (true, 0) => "general-anaesthetic;laminar-flow;overnight-bed;high-dependency",
            (true, _) => "general-anaesthetic",
        }
    }

    fn write(&self, person: &Person, ids: &Ids, index: usize, tables: &mut Tables) {
        let half = if self.morning { 'A' } else { 'P' };
        let id = format!("{}-{}{half}", person.id, self.date.format("%m%d"));
        let end = self.from() + self.slots.len() as u32 * self.minutes;
        let surgeon = person.specialty.is_some();
        let hospital = format!("H{:04}", index + 1);
        tables.sessions.push(SessionRow {
            session_id: id.clone(),
            practitioner_id: person.id.clone(),
            site_id: if self.site == 0 { hospital } else { format!("{hospital}-DAY") },
            start: format_moment(moment(self.date, self.from())),
            end: format_moment(moment(self.date, end)),
            slot_minutes: self.minutes.to_string(),
            delivery_channels: if surgeon { "in-person" } else { "in-person;telephone" }.to_owned(),
            features: self.features(surgeon).to_owned(),
            reserved_for: if self.urgent { "urgent" } else { "" }.to_owned(),
            additional: if self.additional { "true" } else { "" }.to_owned(),
            cost: if self.additional { COST_LIST.to_string() } else { String::new() },
            ..SessionRow::default()
        });
        for (number, taken) in self.slots.iter().enumerate() {
            tables.slots.push(SlotRow {
                slot_id: format!("{id}-{:02}", number + 1),
                session_id: id.clone(),
                start: format_moment(moment(self.date, self.from() + number as u32 * self.minutes)),
                duration_minutes: self.minutes.to_string(),
                status: if taken.is_some() { "busy" } else { "free" }.to_owned(),
                patient_id: taken.map_or_else(String::new, |patient| ids.patient(patient)),
                ..SlotRow::default()
            });
        }
    }
}
