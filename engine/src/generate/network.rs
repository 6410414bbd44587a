//! A primary care network: its practices and its hub.

use super::Options;
use super::Profile;
use super::book;
use super::figures::{
    AFFECTED, DAY_LOST, FILLED_ON_THE_DAY, HUB_MINUTES_PER_1000_WEEK, HUB_SHARED, LIST_SIZES,
    OTHER_BOOKED_AHEAD, PRACTICE_LIST, SAME_SYSTEM,
};
use super::frame::{Frame, moment};
use super::links;
use super::requests;
use super::rota;
use super::rows::{ClinicianRow, SessionRow, SiteRow, SlotRow, Tables};
use super::sample::{Stream, WHOLE, interpolate};
use super::staff::{Practice, PracticeProfile, network_code, place, site_in_network};
use crate::calendar::format_moment;

/// Practices of a network.
pub const PRACTICES: usize = 5;

/// Days ahead that the book shows: the policy's horizon.
const DAYS_AHEAD: u32 = 28;

/// The longest outage that is tried for as many requests as are asked for.
const MOST_OUTAGE_DAYS: usize = 20;

/// Network number `network` with so many practices.
pub fn network(options: &Options, network: usize, practices: usize) -> Tables {
    let alone = options.practices() == 1;
    let mut part = Tables::default();
    let mut system = Stream::new(options.seed, "system", network as u64);
    let affected = system.chance(AFFECTED);
    let mut patients = 0;
    for member in 0..practices {
        let index = network * PRACTICES + member;
        let profile = profile(options, network, index, affected);
        patients += u64::from(profile.list);
        practice(options, index, alone, &profile, &mut part);
    }
    let frame = Frame::new(options.start, 1, DAYS_AHEAD);
    hub(options.seed, network, patients, alone, &frame, &mut part);
    part
}

/// What is drawn for a practice before its staff.
fn profile(options: &Options, network: usize, index: usize, affected: bool) -> PracticeProfile {
    let mut stream = Stream::new(options.seed, "practice", index as u64);
    let size = stream.quantile(&LIST_SIZES).max(LIST_SIZES[0].1);
    // The one practice is of ordinary size; those of the network fixture differ, but none is tiny.
    let list = match options.profile {
        _ if options.patients.is_some() => options.patients.unwrap_or(PRACTICE_LIST),
        Profile::Practice => PRACTICE_LIST - 250 + 50 * stream.below(11),
        Profile::Pcn => size.clamp(4_000, 14_000),
        _ => size,
    };
    let same = stream.chance(SAME_SYSTEM);
    let share = stream.choose(&DAY_LOST);
    let imd = 1 + stream.below(10);
    let lost = match options.profile {
        Profile::Practice => WHOLE,
        Profile::Pcn => share,
        _ if affected == same => share,
        _ => 0,
    };
    PracticeProfile { list, imd, lost, network }
}

fn practice(options: &Options, index: usize, alone: bool, profile: &PracticeProfile, part: &mut Tables) {
    // Where more requests are asked for than one lost day makes, the outage began earlier.
    let mut outage_days = 1;
    loop {
        let frame = Frame::new(options.start, outage_days, DAYS_AHEAD);
        let practice = Practice::new(options.seed, index, alone, &frame, profile);
        let mut own = Tables::default();
        let clinics = rota::rota(options.seed, &practice, &frame);
        let lost = book::book(options.seed, &practice, &frame, &clinics, &mut own);
        own.requests = requests::requests(options.seed, &practice, &frame, lost, options.requests);
        let enough = options.requests.is_none_or(|wanted| own.requests.len() >= wanted);
        if !enough && outage_days < MOST_OUTAGE_DAYS && profile.lost > 0 {
            outage_days += 1;
            continue;
        }
        links::link(options.seed, &practice, &mut own.requests);
        own.clinicians = practice.clinicians;
        own.sites = practice.sites;
        part.append(own);
        return;
    }
}

