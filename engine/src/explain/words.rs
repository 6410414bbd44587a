//! Dates, numbers and lists in plain words.

use chrono::{NaiveDate, NaiveDateTime};

/// `Thu 25 Jul`.
pub(crate) fn date(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// `Thu 25 Jul at 09:15`.
pub(crate) fn moment(moment: NaiveDateTime) -> String {
    moment.format("%a %-d %b at %H:%M").to_string()
}

/// `1 start`, `2 starts`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// At most `most` of these, and how many more there are.
pub(super) fn few(items: &[&str], most: usize) -> String {
    let mut shown: Vec<String> = items.iter().take(most).map(|item| (*item).to_owned()).collect();
    if items.len() > most {
        shown.push(format!("{} more", items.len() - most));
    }
    list(&shown)
}

/// The sentence with a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_sentences_read_as_english() {
        assert_eq!(list(&["a".to_owned()]), "a");
        assert_eq!(few(&["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(sentence("in time"), "In time.");
        assert_eq!(count(1, "start", "starts"), "1 start");
    }
}
