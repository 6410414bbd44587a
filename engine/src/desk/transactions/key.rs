//! The key of a deed: the same in every run and on every machine.

use std::fmt::Write;

use chrono::NaiveDateTime;
use sha2::{Digest, Sha256};

use super::Action;
use crate::calendar::format_moment;

/// How long a key is.
const LENGTH: usize = 32;

/// What is done, for whom, with what, and when it begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deed {
    pub action: Action,
    pub request_id: String,
    pub slot_ids: Vec<String>,
    pub start: NaiveDateTime,
}

impl Deed {
    /// Its key when it has been done and undone so many times: to do it again is another deed.
    ///
    /// It begins with a letter, or a spreadsheet would take one such as `12e45` for a number.
    pub fn key(&self, times: usize) -> String {
        let mut digest = Sha256::new();
        let start = format_moment(self.start);
        let parts = [self.action.as_str(), &self.request_id, &start].into_iter();
        for part in parts.chain(self.slot_ids.iter().map(String::as_str)) {
            // The length before each part: no two lists of parts run into the same bytes.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        if times > 0 {
            digest.update((times as u64).to_be_bytes());
        }
        let mut key = String::from("k");
        for byte in digest.finalize() {
            // invariant: writing to a string does not fail.
            let _ = write!(key, "{byte:02x}");
        }
        key.truncate(LENGTH);
        key
    }
}
