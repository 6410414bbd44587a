//! The appointment book: sessions and slots ahead, and who was booked in the sessions that were lost.

use chrono::NaiveDateTime;

use super::figures::{DUTY_TAKEN_EARLY, FILLED_ON_THE_DAY, GP_BOOKED_AHEAD, OTHER_BOOKED_AHEAD};
use super::frame::{Frame, moment};
use super::rota::{Clinic, Kind, State};
use super::rows::{SessionRow, SlotRow, Tables};
use super::sample::{Stream, WHOLE, interpolate};
use super::staff::Practice;
use crate::calendar::format_moment;

/// An appointment that was booked in a session that is lost.
#[derive(Debug, Clone, Copy)]
pub struct Lost {
    /// Patient number.
    pub patient: u32,
    /// Position in the practice's people.
    pub person: usize,
    /// What the session was for.
    pub kind: Kind,
    /// The only kind of care of the session, if it had one.
    pub care_types: &'static str,
    /// When it was to be.
    pub start: NaiveDateTime,
}

/// Share of the slots that are taken, so many days ahead.
fn taken(role: &str, kind: Kind, days: u32) -> u32 {
    let curve: &[(u32, u32)] = if role == "gp" { &GP_BOOKED_AHEAD } else { &OTHER_BOOKED_AHEAD };
    match kind {
        Kind::Duty if days == 0 => DUTY_TAKEN_EARLY,
        Kind::Additional | Kind::Duty => 0,
        _ => (u64::from(interpolate(curve, days)) * u64::from(FILLED_ON_THE_DAY) / u64::from(WHOLE)) as u32,
    }
}

/// Writes the sessions ahead into `part`; returns the appointments lost.
pub fn book(
    seed: u64,
    practice: &Practice,
    frame: &Frame,
    clinics: &[Clinic],
    part: &mut Tables,
) -> Vec<Lost> {
    let mut stream = Stream::new(seed, "book", practice.index as u64);
    let mut lost = Vec::new();
    for clinic in clinics {
        let person = &practice.people[clinic.person];
        // A lost session was booked as full as it would have been on its day.
        let share = match (clinic.state, clinic.kind) {
            (State::Blocked | State::Away, _) | (State::Lost, Kind::Duty) => 0,
            _ => taken(person.role, clinic.kind, frame.days_ahead(clinic.date)),
        };
        let ahead = clinic.date >= frame.start;
        if ahead {
            part.sessions.push(session_row(practice, clinic));
        }
        let mut before: Option<u32> = None;
        for (number, &minute) in clinic.slots.iter().enumerate() {
            let patient = 1 + stream.below(practice.list);
            let booked = stream.chance(share);
            // One appointment in twelve runs over two slots (assumption).
            let longer = stream.chance(830);
            let adjacent = number > 0 && clinic.slots[number - 1] + clinic.minutes == minute;
            let second = adjacent && longer && booked && before.is_some();
            let patient = before.filter(|_| second).unwrap_or(patient);
            if booked && clinic.state == State::Lost && !second {
                lost.push(Lost {
                    patient,
                    person: clinic.person,
                    kind: clinic.kind,
                    care_types: clinic.care_types,
                    start: moment(clinic.date, minute),
                });
            }
            before = booked.then_some(patient);
            if ahead {
                part.slots.push(slot_row(practice, clinic, number, booked.then_some(patient), &mut stream));
            }
        }
    }
    lost
}

fn session_row(practice: &Practice, clinic: &Clinic) -> SessionRow {
    let additional = clinic.kind == Kind::Additional;
    SessionRow {
        session_id: clinic.id.clone(),
        practitioner_id: practice.people[clinic.person].id.clone(),
        site_id: practice.sites[clinic.site].site_id.clone(),
        start: format_moment(moment(clinic.date, clinic.from)),
        end: format_moment(moment(clinic.date, clinic.to)),
        slot_minutes: clinic.minutes.to_string(),
        delivery_channels: clinic.channels.to_owned(),
        care_types: clinic.care_types.to_owned(),
        features: clinic.features.to_owned(),
        reserved_for: if clinic.kind == Kind::Duty { "urgent" } else { "" }.to_owned(),
        max_contacts: clinic.max_contacts.map_or_else(String::new, |n| n.to_string()),
        additional: if additional { "true" } else { "" }.to_owned(),
        cost: clinic.cost.map_or_else(String::new, |n| n.to_string()),
    }
}

fn slot_row(
    practice: &Practice,
    clinic: &Clinic,
    number: usize,
    patient: Option<u32>,
    stream: &mut Stream,
) -> SlotRow {
    let mut row = SlotRow {
        slot_id: format!("{}-{:02}", clinic.id, number + 1),
        session_id: clinic.id.clone(),
        start: format_moment(moment(clinic.date, clinic.slots[number])),
        duration_minutes: clinic.minutes.to_string(),
        ..SlotRow::default()
    };
    if let Some(places) = clinic.places {
        let taken = stream.below(places / 2 + 1);
        row.places = (places - taken).to_string();
        row.places_taken = taken.to_string();
    }
    let status = match (clinic.state, patient) {
        (State::Lost | State::Blocked, _) => "busy-unavailable",
        (_, Some(_)) if clinic.places.is_none() => {
            // One booking in forty waits for the patient's word (assumption).
            if stream.chance(250) { "busy-tentative" } else { "busy" }
        }
        _ => "free",
    };
    status.clone_into(&mut row.status);
    if status.starts_with("busy-t") || status == "busy" {
        row.patient_id = patient.map_or_else(String::new, |number| practice.ids.patient(number));
    }
    row
}
