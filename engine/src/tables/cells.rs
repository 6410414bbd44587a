//! The cells of a row as typed values; what cannot be read becomes a problem, never a panic and never a guess.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::meant;
use super::scan::CELL_LIMIT;
use super::schema::{Column, Kind};
use super::sheet::Row;
use super::text::{decode, plain};
use crate::calendar::{
    Availability, DateProblem, DateSet, format_date, parse_date, parse_moment, serial_date,
};
use crate::issue::{Code, Issue};

/// Bytes that Windows-1252 leaves undefined.
const UNDEFINED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// The typed cells of one row, and what was wrong with them.
pub struct Cells<'a> {
    row: &'a Row<'a>,
    /// Where the next column is looked for first: columns are mostly asked for in order.
    hint: usize,
    /// Problems of the cells read so far.
    pub problems: Vec<Issue>,
}

impl<'a> Cells<'a> {
    /// The cells of a row.
    pub fn new(row: &'a Row<'a>) -> Self {
        Self { row, hint: 0, problems: Vec::new() }
    }

    /// Position of a column of the schema.
    fn column(&mut self, name: &str) -> usize {
        let columns = self.row.table.columns;
        let count = columns.len();
        let at = (0..count).map(|step| (self.hint + step) % count).find(|&at| columns[at].name == name);
        debug_assert!(at.is_some(), "{name} is no column of {}", self.row.table.file);
        let at = at.unwrap_or_default();
        self.hint = (at + 1) % count;
        at
    }

    /// Notes a problem of a column.
    pub fn problem(
        &mut self,
        name: &str,
        code: Code,
        value: &str,
        expected: impl Into<String>,
    ) -> &mut Issue {
        let issue = Issue::new(code, self.row.file, expected).at(self.row.line()).field(name).value(value);
        self.problems.push(issue);
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The column and its trimmed text; nothing where the cell is empty or cannot be read.
    fn cell(&mut self, name: &str) -> (&'static Column, Option<Cow<'a, str>>) {
        let at = self.column(name);
        let column = &self.row.table.columns[at];
        let row = self.row;
        let bytes = row.raw(at);
        if bytes.len() > CELL_LIMIT {
            let text = decode(&bytes[..64]).into_owned();
            self.problem(name, Code::CellTooLong, &text, "at most 64 KiB");
            return (column, None);
        }
        if let Some(text) = plain(bytes) {
            return (column, Some(Cow::Borrowed(text)));
        }
        let text = row.trimmed(at);
        let undefined = matches!(text, Cow::Owned(_)) && bytes.iter().any(|byte| UNDEFINED.contains(byte));
        if undefined || text.chars().any(char::is_control) {
            self.problem(name, Code::BytesUnreadable, &text, "UTF-8 text without control characters");
            return (column, None);
        }
        if text.is_empty() {
            if column.required {
                self.problem(name, Code::CellEmpty, "", expected(column.kind));
            }
            return (column, None);
        }
        (column, Some(text))
    }

    /// Free text or a code.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.cell(name).1.map(Cow::into_owned)
    }

