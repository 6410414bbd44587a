//! A change in words: what would have to be so, or what would be needed.

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_decimal::Decimal;

use super::change::Change;
use super::words;
use crate::model::{ContactRoute, DeliveryChannel};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Parts of a day in minutes, with their names.
pub(super) const DAY_PARTS: [(u32, u32, &str); 3] = [
    (8 * 60, 13 * 60, "mornings"),
    (13 * 60, 18 * 60 + 30, "afternoons"),
    (18 * 60 + 30, 22 * 60, "evenings"),
];

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl Change {
    /// In words for the request it is a change for; another one whose row it changes is named.
    pub(super) fn in_words(&self, of: &str) -> String {
        let other = self.request_id().filter(|&id| id != of);
        let it = other.unwrap_or("it");
        let patient = other.map_or("the patient".to_owned(), |id| format!("the patient of {id}"));
        let allowed = other.map_or("allowed".to_owned(), |id| format!("allowed {id}"));
        let would_do = other.map_or("would do".to_owned(), |id| format!("would do for {id}"));
        let contacts = |most: u32| words::count(most as usize, "contact", "contacts");
        match self {
            Self::AlsoAvailable { weekday, from, to, .. } => {
                let day = WEEKDAYS[usize::from(*weekday) % 7];
                let known = DAY_PARTS.iter().find(|part| (part.0, part.1) == (*from, *to));
                let (from, to) = (clock(*from), clock(*to));
                known.map_or_else(
                    || format!("if {patient} could also come on {day}s from {from} to {to}"),
                    |(_, _, part)| format!("if {patient} could also come on {day} {part}"),
                )
            }
            Self::AlsoOnDate { date, .. } => {
                format!("if {patient} could come on {} after all", words::date(*date))
            }
            Self::OtherRoute { route, .. } => {
                let how = match route {
                    ContactRoute::Phone => "by phone",
                    ContactRoute::Sms => "by text message",
                    ContactRoute::App => "in the app",
                    ContactRoute::Letter => "by letter",
                    ContactRoute::Clinician => "by a clinician",
                };
                format!("if {patient} could be told {how}")
            }
            Self::OtherChannel { channel, .. } => {
                let how = match channel {
                    DeliveryChannel::InPerson => "in person",
                    DeliveryChannel::Telephone => "by telephone",
                    DeliveryChannel::Video => "by video",
                    DeliveryChannel::HomeVisit => "as a home visit",
                };
                format!("if {it} could also be held {how}")
            }
            Self::AnyPractitioner { .. } => {
                format!("if another practitioner than the preferred one {would_do}")
            }
            Self::AnyGender { .. } => format!("if a practitioner of any gender {would_do}"),
            Self::LongerWindow { latest_date, .. } => {
                format!("if a clinician {allowed} a date as late as {}", words::date(*latest_date))
            }
            Self::EarlierWindow { earliest_date, .. } => {
                format!("if a clinician {allowed} a date as early as {}", words::date(*earliest_date))
            }
            Self::OtherInterval { after_request_id, after_min_days, after_max_days, .. } => format!(
                "if a clinician {allowed} {after_min_days} to {after_max_days} days after {after_request_id}"
            ),
            Self::Unlinked { after_request_id, .. } => {
                format!("if a clinician agreed that {it} need not come after {after_request_id}")
            }
            Self::BookedApart { .. } => format!("if {it} could be booked apart from the rest of its visit"),
            Self::MoreSlots {
                count, minutes, role, site_id, start, gender, skills, practitioner_id, ..
            } => {
                let slots = if *count == 1 { "slot" } else { "slots" };
                let whom = match (practitioner_id, gender) {
                    (Some(id), _) => format!(" with {id}"),
                    (None, Some(gender)) => format!(" with a {gender} practitioner"),
                    (None, None) if skills.is_empty() => String::new(),
                    (None, None) => " with a practitioner".to_owned(),
                };
                let able = if skills.is_empty() || practitioner_id.is_some() {
                    String::new()
                } else {
                    format!(" who has {}", words::list(skills))
                };
                let (date, hour, minute) = (words::date(start.date()), start.hour(), start.minute());
                format!(
                    "{count} more {role} {slots} of {minutes} minutes{whom}{able} at {site_id} on {date} from \
                     {hour:02}:{minute:02}"
                )
            }
            Self::MoreContactsDay { practitioner_id, most, now } => {
                format!("{} a day for {practitioner_id} instead of {now}", contacts(*most))
            }
            Self::MoreContactsSession { session_id, most, now } => {
                format!("{} in {session_id} instead of {now}", contacts(*most))
            }
            Self::MoreCalls { site_id, calls_per_day, now } => {
                let calls = words::count(*calls_per_day as usize, "call", "calls");
                format!("{calls} a day at {site_id} instead of {now}")
            }
            Self::LessReserve { role, fraction, now } => {
                let percent = |fraction: &Decimal| (*fraction * Decimal::ONE_HUNDRED).normalize();
                let (less, now) = (percent(fraction), percent(now));
                format!("a reserve of {less} % of {role} time for new demand instead of {now} %")
            }
            Self::Provide { session_id, date, need } => {
                format!("if {need} were provided in {session_id} on {}", words::date(*date))
            }
            Self::ExtraSessions => "if the additional sessions were used".to_owned(),
        }
    }
}

/// The part of a day, in minutes, that an appointment on that day is in; its own minutes where it is in none.
pub(super) fn part_of_day(start: NaiveDateTime, end: NaiveDateTime) -> (u8, u32, u32) {
    let minute = |moment: NaiveDateTime| moment.hour() * 60 + moment.minute();
    let from = minute(start);
    // An end inside a minute, or past midnight, is rounded up to what still covers it.
    let length = (end - start).num_minutes().max(1) as u32 + u32::from(start.second() > 0);
    let to = from + length;
    let weekday = start.weekday().num_days_from_monday() as u8;
    let part = DAY_PARTS.iter().find(|part| part.0 <= from && to <= part.1);
    part.map_or((weekday, from, to), |part| (weekday, part.0, part.1))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_change_to_another_row_names_it() {
        let latest_date = NaiveDate::from_ymd_opt(2024, 8, 2).unwrap();
        let later = Change::LongerWindow { request_id: "R1".to_owned(), latest_date };
        assert_eq!(later.in_words("R1"), "if a clinician allowed a date as late as Fri 2 Aug");
        assert_eq!(later.in_words("R2"), "if a clinician allowed R1 a date as late as Fri 2 Aug");
        let unlinked = Change::Unlinked { request_id: "R1".to_owned(), after_request_id: "R0".to_owned() };
        assert_eq!(unlinked.in_words("R1"), "if a clinician agreed that it need not come after R0");
        assert_eq!(unlinked.in_words("R2"), "if a clinician agreed that R1 need not come after R0");
        let also = Change::AlsoAvailable { request_id: "R1".to_owned(), weekday: 0, from: 480, to: 780 };
        assert_eq!(also.in_words("R2"), "if the patient of R1 could also come on Monday mornings");
    }
}
