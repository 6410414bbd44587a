//! The policy of a generated case.

use chrono::NaiveDate;

use super::{Options, Profile};
use crate::calendar::format_date;

const ELECTIVE: &str = include_str!("../../policies/elective.toml");

/// The text of `policy.toml`; `None` where the built-in policy does as it is.
pub fn policy(options: &Options) -> Option<String> {
    match options.profile {
        Profile::Elective => Some(starting(ELECTIVE, options.start)),
        _ => None,
    }
}

/// The policy with another start, read on the morning of that day.
fn starting(text: &str, start: NaiveDate) -> String {
    let date = format_date(start);
    let line = |line: &str| match line.split_once(" = ") {
        Some(("start", _)) => format!("start = \"{date}\"\n"),
        Some(("as_of", _)) => format!("as_of = \"{date}T07:00\"\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
