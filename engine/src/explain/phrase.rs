//! A change in words: what would have to be so, or what would be needed.

use std::fmt;

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

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlsoAvailable { weekday, from, to, .. } => {
                let day = WEEKDAYS[usize::from(*weekday) % 7];
                let known = DAY_PARTS.iter().find(|part| (part.0, part.1) == (*from, *to));
                if let Some((_, _, part)) = known {
                    return write!(f, "if the patient could also come on {day} {part}");
                }
                let (from, to) = (clock(*from), clock(*to));
                write!(f, "if the patient could also come on {day}s from {from} to {to}")
            }
            Self::AlsoOnDate { date, .. } => {
                write!(f, "if the patient could come on {} after all", words::date(*date))
            }
            Self::OtherRoute { route, .. } => {
                let how = match route {
                    ContactRoute::Phone => "by phone",
                    ContactRoute::Sms => "by text message",
                    ContactRoute::App => "in the app",
                    ContactRoute::Letter => "by letter",
                    ContactRoute::Clinician => "by a clinician",
                };
                write!(f, "if the patient could be told {how}")
            }
            Self::OtherChannel { channel, .. } => {
                let how = match channel {
                    DeliveryChannel::InPerson => "in person",
                    DeliveryChannel::Telephone => "by telephone",
                    DeliveryChannel::Video => "by video",
                    DeliveryChannel::HomeVisit => "as a home visit",
                };
                write!(f, "if it could also be held {how}")
            }
            Self::AnyPractitioner { .. } => {
                write!(f, "if another practitioner than the preferred one would do")
            }
            Self::AnyGender { .. } => write!(f, "if a practitioner of any gender would do"),
            Self::LongerWindow { latest_date, .. } => {
                write!(f, "if a clinician allowed a date as late as {}", words::date(*latest_date))
            }
            Self::EarlierWindow { earliest_date, .. } => {
                write!(f, "if a clinician allowed a date as early as {}", words::date(*earliest_date))
            }
            Self::OtherInterval { after_request_id, after_min_days, after_max_days, .. } => write!(
                f,
                "if a clinician allowed {after_min_days} to {after_max_days} days after {after_request_id}"
            ),
            Self::Unlinked { after_request_id, .. } => {
                write!(f, "if a clinician agreed that it need not come after {after_request_id}")
            }
            Self::BookedApart { .. } => write!(f, "if it could be booked apart from the rest of its visit"),
            Self::MoreSlots {
                count, minutes, role, site_id, start, gender, skills, practitioner_id, ..
            } => {
                let slots = if *count == 1 { "slot" } else { "slots" };
                write!(f, "{count} more {role} {slots} of {minutes} minutes")?;
                match (practitioner_id, gender) {
                    (Some(id), _) => write!(f, " with {id}")?,
                    (None, Some(gender)) => write!(f, " with a {gender} practitioner")?,
                    (None, None) if skills.is_empty() => {}
                    (None, None) => f.write_str(" with a practitioner")?,
                }
                if !skills.is_empty() && practitioner_id.is_none() {
                    write!(f, " who has {}", words::list(skills))?;
                }
                write!(f, " at {site_id} on {}", words::date(start.date()))?;
                write!(f, " from {:02}:{:02}", start.hour(), start.minute())
            }
            Self::MoreContactsDay { practitioner_id, most, now } => {
                write!(f, "{most} contacts a day for {practitioner_id} instead of {now}")
            }
            Self::MoreContactsSession { session_id, most, now } => {
                write!(f, "{most} contacts in {session_id} instead of {now}")
            }
            Self::MoreCalls { site_id, calls_per_day, now } => {
                write!(f, "{calls_per_day} calls a day at {site_id} instead of {now}")
            }
            Self::LessReserve { role, fraction, now } => {
                let percent = |fraction: &Decimal| (*fraction * Decimal::ONE_HUNDRED).normalize();
                let (less, now) = (percent(fraction), percent(now));
                write!(f, "a reserve of {less} % of {role} time for new demand instead of {now} %")
            }
            Self::Provide { session_id, date, need } => {
                write!(f, "if {need} were provided in {session_id} on {}", words::date(*date))
            }
            Self::ExtraSessions => write!(f, "if the additional sessions were used"),
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
