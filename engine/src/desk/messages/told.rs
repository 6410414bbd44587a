//! Who is told what in writing, for the sheet in which people note what came of it.

use chrono::NaiveDate;

use super::days::{first_day, last_day};
use super::files::{HELD, LETTERS, names};
use super::memory::Memory;
use super::waves::Waves;
use super::who::Sorted;
use super::words::before;
use crate::desk::Desk;

/// In which way somebody is told in writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// A message with a link to book.
    Link,
    /// A message that names the place.
    Text,
    /// A letter that names the place.
    Letter,
}

impl Means {
    /// As the sheet says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "text with a link",
            Self::Text => "text",
            Self::Letter => "letter",
        }
    }
}

/// Somebody who is told in writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Position among the entries of the desk.
    pub entry: usize,
    /// In which way.
    pub how: Means,
    /// When it is sent, or posted at the latest.
    pub on: NaiveDate,
    /// The last day on which a link may be used.
    pub book_by: Option<NaiveDate>,
    /// What staff do before they send.
    pub before: String,
    /// What an earlier list said to the patient.
    pub told_before: String,
    /// The file from which it is sent.
    pub file: String,
}

/// Everybody who is told in writing: by the day, then in the order of the plan.
pub(super) fn told(desk: &Desk<'_>, sorted: &Sorted, waves: &Waves, memory: &Memory) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    let mut add = |at: usize, how: Means, on: NaiveDate, book_by: Option<NaiveDate>, file: &str| {
        let entry = &desk.entries[at];
        let (before, told_before) = (before(entry), memory.told_before(entry, how));
        all.push(Told { entry: at, how, on, book_by, before, told_before, file: file.to_owned() });
    };
    for (pool, file) in waves.pools.iter().zip(names(desk, waves)) {
        for &at in &pool.invited {
            add(at, Means::Link, pool.send_on, Some(pool.book_by), &file);
        }
    }
    for &at in sorted.fixed.iter().chain(&waves.left) {
        add(at, Means::Text, first_day(desk, &desk.entries[at]), None, HELD);
    }
    for &at in &sorted.letters {
        add(at, Means::Letter, last_day(desk, &desk.entries[at]), None, LETTERS);
    }
    all.sort_by_key(|told| (told.on, told.entry));
    all
}
