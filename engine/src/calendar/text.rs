//! Dates and date-times as text: ISO 8601 only, with an answer for what spreadsheets make of it.

use chrono::{Days, NaiveDate, NaiveDateTime, Timelike};

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateProblem {
    /// Written as `22/07/2024`: day and month could be swapped without anybody noticing.
    UkOrder,
    /// A spreadsheet's serial number such as `45495`.
    SerialNumber,
    /// The right shape, but no such day (or time of day).
    NoSuchDay,
    /// Anything else.
    Unreadable,
}

/// The last date that can be written so that it is read back: a year has four digits.
pub const LAST_WRITABLE: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn diagnose(text: &str) -> DateProblem {
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    let parts: Vec<&str> = day.split(['/', '.', '-']).collect();
    if parts.len() == 3 && parts[0].len() <= 2 && parts.iter().all(|part| digits(part).is_some()) {
        return DateProblem::UkOrder;
    }
    if serial(text).is_some() { DateProblem::SerialNumber } else { DateProblem::Unreadable }
}

/// The whole days of a spreadsheet's serial number; a time of day follows after a point.
fn serial(text: &str) -> Option<u32> {
    let (days, time) = text.split_once('.').unwrap_or((text, "0"));
    let time = !time.is_empty() && time.bytes().all(|b| b.is_ascii_digit());
    digits(days).filter(|number| time && (20_000..80_000).contains(number))
}

/// The date that a spreadsheet's serial number such as `45495` or `45495.375` stands for.
pub fn serial_date(text: &str) -> Option<NaiveDate> {
    let days = Days::new(u64::from(serial(text)?));
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(days)
}

/// Reads `YYYY-MM-DD`.
///
/// # Errors
/// What kind of text it is instead.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateProblem> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return Err(diagnose(text));
    }
    match (digits(&text[0..4]), digits(&text[5..7]), digits(&text[8..10])) {
        (Some(year), Some(month), Some(day)) => {
            NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(DateProblem::NoSuchDay)
        }
        _ => Err(diagnose(text)),
    }
}

/// Reads `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`; a space may stand for the `T`.
///
/// # Errors
/// What kind of text it is instead.
pub fn parse_moment(text: &str) -> Result<NaiveDateTime, DateProblem> {
    let bytes = text.as_bytes();
    let shaped = text.is_ascii()
        && matches!(bytes.len(), 16 | 19)
        && matches!(bytes[10], b'T' | b' ')
        && bytes[13] == b':'
        && (bytes.len() == 16 || bytes[16] == b':');
    if !shaped {
        return Err(diagnose(text));
    }
    let date = parse_date(&text[0..10])?;
    let seconds = if bytes.len() == 19 { digits(&text[17..19]) } else { Some(0) };
    match (digits(&text[11..13]), digits(&text[14..16]), seconds) {
        (Some(hour), Some(minute), Some(second)) => {
            date.and_hms_opt(hour, minute, second).ok_or(DateProblem::NoSuchDay)
        }
        _ => Err(DateProblem::Unreadable),
    }
}

/// Writes `YYYY-MM-DD`.
pub fn format_date(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// Writes `YYYY-MM-DDTHH:MM`, with seconds only where there are any.
pub fn format_moment(moment: NaiveDateTime) -> String {
    if moment.second() == 0 {
        moment.format("%Y-%m-%dT%H:%M").to_string()
    } else {
        moment.format("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheets_dates_are_named_for_what_they_are() {
        assert_eq!(parse_date("22/07/2024"), Err(DateProblem::UkOrder));
        assert_eq!(parse_date("45495"), Err(DateProblem::SerialNumber));
        assert_eq!(parse_moment("45495.395833"), Err(DateProblem::SerialNumber));
        assert_eq!(serial_date("45495.395833"), parse_date("2024-07-22").ok());
        assert_eq!(parse_date("2024-02-30"), Err(DateProblem::NoSuchDay));
        assert_eq!(parse_date("Monday"), Err(DateProblem::Unreadable));
        assert_eq!(parse_moment("22/07/2024 09:00"), Err(DateProblem::UkOrder));
        assert_eq!(parse_moment("2024-07-22T25:00"), Err(DateProblem::NoSuchDay));
    }

    #[test]
    fn seconds_are_accepted_and_kept() {
        let moment = parse_moment("2024-07-22T09:00:30").unwrap();
        assert_eq!(format_moment(moment), "2024-07-22T09:00:30");
        assert_eq!(format_moment(parse_moment("2024-07-22 09:00:00").unwrap()), "2024-07-22T09:00");
    }
}
