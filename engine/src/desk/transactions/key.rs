//! The key of a deed: the same in every run and on every machine.

use chrono::NaiveDateTime;

use super::Action;
use crate::calendar::format_moment;
use crate::desk::fingerprint::fingerprint;

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
        let (start, times) = (format_moment(self.start), times.to_string());
        let mut words = vec![self.action.as_str(), &self.request_id, &start, &times];
        words.extend(self.slot_ids.iter().map(String::as_str));
        let mut key = format!("k{}", fingerprint(&words));
        key.truncate(LENGTH);
        key
    }
}
