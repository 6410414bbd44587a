//! What is worth a look: one warning for each kind of thing, with the first place where it was met and how many there are.

use std::collections::BTreeMap;

use super::file::Place;
use crate::issue::{Code, Issue};

/// Warnings, counted.
#[derive(Default)]
pub struct Notes(BTreeMap<(Code, String), Note>);

struct Note {
    place: Place,
    field: &'static str,
    value: String,
    count: usize,
}

impl Notes {
    /// Something met: equal ones have one code and one expectation.
    pub fn add(&mut self, code: Code, place: &Place, field: &'static str, value: &str, expected: &str) {
        let first = || Note { place: place.clone(), field, value: value.to_owned(), count: 0 };
        self.0.entry((code, expected.to_owned())).or_insert_with(first).count += 1;
    }

    /// One warning each.
    pub fn warnings(self, files: &[String]) -> impl Iterator<Item = Issue> {
        self.0.into_iter().map(|((code, expected), note)| {
            let expected = match note.count {
                1 => expected,
                many => format!("{expected} ({many} such, this is the first)"),
            };
            note.place.issue(code, files, note.field, expected).value(&note.value)
        })
    }
}

impl Place {
    /// Such as `Slot/1.start`.
    pub fn field(&self, element: &str) -> String {
        format!("{}/{}.{element}", self.kind, self.id)
    }

    /// Something about an element of the resource here.
    pub fn issue(&self, code: Code, files: &[String], element: &str, expected: impl Into<String>) -> Issue {
        let file = files.get(self.file).map_or("", String::as_str);
        Issue::new(code, file, expected).at(self.line).field(self.field(element))
    }
}
