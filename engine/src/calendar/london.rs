//! What the clock in London shows at an instant, and the instant that it means.
//!
//! The rule since 1996: summer time from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// The last Sunday of a month that has 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(u64::from(last.weekday().num_days_from_sunday())))
}

/// Whether a time is in the summer half that begins and ends at this hour of the two Sundays.
fn summer(at: NaiveDateTime, hour: u32) -> bool {
    let turn = |month| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
        Some(last_sunday(at.year(), month)?.and_time(time))
    };
    turn(3).zip(turn(10)).is_some_and(|(from, to)| from <= at && at < to)
}

/// What the clock in London shows at this time of UTC.
pub fn london(utc: NaiveDateTime) -> NaiveDateTime {
    if summer(utc, 1) { utc + TimeDelta::hours(1) } else { utc }
}

/// Whether the clock in London shows this time twice: the hour from 01:00 when summer time ends.
pub fn is_repeated(local: NaiveDateTime) -> bool {
    local.hour() == 1 && last_sunday(local.year(), 10) == Some(local.date())
}

/// An instant as FHIR writes it, such as `2024-07-22T09:00:00+01:00`. Of a time that the clock shows twice the first is
/// meant, that of summer time; a time that it skips stands as if it had not.
pub fn format_instant(local: NaiveDateTime) -> String {
    // The clock shows 02:00 where summer time begins after the skipped hour, and where it ends.
    let offset = if summer(local, 2) { "+01:00" } else { "+00:00" };
    format!("{}{offset}", local.format("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        crate::calendar::parse_moment(text).expect("a time")
    }

    #[test]
    fn the_clock_turns_on_the_last_sundays_at_one_utc() {
        for (utc, local) in [
            ("2024-03-31T00:59", "2024-03-31T00:59"),
            ("2024-03-31T01:00", "2024-03-31T02:00"),
            ("2024-07-22T23:30", "2024-07-23T00:30"),
            ("2024-10-27T00:59", "2024-10-27T01:59"),
            ("2024-10-27T01:00", "2024-10-27T01:00"),
            ("2023-12-31T23:59", "2023-12-31T23:59"),
            // A month whose last day is the Sunday, and one whose last Sunday is the 25th.
            ("2021-10-31T00:30", "2021-10-31T01:30"),
            ("2020-10-25T01:00", "2020-10-25T01:00"),
        ] {
            assert_eq!(london(at(utc)), at(local), "{utc}");
        }
    }

    #[test]
    fn one_hour_of_the_year_is_shown_twice() {
        for (local, twice) in [
            ("2024-10-27T00:59", false),
            ("2024-10-27T01:00", true),
            ("2024-10-27T01:59", true),
            ("2024-10-27T02:00", false),
            ("2024-10-20T01:30", false),
            ("2024-03-31T01:30", false),
        ] {
            assert_eq!(is_repeated(at(local)), twice, "{local}");
        }
    }

    #[test]
    fn instants_have_the_offset_of_their_day() {
        for (local, instant) in [
            ("2024-07-22T09:00", "2024-07-22T09:00:00+01:00"),
            ("2024-01-22T09:00", "2024-01-22T09:00:00+00:00"),
            ("2024-03-31T00:30", "2024-03-31T00:30:00+00:00"),
            ("2024-03-31T02:00", "2024-03-31T02:00:00+01:00"),
            ("2024-10-27T01:30", "2024-10-27T01:30:00+01:00"),
            ("2024-10-27T02:00", "2024-10-27T02:00:00+00:00"),
        ] {
            assert_eq!(format_instant(at(local)), instant);
        }
    }

    #[test]
    fn what_is_written_is_read_back_at_every_hour_that_there_is() {
        let mut utc = at("2024-01-01T00:00");
        while utc < at("2026-01-01T00:00") {
            let local = london(utc);
            let written = chrono::DateTime::parse_from_rfc3339(&format_instant(local)).expect("an instant");
            assert_eq!(london(written.naive_utc()), local);
            utc += TimeDelta::minutes(30);
        }
    }
}
