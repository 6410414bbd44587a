//! The keys of a TOML table as typed values; every problem is noted with its key and line.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use strsim::levenshtein;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::calendar::{parse_date, parse_moment};
use crate::issue::{Code, Issue};
use crate::tables::cells::decimal;

/// The text of a policy and what is wrong with it.
pub struct Notes<'t> {
    /// The file's name.
    pub file: &'t str,
    /// Its text.
    pub text: &'t str,
    /// Problems so far.
    pub issues: Vec<Issue>,
}

impl Notes<'_> {
    /// Line of a position in the text, first = 1.
    pub fn line(&self, at: usize) -> u64 {
        line(self.text.as_bytes(), at)
    }

    /// Notes a problem.
    pub fn note(
        &mut self,
        code: Code,
        span: &Range<usize>,
        key: &str,
        expected: impl Into<String>,
    ) -> &mut Issue {
        let value =
            self.text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default().to_owned();
        let issue =
            Issue::new(code, self.file, expected).at(self.line(span.start)).field(key).value(value.trim());
        self.issues.push(issue);
        let last = self.issues.len() - 1;
        &mut self.issues[last]
    }
}

/// Line of a position in a text, first = 1.
pub fn line(text: &[u8], at: usize) -> u64 {
    text.iter().take(at).fold(1, |line, byte| line + u64::from(*byte == b'\n'))
}

/// A table of which every key must be asked for.
pub struct Keys<'t> {
    table: &'t DeTable<'t>,
    /// Where it is, such as `tier[2]`; empty at the top.
    path: String,
    /// Where it stands in the text.
    pub span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t> Keys<'t> {
    /// The keys of a table.
    pub fn new(table: &'t DeTable<'t>, path: String, span: Range<usize>) -> Self {
        Self { table, path, span, asked: Vec::new() }
    }

    /// The full name of a key.
    pub fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key.
    pub fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Notes that a value is not allowed.
    pub fn refuse(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        notes: &mut Notes<'_>,
        expected: impl Into<String>,
    ) {
        notes.note(Code::PolicyValue, &value.span(), &self.name(key), expected);
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        notes: &mut Notes<'_>,
        expected: &str,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let taken = read(value.get_ref());
        if taken.is_none() {
            self.refuse(key, value, notes, expected);
        }
        taken
    }

    /// A trimmed text.
    pub fn text(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<String> {
        self.take(key, notes, "a text in double quotes", |value| {
            value.as_str().map(|text| text.trim().to_owned())
        })
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<bool> {
        self.take(key, notes, "true or false", DeValue::as_bool)
    }

    /// A whole number within limits, both in.
    pub fn whole(&mut self, key: &'static str, least: u32, most: u32, notes: &mut Notes<'_>) -> Option<u32> {
        let expected = format!("a whole number from {least} to {most}");
        self.take(key, notes, &expected, |value| {
            whole(value).filter(|number| (least..=most).contains(number))
        })
    }

    /// A decimal number from 0 to 1, exactly as written.
    pub fn fraction(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Decimal> {
        self.take(key, notes, "a number from 0 to 1, such as 0.4", |value| {
            let text = match value {
                DeValue::Float(number) => number.as_str(),
                DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
                _ => return None,
            };
            let number = decimal(text.strip_prefix('+').unwrap_or(text))?;
            (Decimal::ZERO..=Decimal::ONE).contains(&number).then_some(number.normalize())
        })
    }

    /// A date, with or without quotes.
    pub fn date(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<NaiveDate> {
        self.take(key, notes, "a date such as \"2024-07-22\"", date)
    }

    /// A date-time, with or without quotes.
    pub fn moment(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<NaiveDateTime> {
        self.take(key, notes, "a date and time such as \"2024-07-22T07:00\"", |value| match value {
            DeValue::String(text) => parse_moment(text.trim()).ok(),
            DeValue::Datetime(moment) => parse_moment(&moment.to_string()).ok(),
            _ => None,
        })
    }

    /// A time of day, as minutes.
    pub fn clock(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<u32> {
        self.take(key, notes, "a time of day such as \"08:00\"", |value| clock(value.as_str()?.trim()))
    }

    /// A list of texts, empty ones and repetitions not allowed.
    pub fn texts(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Vec<String>> {
        self.take(key, notes, "a list of different texts such as [\"one\", \"two\"]", |value| {
            let mut texts: Vec<String> = Vec::new();
            for item in value.as_array()? {
                let text = item.get_ref().as_str()?.trim().to_owned();
                if text.is_empty() || texts.contains(&text) {
                    return None;
                }
                texts.push(text);
            }
            Some(texts)
        })
    }

    /// A table under a key.
    pub fn table(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Keys<'t>> {
        let span = self.get(key)?.span();
        self.asked.pop();
        let table = self.take(key, notes, "a table", DeValue::as_table)?;
        Some(Keys::new(table, self.name(key), span))
    }

    /// The tables of a list `[[key]]`.
    pub fn tables(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Vec<Keys<'t>>> {
        let expected = format!("one or more tables [[{key}]]");
        let items = self.take(key, notes, &expected, DeValue::as_array)?;
        let mut tables = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let name = format!("{}[{}]", self.name(key), at + 1);
            match item.get_ref().as_table() {
                Some(table) => tables.push(Keys::new(table, name, item.span())),
                None => {
                    notes.note(Code::PolicyValue, &item.span(), &name, expected.as_str());
                }
            }
        }
        Some(tables)
    }

    /// Every key with its value, for tables whose keys are free.
    pub fn entries(&self) -> impl Iterator<Item = (&'t str, &'t Spanned<DeValue<'t>>)> {
        self.table.iter().map(|(name, value)| (name.get_ref().as_ref(), value))
    }

    /// Notes a key that is missing.
    pub fn missing(&self, key: &str, notes: &mut Notes<'_>) {
        let name = self.name(key);
        notes.note(Code::KeyMissing, &self.span, &name, format!("a key {key}"));
    }

    /// Notes the keys that nobody asked for.
    pub fn finish(self, notes: &mut Notes<'_>) {
        for (name, _) in self.table {
            let key = name.get_ref().as_ref();
            if !self.asked.contains(&key) {
                let near = self
                    .asked
                    .iter()
                    .filter(|known| levenshtein(known, key) <= 2)
                    .min_by_key(|known| levenshtein(known, key));
                let near = near.map(|known| format!("Did you mean {known}?"));
                let expected = format!("one of {}", self.asked.join(", "));
                let full = self.name(key);
                let issue = notes.note(Code::UnknownKey, &name.span(), &full, expected);
                if let Some(near) = near {
                    issue.help = near;
                }
            }
        }
    }
}

/// A whole number; `None` for anything else, negative numbers included.
pub fn whole(value: &DeValue<'_>) -> Option<u32> {
    let number = value.as_integer()?;
    u32::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A date, with or without quotes.
pub fn date(value: &DeValue<'_>) -> Option<NaiveDate> {
    match value {
        DeValue::String(text) => parse_date(text.trim()).ok(),
        DeValue::Datetime(date) => parse_date(&date.to_string()).ok(),
        _ => None,
    }
}

/// `HH:MM` as minutes of the day, 24:00 included.
fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())
    };
    let (hour, minute): (u32, u32) = (two(hour)??, two(minute)??);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}
