//! Calendars: what is proposed for each practitioner and at each site, as iCalendar files (RFC 5545).
//!
//! An entry is a place that the plan proposes, or one that was accepted and is still ahead; people who share a group slot share an entry. It says when, where, how and
//! for how long, and nothing about a patient. Everything is tentative: nothing is booked.
//!
//! **Who an entry is.** Its UID is derived from the calendar it is in (of which practitioner, of which site) and from the
//! request or the group slot: the same in every run and on every machine. The calendars of a practitioner and of a site
//! give one appointment two UIDs. Somebody who puts both into one calendar sees it twice; but with one UID, an
//! appointment that moves to another practitioner would be taken away by the file it left, in whatever order the files
//! are imported.
//!
//! **What a later run does.** An entry of which something changed has a higher SEQUENCE. One that is proposed no more stays
//! in its file as cancelled, so that importing the file again takes it away. What an earlier run left decides the
//! numbers, so files that are not as that run left them are refused.
//!
//! **No METHOD.** `PUBLISH` asks for an organizer with an address (RFC 5546 section 3.2.1), and there is none; without a
//! method a file is a plain calendar.

mod earlier;
mod event;
mod place;
mod text;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::file_name::file_names;
use super::{Desk, Earlier};
use crate::calendar::utc_of_london;
use crate::error::Result;
use crate::tables::OutputFile;
use earlier::{Past, read_past};
use event::Listed;
use place::{Owner, places};
use write::{Heading, write_calendar};

/// The folder of all calendars.
const FOLDER: &str = "calendars";

/// A calendar that is being put together.
#[derive(Debug, Default)]
struct Calendar {
    /// Its name in the folder.
    file: String,
    /// What programs call it.
    title: String,
    /// By UID.
    events: BTreeMap<String, Listed>,
}

/// The calendars of every practitioner and every site for which something is proposed, or was in an earlier run.
///
/// # Errors
/// [`Error::Argument`](crate::Error::Argument) names a file of the earlier run that is not as that run left it.
pub fn calendars(desk: &Desk<'_>, earlier: &Earlier) -> Result<Vec<OutputFile>> {
    let past = read_past(earlier)?;
    let mut calendars = proposed(desk, &past);
    for file in &past.files {
        calendars.entry(file.name.to_lowercase()).or_insert_with(|| Calendar {
            file: file.name.clone(),
            title: file.title.clone(),
            events: BTreeMap::new(),
        });
    }
    let alive: BTreeSet<&String> = calendars.values().flat_map(|calendar| calendar.events.keys()).collect();
    let gone: Vec<_> = past.events.iter().filter(|(uid, _)| !alive.contains(uid)).collect();
    for (uid, found) in gone {
        if let Some(calendar) = calendars.get_mut(&found.file.to_lowercase()) {
            calendar.events.insert(uid.clone(), found.listed.cancelled());
        }
    }
    let policy = &desk.case.policy;
    let about = Heading::about(policy);
    Ok(calendars
        .into_values()
        .map(|Calendar { file, title, events }| {
            let heading = Heading { title: &title, about: &about, written: utc_of_london(policy.as_of) };
            OutputFile { name: format!("{FOLDER}/{file}"), bytes: write_calendar(&heading, events) }
        })
        .collect())
}

/// What the plan proposes or was accepted, by the names of the files in small letters.
fn proposed(desk: &Desk<'_>, past: &Past) -> BTreeMap<String, Calendar> {
    let clinicians = file_names(desk.case.clinicians.iter().map(|one| one.practitioner_id.as_str()));
    let sites = file_names(desk.case.sites.iter().map(|one| one.site_id.as_str()));
    let mut calendars: BTreeMap<String, Calendar> = BTreeMap::new();
    for place in places(desk) {
        for owner in [Owner::Clinician(place.clinician), Owner::Site(place.site)] {
            let names = if matches!(owner, Owner::Clinician(_)) { &clinicians } else { &sites };
            // invariant: the practitioner and the site of a session are those of the case.
            let Some(name) = names.get(owner.id()) else { continue };
            let file = format!("{}-{name}.ics", owner.kind());
            let calendar = calendars.entry(file.to_lowercase()).or_insert_with(|| Calendar {
                file,
                title: owner.title(),
                events: BTreeMap::new(),
            });
            let (uid, event) = (place.uid(owner), place.event(owner));
            let before = past.events.get(&uid).map(|found| &found.listed);
            calendar.events.insert(uid, Listed::after(before, event));
        }
    }
    calendars
}
