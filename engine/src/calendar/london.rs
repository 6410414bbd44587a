//! Between the clock on the wall in London and UTC, for what leaves the tables: calendars and other systems.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// Hours that London's clock is ahead of UTC when it shows this: 1 in summer, else 0.
///
/// A time that the clock shows twice, in the night in October, is the first of the two; one that it skips, in the night
/// in March, counts as if it had not been put forward yet (RFC 5545 section 3.3.5 reads both so).
pub fn london_offset_hours(local: NaiveDateTime) -> u32 {
    let changes = |month| last_sunday(local.year(), month).map(|sunday| sunday.and_time(AT));
    match (changes(3), changes(10)) {
        (Some(forward), Some(back)) if forward <= local && local < back => 1,
        _ => 0,
    }
}

/// The moment in UTC at which London's clock shows this.
pub fn utc_of_london(local: NaiveDateTime) -> NaiveDateTime {
    local - TimeDelta::hours(i64::from(london_offset_hours(local)))
}

/// What London's clock shows at this moment in UTC.
pub fn london_of_utc(utc: NaiveDateTime) -> NaiveDateTime {
    let summer = utc + TimeDelta::hours(1);
    if london_offset_hours(summer) == 1 { summer } else { utc }
}

/// Whether London's clock shows this twice, in the night in October.
pub fn is_twice_in_london(local: NaiveDateTime) -> bool {
    london_offset_hours(local) == 1 && london_offset_hours(local + TimeDelta::hours(1)) == 0
}

/// The moment at which London's clock shows this, as FHIR writes it: `2024-07-22T09:00:00+01:00`.
pub fn format_instant(local: NaiveDateTime) -> String {
    format!("{}+{:02}:00", local.format("%Y-%m-%dT%H:%M:%S"), london_offset_hours(local))
}

/// Whether London's clock skips this, in the night in March.
pub fn is_skipped_in_london(local: NaiveDateTime) -> bool {
    london_offset_hours(local) == 0 && london_offset_hours(local + TimeDelta::hours(1)) == 1
}

/// The clock is put forward when it shows 01:00, to this, and back when it shows this.
const AT: NaiveTime = match NaiveTime::from_hms_opt(2, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// The last Sunday of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(u64::from(last.weekday().num_days_from_sunday())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{format_moment, parse_moment};

    fn utc(local: &str) -> String {
        format_moment(utc_of_london(parse_moment(local).unwrap()))
    }

    #[test]
    fn summer_begins_and_ends_at_one_in_the_morning_utc_on_the_last_sunday() {
        // 2024: 31 March, the last day of the month, and 27 October.
        assert_eq!(utc("2024-03-31T00:59"), "2024-03-31T00:59");
        assert_eq!(utc("2024-03-31T02:00"), "2024-03-31T01:00");
        assert_eq!(utc("2024-10-27T00:59"), "2024-10-26T23:59");
        assert_eq!(utc("2024-10-27T02:00"), "2024-10-27T02:00");
        // 2025: 30 March and 26 October; 2026: 29 March and 25 October.
        assert_eq!(utc("2025-03-30T09:00"), "2025-03-30T08:00");
        assert_eq!(utc("2025-03-29T09:00"), "2025-03-29T09:00");
        assert_eq!(utc("2026-10-25T09:00"), "2026-10-25T09:00");
        assert_eq!(utc("2026-10-24T09:00"), "2026-10-24T08:00");
    }

    #[test]
    fn what_the_clock_shows_twice_is_the_first_and_what_it_skips_is_as_before() {
        assert_eq!(utc("2024-10-27T01:30"), "2024-10-27T00:30");
        assert_eq!(utc("2024-03-31T01:30"), "2024-03-31T01:30");
        let skipped = |local: &str| is_skipped_in_london(parse_moment(local).unwrap());
        assert!(skipped("2024-03-31T01:00") && skipped("2024-03-31T01:59"));
        assert!(!skipped("2024-03-31T00:59") && !skipped("2024-03-31T02:00"));
        assert!(!skipped("2024-10-27T01:30") && !skipped("2024-07-22T01:30"));
    }

    #[test]
    fn the_clock_shows_what_it_did_at_every_moment() {
        for (utc, local) in [
            ("2024-03-31T00:59", "2024-03-31T00:59"),
            ("2024-03-31T01:00", "2024-03-31T02:00"),
            ("2024-07-22T23:30", "2024-07-23T00:30"),
            ("2024-10-27T00:59", "2024-10-27T01:59"),
            ("2024-10-27T01:00", "2024-10-27T01:00"),
            // A month whose last day is the Sunday, and one whose last Sunday is the 25th.
            ("2021-10-31T00:30", "2021-10-31T01:30"),
            ("2020-10-25T01:00", "2020-10-25T01:00"),
        ] {
            let moment = |text| crate::calendar::parse_moment(text).expect("a time");
            assert_eq!(london_of_utc(moment(utc)), moment(local), "{utc}");
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
            let moment = crate::calendar::parse_moment(local).expect("a time");
            assert_eq!(is_twice_in_london(moment), twice, "{local}");
        }
    }

    #[test]
    fn what_is_written_is_read_back_at_every_hour_that_there_is() {
        let moment = |text| crate::calendar::parse_moment(text).expect("a time");
        assert_eq!(format_instant(moment("2024-10-27T01:30")), "2024-10-27T01:30:00+01:00");
        let mut utc = moment("2024-01-01T00:00");
        while utc < moment("2025-01-01T00:00") {
            let local = london_of_utc(utc);
            let written = chrono::DateTime::parse_from_rfc3339(&format_instant(local)).expect("an instant");
            assert_eq!(london_of_utc(written.naive_utc()), local);
            utc += TimeDelta::minutes(30);
        }
    }
}
