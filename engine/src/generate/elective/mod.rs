//! A hospital whose theatre lists were lost: priorities P1a to P4, lists with features, pre-assessment first.

mod figures;
mod lists;
mod requests;

use super::Options;
use super::frame::Frame;
use super::rows::{ClinicianRow, SiteRow, Tables};
use super::sample::Stream;
use super::staff::Ids;
use figures::{CALLS, DAYS_LOST, NURSES, SPECIALTIES, Specialty};

/// Days ahead that the theatre book shows: the policy's horizon.
const DAYS_AHEAD: u32 = 56;

/// Somebody with lists.
struct Person {
    id: String,
    /// `None` for a pre-assessment nurse.
    specialty: Option<&'static Specialty>,
}

/// Hospital number `index`.
pub fn hospital(options: &Options, index: usize) -> Tables {
    let ids = Ids::new(index, options.practices() == 1);
    let frame = Frame::new(options.start, DAYS_LOST, DAYS_AHEAD);
    let mut stream = Stream::new(options.seed, "hospital", index as u64);
    let mut tables = Tables { sites: sites(index), ..Tables::default() };
    let mut people = Vec::new();
    let nurses = ("PAN", "pre-assessment-nurse", NURSES.0);
    let surgeons = SPECIALTIES.iter().map(|s| (s.code, s.role, s.consultants));
    for ((code, role, count), specialty) in
        surgeons.zip(SPECIALTIES.iter().map(Some)).chain(std::iter::once((nurses, None)))
    {
        for number in 1..=count {
            let id = ids.of(&format!("{code}{number}"));
            tables.clinicians.push(ClinicianRow {
                practitioner_id: id.clone(),
                role: role.to_owned(),
                gender: if stream.chance(4_500) { "female" } else { "male" }.to_owned(),
                ..ClinicianRow::default()
            });
            people.push(Person { id, specialty });
        }
    }
    let lost = lists::book(options.seed, index, &people, &ids, &frame, &mut tables);
    requests::add(options, index, &people, &ids, &frame, lost, &mut tables);
    tables
}

/// The main site, and a day-surgery site without beds.
fn sites(index: usize) -> Vec<SiteRow> {
    let hospital = format!("H{:04}", index + 1);
    let features = ["step-free;hoist;hearing-loop", "step-free"];
    ["", "-DAY"]
        .iter()
        .zip(features)
        .zip(CALLS)
        .map(|((suffix, features), calls)| SiteRow {
            site_id: format!("{hospital}{suffix}"),
            name: format!("Hospital {}{}", index + 1, if suffix.is_empty() { "" } else { ", day surgery" }),
            practice: hospital.clone(),
            features: features.to_owned(),
            calls_per_day: calls.to_owned(),
            ..SiteRow::default()
        })
        .collect()
}