/// A session of the hub in the order in which they are opened: weekday (0 = Monday), first minute, slots, and
/// the position of the clinician.
const HUB_SESSIONS: [(u8, u32, u32, usize); 12] = [
    (2, 18 * 60 + 30, 6, 0),
    (5, 9 * 60, 11, 0),
    (0, 18 * 60 + 30, 6, 2),
    (4, 18 * 60 + 30, 6, 1),
    (1, 18 * 60 + 30, 6, 0),
    (5, 9 * 60, 11, 2),
    (3, 18 * 60 + 30, 6, 1),
    (5, 13 * 60 + 30, 11, 0),
    (0, 18 * 60 + 30, 6, 0),
    (2, 18 * 60 + 30, 6, 2),
    (5, 13 * 60 + 30, 11, 1),
    (4, 18 * 60 + 30, 6, 2),
];
const HUB_STAFF: [(&str, &str, &str, &str); 3] = [
    ("HUB-GP1", "gp", "female", "prescriber;cervical-sampling"),
    ("HUB-ANP1", "anp", "male", "prescriber"),
    ("HUB-PN1", "practice-nurse", "female", "cervical-sampling;dressings;injections;childhood-imms;inr"),
];

/// The hub: evenings and Saturdays, released two weeks ahead.
fn hub(seed: u64, network: usize, patients: u64, alone: bool, frame: &Frame, part: &mut Tables) {
    let mut stream = Stream::new(seed, "hub", network as u64);
    let prefix = if alone { String::new() } else { format!("{}-", network_code(network)) };
    let site_id = format!("{}-HUB", network_code(network));
    let (latitude, longitude) = place(network, &mut stream);
    part.sites.push(SiteRow {
        site_id: site_id.clone(),
        name: format!("Hub of network {}", network + 1),
        hub: "true".to_owned(),
        features: "step-free;hearing-loop;language:pl;language:ur".to_owned(),
        latitude,
        longitude,
        ..site_in_network(network)
    });
    for (id, role, gender, skills) in HUB_STAFF {
        part.clinicians.push(ClinicianRow {
            practitioner_id: format!("{prefix}{id}"),
            role: role.to_owned(),
            gender: gender.to_owned(),
            skills: skills.to_owned(),
            ..ClinicianRow::default()
        });
    }
    let wanted = patients * HUB_MINUTES_PER_1000_WEEK / 1_000 * HUB_SHARED / u64::from(WHOLE) / 15;
    let mut opened = 0;
    for (weekday, from, slots, whose) in HUB_SESSIONS {
        if opened >= wanted {
            break;
        }
        opened += u64::from(slots);
        for date in frame.weekdays(weekday) {
            let days = frame.days_ahead(date);
            if days >= 14 {
                continue;
            }
            let letter = if weekday == 5 && from < 12 * 60 {
                'A'
            } else if weekday == 5 {
                'P'
            } else {
                'E'
            };
            let id = format!("{prefix}{}-{}{letter}", HUB_STAFF[whose].0, date.format("%m%d"));
            part.sessions.push(SessionRow {
                session_id: id.clone(),
                practitioner_id: format!("{prefix}{}", HUB_STAFF[whose].0),
                site_id: site_id.clone(),
                start: format_moment(moment(date, from)),
                end: format_moment(moment(date, from + slots * 15 + if slots > 6 { 15 } else { 0 })),
                slot_minutes: "15".to_owned(),
                delivery_channels: if whose == 2 { "in-person" } else { "in-person;telephone" }.to_owned(),
                ..SessionRow::default()
            });
            let share = interpolate(&OTHER_BOOKED_AHEAD, days) * FILLED_ON_THE_DAY / WHOLE;
            for number in 0..slots {
                let busy = stream.chance(share);
                let pause = if slots > 6 && number >= 6 { 15 } else { 0 };
                part.slots.push(SlotRow {
                    slot_id: format!("{id}-{:02}", number + 1),
                    session_id: id.clone(),
                    start: format_moment(moment(date, from + number * 15 + pause)),
                    duration_minutes: "15".to_owned(),
                    status: if busy { "busy" } else { "free" }.to_owned(),
                    ..SlotRow::default()
                });
            }
        }
    }
}
