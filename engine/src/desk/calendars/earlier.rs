//! What the calendars of an earlier run say.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use icalendar::parser::{Component, Property, read_calendar, unfold};

use super::super::Earlier;
use super::FOLDER;
use super::event::{Event, Listed};
use super::place::UID_DOMAIN;
use super::text::clean;
use super::write::ZONE;
use crate::error::{Error, Result};

/// A calendar holds a time zone with its rules, and events: nothing lies deeper. The reader goes down as deep as a file
/// says, so a file says no more than this.
const DEPTH: usize = 8;

/// All that an earlier run left.
#[derive(Debug, Default)]
pub struct Past {
    /// Its files, ascending by name.
    pub files: Vec<PastFile>,
    /// Their entries by UID.
    pub events: BTreeMap<String, PastEvent>,
}

/// A calendar of an earlier run.
#[derive(Debug)]
pub struct PastFile {
    /// Its name in the folder.
    pub name: String,
    /// What programs call it.
    pub title: String,
}

/// An entry of an earlier run.
#[derive(Debug)]
pub struct PastEvent {
    /// The name of its file.
    pub file: String,
    /// What it said.
    pub listed: Listed,
}

/// Reads the calendars of an earlier run; other files in their folder are nobody's business here.
///
/// # Errors
/// [`Error::Argument`] names the file that is not as that run left it.
pub fn read_past(earlier: &Earlier) -> Result<Past> {
    let mut past = Past::default();
    for (name, bytes) in earlier.under(FOLDER).filter(|(name, _)| is_calendar(name)) {
        let (title, events) = read_file(bytes).map_err(|why| {
            Error::Argument(format!(
                "{FOLDER}/{name} is not as an earlier run left it: {why}. Its numbers decide which entries a calendar \
                 program takes as newer, so nothing is guessed. Put the file back as it was, or move it out of the \
                 folder to begin it anew; then delete its entries from the calendars they were imported into."
            ))
        })?;
        past.files.push(PastFile { name: name.to_owned(), title });
        for (uid, listed) in events {
            let found = PastEvent { file: name.to_owned(), listed };
            // In two files only where a file has got another name since: the later one counts.
            match past.events.get(&uid) {
                Some(other) if other.listed.sequence >= found.listed.sequence => {}
                _ => _ = past.events.insert(uid, found),
            }
        }
    }
    Ok(past)
}

/// Whether a file in the folder is one of ours.
fn is_calendar(name: &str) -> bool {
    let name = name.to_lowercase();
    let ours = |stem: &str| ["clinician-", "site-"].iter().any(|kind| stem.starts_with(kind));
    name.strip_suffix(".ics").is_some_and(ours) && !name.contains(['/', '\\'])
}

/// The title and the entries of a file, or what is wrong with it.
fn read_file(bytes: &[u8]) -> std::result::Result<(String, BTreeMap<String, Listed>), String> {
    let text = unfold(std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?);
    if depth(&text) > DEPTH {
        return Err("its parts lie too deep in one another".to_owned());
    }
    let calendar = read_calendar(&text).map_err(|_| "it is not a whole iCalendar file".to_owned())?;
    let title = one(&calendar.properties, "X-WR-CALNAME")?.val.as_str();
    let mut events = BTreeMap::new();
    for component in &calendar.components {
        match component.name.as_str() {
            "VTIMEZONE" => {}
            "VEVENT" => {
                let (uid, listed) = read_event(component)?;
                if events.insert(uid.clone(), listed).is_some() {
                    return Err(format!("it has two entries with the UID {uid}"));
                }
            }
            other => return Err(format!("it has a {}, which no run writes", clean(other))),
        }
    }
    Ok((clean(title), events))
}

/// How deep the parts of a file lie in one another.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for line in text.lines().map(str::trim_start) {
        let begins =
            |word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if begins("BEGIN:") {
            now += 1;
            most = most.max(now);
        } else if begins("END:") {
            now = now.saturating_sub(1);
        }
    }
    most
}

/// The UID of an entry and what it says.
fn read_event(event: &Component<'_>) -> std::result::Result<(String, Listed), String> {
    let value = |name: &str| one(&event.properties, name).map(|property| property.val.as_str());
    let uid = value("UID")?;
    if !uid.ends_with(UID_DOMAIN) {
        return Err(format!("it has an entry of somebody else, with the UID {}", clean(uid)));
    }
    let odd = |name: &str| format!("the {name} of the entry {} is not as it was written", clean(uid));
    let time = |name: &str| moment(one(&event.properties, name)?).ok_or_else(|| odd(name));
    let is_cancelled = match value("STATUS")? {
        "TENTATIVE" => false,
        "CANCELLED" => true,
        _ => return Err(odd("STATUS")),
    };
    // The numbers of a calendar end there (RFC 5545 section 3.3.8); there must be one more.
    let sequence = value("SEQUENCE")?.parse().ok().filter(|number| *number < i32::MAX as u32);
    let said = Event {
        start: time("DTSTART")?,
        end: time("DTEND")?,
        location: value("LOCATION")?.to_owned(),
        summary: value("SUMMARY")?.to_owned(),
        is_cancelled,
    };
    Ok((uid.to_owned(), Listed { event: said, sequence: sequence.ok_or_else(|| odd("SEQUENCE"))? }))
}

/// The property of this name, of which there must be one.
fn one<'p, 'c>(properties: &'p [Property<'c>], name: &str) -> std::result::Result<&'p Property<'c>, String> {
    let mut found = properties.iter().filter(|property| property.name == name);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(format!("a {name} is missing")),
        (Some(_), Some(_)) => Err(format!("a {name} is there twice")),
    }
}

/// A time by London's clock, as it was written.
fn moment(property: &Property<'_>) -> Option<NaiveDateTime> {
    let [zone] = property.params.as_slice() else { return None };
    let is_london = zone.key == "TZID" && zone.val.as_ref().is_some_and(|zone| *zone == ZONE);
    let text = property.val.as_str();
    // The length, because the pattern alone takes fewer digits.
    if !is_london || text.len() != "20240722T090000".len() {
        return None;
    }
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()
}
