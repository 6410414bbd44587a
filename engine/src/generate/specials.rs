//! The sessions that are not like the others: duty cover, clinics for one kind of care, groups, interpreters, and
//! sessions that can be bought.

use chrono::Datelike;

use super::figures::{COST_GP_SESSION, COST_NURSE_SESSION};
use super::frame::Frame;
use super::rota::{Clinic, DUTY, DUTY_HALVES, Half, Kind, State};
use super::sample::Stream;
use super::staff::{Practice, Shape};

/// Turns some sessions into special ones and adds others.
pub fn add(practice: &Practice, frame: &Frame, clinics: &mut Vec<Clinic>, stream: &mut Stream) {
    cover_duties(practice, frame, clinics);
    nurse_clinics(practice, frame, clinics, stream);
    interpreters(practice, frame, clinics, stream);
    minor_operations(practice, frame, clinics);
    additional(practice, frame, clinics);
}

/// The first of a role, who has every skill that the practice offers.
fn first_of(practice: &Practice, role: &str) -> Option<usize> {
    practice.teams.iter().find(|team| team.role == role).and_then(|team| team.people.first()).copied()
}

fn is_open(clinic: &Clinic) -> bool {
    clinic.kind == Kind::Routine && clinic.state == State::Held
}

/// Where the duty doctor is away, the first GP who has no session then stands in, as far as all is released.
fn cover_duties(practice: &Practice, frame: &Frame, clinics: &mut Vec<Clinic>) {
    let Some(gps) = practice.teams.first() else { return };
    for date in frame.working_days().into_iter().take_while(|date| frame.days_ahead(*date) < 14) {
        for half in DUTY_HALVES.into_iter().take(if practice.duty_all_day { 2 } else { 1 }) {
            let same = |clinic: &Clinic| clinic.date == date && clinic.id.ends_with(half.letter);
            if clinics.iter().any(|clinic| same(clinic) && clinic.kind == Kind::Duty) {
                continue;
            }
            let idle = gps.people.iter().copied().find(|&person| {
                !practice.people[person].is_away(date)
                    && !clinics.iter().any(|clinic| same(clinic) && clinic.person == person)
            });
            if let Some(person) = idle {
                let mut clinic = Clinic::new(practice, person, 0, date, half, DUTY);
                clinic.kind = Kind::Duty;
                clinic.channels = "in-person;telephone";
                clinics.push(clinic);
            }
        }
    }
}

/// The first nurse's week: a baby clinic on one morning, long-term conditions on one afternoon, on the days behind
/// too; once, instead of that afternoon, a group.
fn nurse_clinics(practice: &Practice, frame: &Frame, clinics: &mut [Clinic], stream: &mut Stream) {
    let (baby_day, review_day) = (stream.below(5), stream.below(5));
    let nurse = first_of(practice, "practice-nurse");
    let mut group = practice.list >= 5_000;
    for clinic in clinics.iter_mut().filter(|clinic| Some(clinic.person) == nurse) {
        let weekday = clinic.date.weekday().num_days_from_monday();
        if clinic.id.ends_with('A') && weekday == baby_day {
            clinic.kind = Kind::Clinic;
            clinic.care_types = "childhood-immunisation";
        } else if clinic.id.ends_with('P') && group && is_open(clinic) && frame.days_ahead(clinic.date) >= 7 {
            group = false;
            clinic.kind = Kind::Group;
            clinic.care_types = "diabetes-review";
            clinic.minutes = 60;
            clinic.slots = vec![clinic.from + 30, clinic.from + 90];
            clinic.places = Some(8);
        } else if clinic.id.ends_with('P') && weekday == review_day {
            clinic.kind = Kind::Clinic;
            clinic.care_types = "diabetes-review;respiratory-review";
            clinic.minutes = 30;
            clinic.slots = (0..6).map(|n| clinic.from + n * 30).collect();
        }
    }
}

/// GP sessions with an interpreter booked, in the first two weeks.
fn interpreters(practice: &Practice, frame: &Frame, clinics: &mut [Clinic], stream: &mut Stream) {
    for (week, tag) in [(0, "language:so"), (1, "bsl"), (1, "language:so")] {
        let fits = |clinic: &Clinic| {
            practice.people[clinic.person].role == "gp"
                && is_open(clinic)
                && clinic.features.is_empty()
                && frame.days_ahead(clinic.date) / 7 == week
        };
        let positions: Vec<usize> = (0..clinics.len()).filter(|&n| fits(&clinics[n])).collect();
        if !positions.is_empty() {
            let at = positions[stream.below(positions.len() as u32) as usize];
            clinics[at].features = tag;
        }
    }
}

/// One afternoon of minor operations, coils and implants.
fn minor_operations(practice: &Practice, frame: &Frame, clinics: &mut [Clinic]) {
    let surgeon = first_of(practice, "gp");
    let list = clinics.iter_mut().find(|clinic| {
        Some(clinic.person) == surgeon && is_open(clinic) && frame.days_ahead(clinic.date) >= 7
    });
    if let Some(clinic) = list {
        clinic.kind = Kind::Clinic;
        clinic.care_types = "minor-surgery;coil;implant";
        clinic.channels = "in-person";
        clinic.features = "";
        clinic.minutes = 30;
        clinic.slots = (0..5).map(|n| clinic.from + n * 30).collect();
        clinic.max_contacts = None;
    }
}

/// Saturday sessions that can be bought: a GP's in the first week, a nurse's in the second.
fn additional(practice: &Practice, frame: &Frame, clinics: &mut Vec<Clinic>) {
    let saturdays = frame.weekdays(5);
    let offers = [
        ("gp", 0, 15, 12, COST_GP_SESSION, "in-person;telephone"),
        ("practice-nurse", 1, 20, 8, COST_NURSE_SESSION, "in-person"),
    ];
    for (role, week, minutes, slots, cost, channels) in offers {
        let (Some(person), Some(&date)) = (first_of(practice, role), saturdays.get(week)) else { continue };
        let shape = Shape { minutes, slots, morning_only: false };
        let mut clinic = Clinic::new(practice, person, 0, date, Half { letter: 'A', from: 9 * 60 }, shape);
        clinic.kind = Kind::Additional;
        clinic.channels = channels;
        clinic.cost = Some(cost);
        clinics.push(clinic);
    }
}
