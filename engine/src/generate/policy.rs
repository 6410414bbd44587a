//! The policy of a generated case.

use chrono::NaiveDate;

use super::{Options, Profile};
use crate::calendar::format_date;

const GENERAL_PRACTICE: &str = include_str!("../../policies/general-practice.toml");
const ELECTIVE: &str = include_str!("../../policies/elective.toml");

/// The text of `policy.toml`: a built-in policy, with its start.
pub fn policy(options: &Options) -> String {
    let text = if options.profile == Profile::Elective { ELECTIVE } else { GENERAL_PRACTICE };
    starting(text, options.start)
}

/// The policy with this start, the book read on the morning of that day.
fn starting(text: &str, start: NaiveDate) -> String {
    let date = format_date(start);
    let key = |line: &str| line.split_once(" = ").map(|(key, _)| key.to_owned());
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !matches!(key(line).as_deref(), Some("start" | "as_of"))) {
        lines.push(line.to_owned());
        // Both are keys of the top level: they must stand before the first table.
        if key(line).as_deref() == Some("approved_by") {
            lines.push(format!("start = \"{date}\""));
            lines.push(format!("as_of = \"{date}T07:00\""));
        }
    }
    lines.join("\n") + "\n"
}
