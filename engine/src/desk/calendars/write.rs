//! Calendars as bytes.
//!
//! The crate that reads them back does not write them: it puts the machine's time and a random UID on whatever has none,
//! a time zone among them, and lets through lines of 76 octets.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::event::Listed;
use super::text::{clean, escape};
use crate::model::Policy;

/// Octets of a line, its end apart (RFC 5545 section 3.1).
const LINE: usize = 75;

/// The time zone of everything.
pub const ZONE: &str = "Europe/London";

/// London's clock since the rule of today was made: put forward to 02:00 when it shows 01:00 on the last Sunday of March,
/// and back to 01:00 when it shows 02:00 on the last Sunday of October.
const ZONE_RULES: &[(&str, &str)] = &[
    ("BEGIN", "VTIMEZONE"),
    ("TZID", ZONE),
    ("BEGIN", "DAYLIGHT"),
    ("DTSTART", "19960331T010000"),
    ("RRULE", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
    ("TZNAME", "BST"),
    ("TZOFFSETFROM", "+0000"),
    ("TZOFFSETTO", "+0100"),
    ("END", "DAYLIGHT"),
    ("BEGIN", "STANDARD"),
    ("DTSTART", "19961027T020000"),
    ("RRULE", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
    ("TZNAME", "GMT"),
    ("TZOFFSETFROM", "+0100"),
    ("TZOFFSETTO", "+0000"),
    ("END", "STANDARD"),
    ("END", "VTIMEZONE"),
];

/// What a file says about itself.
#[derive(Debug)]
pub struct Heading<'a> {
    /// What programs call the calendar.
    pub title: &'a str,
    /// What it is.
    pub about: &'a str,
    /// When the book was read, in UTC.
    pub written: NaiveDateTime,
}

impl Heading<'_> {
    /// What a calendar made under this policy is.
    pub fn about(policy: &Policy) -> String {
        let approved = match clean(&policy.approved_by) {
            by if by.is_empty() => "not approved".to_owned(),
            by => format!("approved by {by}"),
        };
        let (name, version) = (clean(&policy.name), clean(&policy.version));
        format!("Proposals only: nothing is booked. Policy: {name}, version {version}, {approved}.")
    }
}

/// A calendar with its entries by UID.
pub fn write_calendar(heading: &Heading<'_>, events: BTreeMap<String, Listed>) -> Vec<u8> {
    let mut in_order: Vec<(String, Listed)> = events.into_iter().collect();
    in_order
        .sort_by(|(uid, one), (other, another)| (one.event.start, uid).cmp(&(another.event.start, other)));
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//rebook//Proposed appointments//EN");
    lines.add("CALSCALE", "GREGORIAN");
    lines.text("X-WR-CALNAME", heading.title);
    lines.text("X-WR-CALDESC", heading.about);
    lines.add("X-WR-TIMEZONE", ZONE);
    for (name, value) in ZONE_RULES {
        lines.add(name, value);
    }
    let written = format!("{}Z", moment(heading.written));
    for (uid, Listed { event, sequence }) in &in_order {
        // What is proposed no more takes nobody's time.
        let (status, takes) =
            if event.is_cancelled { ("CANCELLED", "TRANSPARENT") } else { ("TENTATIVE", "OPAQUE") };
        lines.add("BEGIN", "VEVENT");
        lines.text("UID", uid);
        lines.add("DTSTAMP", &written);
        lines.add("SEQUENCE", &sequence.to_string());
        lines.add(&format!("DTSTART;TZID={ZONE}"), &moment(event.start));
        lines.add(&format!("DTEND;TZID={ZONE}"), &moment(event.end));
        lines.text("SUMMARY", &event.summary);
        lines.text("LOCATION", &event.location);
        lines.add("STATUS", status);
        lines.add("CLASS", "PRIVATE");
        lines.add("TRANSP", takes);
        lines.add("END", "VEVENT");
    }
    lines.add("END", "VCALENDAR");
    lines.0.into_bytes()
}

fn moment(moment: NaiveDateTime) -> String {
    moment.format("%Y%m%dT%H%M%S").to_string()
}

/// The lines of a file.
#[derive(Debug, Default)]
struct Lines(String);

impl Lines {
    /// A property with a value of ours.
    fn add(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// A property with a text.
    fn text(&mut self, name: &str, text: &str) {
        self.add(name, &escape(text));
    }

    /// A line, folded so that no character is cut. The blank before what goes on is an octet of its line.
    fn fold(&mut self, line: &str) {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(line: &str) -> String {
        let mut lines = Lines::default();
        lines.fold(line);
        lines.0
    }

    #[test]
    fn lines_are_folded_at_75_octets_and_between_characters() {
        let (full, rest) = ("x".repeat(75), "y".repeat(74));
        assert_eq!(folded(&full), format!("{full}\r\n"));
        assert_eq!(folded(&format!("{full}{rest}")), format!("{full}\r\n {rest}\r\n"));
        assert_eq!(folded(&format!("{full}{rest}z")), format!("{full}\r\n {rest}\r\n z\r\n"));
        for wide in ["\u{e9}", "\u{8001}", "\u{1f3e5}"] {
            for shift in 0..5 {
                let line = format!("{}{}", "x".repeat(shift), wide.repeat(99));
                let folded = folded(&line);
                assert!(folded.split("\r\n").all(|line| line.len() <= LINE), "{folded}");
                assert_eq!(folded.replace("\r\n ", "").trim_end(), line);
            }
        }
    }
}
