//! Dates, numbers and names as the page writes them.

use chrono::{NaiveDate, NaiveDateTime};

pub(super) use crate::explain::words::list;
use crate::model::Case;

/// More sites than these are counted and not named in a title.
const NAMED: usize = 3;

/// `Monday 22 July 2024, 07:00`.
pub fn moment(moment: NaiveDateTime) -> String {
    moment.format("%A %-d %B %Y, %H:%M").to_string()
}

/// `Monday 22 July 2024`.
pub fn date(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// `Mon 22 Jul 2024`.
pub fn short_date(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// `Mon 22 Jul 2024, 09:15`.
pub fn short_moment(moment: NaiveDateTime) -> String {
    moment.format("%a %-d %b %Y, %H:%M").to_string()
}

/// `1,234`.
pub fn number(number: impl TryInto<i64>) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 day`, `1,234 days`.
pub fn count(of: impl TryInto<i64>, one: &str, many: &str) -> String {
    let of = of.try_into().unwrap_or(i64::MAX);
    format!("{} {}", number(of), if of == 1 { one } else { many })
}

/// The text, cut after so many letters.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('\u{2026}');
    short
}

/// The sites whose patients are planned for, those of the requests: some by name, many as a number.
pub fn places(case: &Case) -> String {
    let mut homes = vec![false; case.sites.len()];
    for home in case.requests.iter().filter_map(|request| request.site) {
        homes[home.index()] = true;
    }
    let sites = case.sites.iter().zip(homes).filter(|(_, is_home)| *is_home);
    let names: Vec<&str> = sites.map(|(site, _)| site.called()).collect();
    match names.len() {
        0 => "no site".to_owned(),
        // A name may have a comma in it.
        1..=NAMED => names.join("; "),
        more => format!("{} and {} more sites", names[0], number(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_by_thousands() {
        let written = [0, 7, 999, 1000, 123_456, 1_234_567, -4200].map(|of: i64| number(of));
        assert_eq!(written, ["0", "7", "999", "1,000", "123,456", "1,234,567", "-4,200"]);
        assert_eq!(count(1, "day", "days"), "1 day");
        assert_eq!(count(2000, "day", "days"), "2,000 days");
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(cut("émigré", 6), "émigré");
        assert_eq!(cut("émigrés", 6), "émigr\u{2026}");
    }

    #[test]
    fn dates_are_written_out() {
        let at: NaiveDateTime = "2024-07-02T07:05:00".parse().unwrap();
        assert_eq!(moment(at), "Tuesday 2 July 2024, 07:05");
        assert_eq!(short_moment(at), "Tue 2 Jul 2024, 07:05");
        assert_eq!(date(at.date()), "Tuesday 2 July 2024");
    }
}
