//! Ids that can be referred to, and what they look like without leading zeros.

use std::sync::OnceLock;

use crate::issue::{Code, Issue};
use crate::lookup::Lookup;

/// Ids by their position, and what they look like without leading zeros.
pub struct Known<'a> {
    ids: Vec<&'a str>,
    positions: Lookup<&'a str, usize>,
    bare: OnceLock<Lookup<&'a str, &'a str>>,
}

impl<'a> Known<'a> {
    /// Of these ids, in order.
    pub fn new(ids: impl Iterator<Item = &'a str>) -> Self {
        let ids: Vec<&str> = ids.collect();
        let mut positions = Lookup::with_capacity(ids.len());
        for (at, id) in ids.iter().enumerate() {
            positions.insert(*id, at);
        }
        Self { ids, positions, bare: OnceLock::new() }
    }

    /// Where an id is.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// The id that this one would be with other leading zeros.
    pub fn padded(&self, id: &str) -> Option<&'a str> {
        let bare = |id: &'a str| id.trim_start_matches('0');
        let table = self.bare.get_or_init(|| {
            let mut table: Lookup<&str, &str> = Lookup::with_capacity(self.ids.len());
            for &id in &self.ids {
                // Of several the first in the order of text.
                let first = table.get_or_insert_with(bare(id), || id);
                *first = id.min(first);
            }
            table
        });
        table.get(id.trim_start_matches('0')).copied()
    }

    /// An issue for an id that is not known: the second code where leading zeros seem to be lost.
    pub fn issue(
        &self,
        file: &str,
        line: u64,
        field: &str,
        id: &str,
        table: &str,
        codes: (Code, Code),
    ) -> Issue {
        let issue = |code, expected: String| Issue::new(code, file, expected).at(line).field(field).value(id);
        match self.padded(id) {
            Some(padded) => issue(codes.1, format!("an id of {table}, where {padded:?} is one")),
            None => issue(codes.0, format!("an id of {table}")),
        }
    }
}
