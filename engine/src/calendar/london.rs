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
}