    /// An id: text that must not have been taken for a number on the way. If it was, it is a problem, and still
    /// the best that there is to find the row by.
    pub fn id<T: From<Cow<'a, str>>>(&mut self, name: &str) -> Option<T> {
        let text = self.cell(name).1?;
        if was_number(&text) {
            self.problem(name, Code::IdAsNumber, &text, "the id as the record system shows it");
        }
        Some(text.into())
    }

    /// A whole number within the limits of its column.
    pub fn whole(&mut self, name: &str) -> Option<u32> {
        let (column, text) = self.cell(name);
        let text = text?;
        let Kind::Whole(least, most) = column.kind else { return None };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.problem(name, Code::NumberUnreadable, &text, expected(column.kind));
            return None;
        }
        match text.parse::<u32>() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.problem(name, Code::NumberOutOfRange, &text, expected(column.kind));
                None
            }
        }
    }

    /// A decimal number within the limits of its column.
    pub fn decimal(&mut self, name: &str) -> Option<Decimal> {
        let (column, text) = self.cell(name);
        let text = text?;
        let Kind::Decimal(least, most) = column.kind else { return None };
        let Some(number) = decimal(&text) else {
            self.problem(name, Code::NumberUnreadable, &text, expected(column.kind));
            return None;
        };
        if number < Decimal::new(least, 3) || number > Decimal::new(most, 3) {
            self.problem(name, Code::NumberOutOfRange, &text, expected(column.kind));
            return None;
        }
        Some(number)
    }

    /// A date.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let (column, text) = self.cell(name);
        let text = text?;
        parse_date(&text).map_err(|problem| self.date_problem(column, &text, problem)).ok()
    }

    /// A date-time.
    pub fn moment(&mut self, name: &str) -> Option<NaiveDateTime> {
        let (column, text) = self.cell(name);
        let text = text?;
        parse_moment(&text).map_err(|problem| self.date_problem(column, &text, problem)).ok()
    }

    fn date_problem(&mut self, column: &Column, text: &str, problem: DateProblem) {
        let code = match problem {
            DateProblem::UkOrder => Code::DateUkOrder,
            DateProblem::SerialNumber => Code::DateSerial,
            DateProblem::NoSuchDay => Code::NoSuchDate,
            DateProblem::Unreadable => Code::DateUnreadable,
        };
        let readings = match problem {
            DateProblem::UkOrder => meant::both_readings(text),
            DateProblem::SerialNumber => {
                serial_date(text).map(|date| format!("It seems to mean {}.", format_date(date)))
            }
            DateProblem::NoSuchDay | DateProblem::Unreadable => None,
        };
        self.unreadable(column.name, code, text, (expected(column.kind), readings));
    }

    /// Notes a problem with what the text seems to mean, where that can be told.
    fn unreadable(
        &mut self,
        name: &str,
        code: Code,
        text: &str,
        (expected, meant): (String, Option<String>),
    ) {
        let issue = self.problem(name, code, text, expected);
        if let Some(meant) = meant {
            issue.help = format!("{meant} {}", issue.help);
        }
    }

    /// A boolean.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let text = self.cell(name).1?;
        let yes = ["true", "yes", "1"].iter().any(|word| text.eq_ignore_ascii_case(word));
        let no = ["false", "no", "0"].iter().any(|word| text.eq_ignore_ascii_case(word));
        if !yes && !no {
            self.problem(name, Code::BooleanUnreadable, &text, expected(Kind::Boolean));
            return None;
        }
        Some(yes)
    }

    /// One of the words of its column.
    pub fn word<T>(&mut self, name: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
        let (column, text) = self.cell(name);
        let text = text?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.unknown_word(column, &text);
        }
        parsed
    }

    /// A list of words of its column; a word given twice counts once.
    pub fn words<T: PartialEq>(&mut self, name: &str, parse: fn(&str) -> Option<T>) -> Vec<T> {
        let (column, text) = self.cell(name);
        let mut list = Vec::new();
        for item in text.as_deref().into_iter().flat_map(items) {
            match parse(item) {
                Some(value) if list.contains(&value) => {}
                Some(value) => list.push(value),
                None => self.unknown_word(column, item),
            }
        }
        list
    }

    fn unknown_word(&mut self, column: &Column, text: &str) {
        let (Kind::Word(words) | Kind::Words(words)) = column.kind else { return };
        let near = words.iter().find(|word| same_letters(word, text));
        let issue = self.problem(column.name, Code::UnknownWord, text, expected(column.kind));
        if let Some(word) = near {
            issue.help = format!("Write it {word:?}.");
        }
    }

    /// A list of tags, codes or ids.
    pub fn tags(&mut self, name: &str) -> Vec<String> {
        let text = self.cell(name).1;
        text.as_deref().into_iter().flat_map(items).map(str::to_owned).collect()
    }

    /// A list of dates and ranges.
    pub fn dates(&mut self, name: &str) -> DateSet {
        let Some(text) = self.cell(name).1 else { return DateSet::default() };
        match DateSet::parse(&text) {
            Ok(dates) => dates,
            Err(item) => {
                let told = (expected(Kind::Dates), meant::dates(&item));
                self.unreadable(name, Code::DateListUnreadable, &item, told);
                DateSet::default()
            }
        }
    }

    /// Weekly windows.
    pub fn windows(&mut self, name: &str) -> Availability {
        let Some(text) = self.cell(name).1 else { return Availability::default() };
        match Availability::parse(&text) {
            Ok(windows) => windows,
            Err(item) => {
                let told = (expected(Kind::Windows), meant::windows(&item));
                self.unreadable(name, Code::AvailabilityUnreadable, &item, told);
                Availability::default()
            }
        }
    }
}

/// What a kind of cell expects, in words.
pub fn expected(kind: Kind) -> String {
    match kind {
        Kind::Id => "an id".to_owned(),
        Kind::Text => "a text".to_owned(),
        Kind::Date => "a date YYYY-MM-DD".to_owned(),
        Kind::Moment => "a date and time YYYY-MM-DDTHH:MM".to_owned(),
        Kind::Whole(least, u32::MAX) => format!("a whole number, at least {least}"),
        Kind::Whole(least, most) => format!("a whole number from {least} to {most}"),
        Kind::Decimal(least, most) => {
            let (least, most) = (Decimal::new(least, 3).normalize(), Decimal::new(most, 3).normalize());
            format!("a number from {least} to {most}")
        }
        Kind::Boolean => "true or false, yes or no, 1 or 0".to_owned(),
        Kind::Word(words) => format!("one of {}", words.join(", ")),
        Kind::Words(words) => format!("a list of {}, separated by semicolons", words.join(", ")),
        Kind::Tags => "a list separated by semicolons".to_owned(),
        Kind::Dates => "dates or ranges such as 2024-07-22;2024-08-01..2024-08-09".to_owned(),
        Kind::Windows => "windows such as Mon-Fri 15:30-18:30;Sat 09:00-12:00;Tue".to_owned(),
    }
}

/// The items of a list.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// A decimal number from digits with at most one point; no exponent, no separators.
pub fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let sound = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !sound(whole) || !sound(part) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

/// Whether an id looks like `1.23E+12` or `123.0`.
fn was_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e']) {
        let exponent = exponent.strip_prefix(['+', '-']);
        let mantissa = mantissa.split_once('.').map_or(digits(mantissa), |(a, b)| digits(a) && digits(b));
        return mantissa && exponent.is_some_and(digits);
    }
    text.split_once('.').is_some_and(|(whole, part)| digits(whole) && part == "0")
}

/// Whether two words differ in case, spaces, hyphens and underscores only.
fn same_letters(word: &str, text: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(word) == letters(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_were_numbers_are_noticed() {
        for id in ["1.23E+12", "9.43477E+09", "1E+05", "123.0", "4e-3"] {
            assert!(was_number(id), "{id}");
        }
        for id in ["123", "00123", "R1.0", "P1E", "1.5", "E+12", "12E5", "a.0"] {
            assert!(!was_number(id), "{id}");
        }
    }

    #[test]
    fn decimals_are_plain_and_exact() {
        assert_eq!(decimal("1.50"), Some(Decimal::new(150, 2)));
        assert_eq!(decimal("-0.1"), Some(Decimal::new(-1, 1)));
        for bad in ["", "-", "1e3", "1,000", "1.", ".5", "+1", "1.2.3", "nan"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }
}
