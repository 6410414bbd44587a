//! Texts of others inside a calendar: they never become more than the text of one property.

/// Characters of a text that stay; some programs take no longer ones.
const LONGEST: usize = 200;

/// The text as a calendar shows it: on one line, without characters that steer a terminal or turn the direction of what
/// is written, and not too long.
pub fn clean(text: &str) -> String {
    let blanked: String = text.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    let line = blanked.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => format!("{}\u{2026}", line[..end].trim_end()),
    }
}

/// Control characters, line and paragraph separators, marks of direction, and marks that nobody sees.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// The value of a property of text (RFC 5545 section 3.3.11).
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_and_not_too_long() {
        assert_eq!(clean("Elm\r\nBEGIN:VEVENT\r\n\tStreet "), "Elm BEGIN:VEVENT Street");
        assert_eq!(clean("a\u{2028}b\u{85}c\u{202e}d\0e\u{feff}"), "a b c d e");
        assert_eq!(clean("\r\n\0"), "");
        assert_eq!(clean(&"\u{e9}".repeat(LONGEST)), "\u{e9}".repeat(LONGEST));
        assert_eq!(clean(&"\u{e9}".repeat(LONGEST + 1)), "\u{e9}".repeat(LONGEST) + "\u{2026}");
        // What is cleaned once is clean: a later run finds its own words again.
        let long = clean(&format!("{} {}", "x".repeat(LONGEST - 1), "y".repeat(9)));
        assert_eq!(long, "x".repeat(LONGEST - 1) + "\u{2026}");
        assert_eq!(clean(&long), long);
    }

    #[test]
    fn what_means_something_in_a_calendar_is_escaped() {
        assert_eq!(escape("a;b,c\\n\nd:\"e\""), "a\\;b\\,c\\\\n\\nd:\"e\"");
    }
}
