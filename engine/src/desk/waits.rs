//! How long people wait, and what is said of the waits of many.

use chrono::NaiveDate;

use crate::model::Request;
use crate::prepare::waiting_since;

/// Days waited on a date. Some were cancelled ahead of a day that is still to come: they have waited for 0 days, not for
/// fewer.
pub(super) fn waited(request: &Request, on: NaiveDate) -> i64 {
    waiting_since(request).map_or(0, |since| (on - since).num_days().max(0))
}

/// The waits of some, of whom those without a place (none) wait longer than anybody who has one: to leave them out would
/// make a plan look the better the more people it leaves without a place.
pub(super) struct Waits {
    /// Of those who have a place, ascending.
    known: Vec<i64>,
    people: usize,
}

impl Waits {
    pub fn of(waits: impl Iterator<Item = Option<i64>>) -> Self {
        let mut people = 0;
        let mut known: Vec<i64> = waits.inspect(|_| people += 1).flatten().collect();
        known.sort_unstable();
        Self { known, people }
    }

    /// Of those who have a place.
    pub fn known(&self) -> &[i64] {
        &self.known
    }

    /// The wait that so many in a hundred do not exceed, by nearest rank: it is the wait of somebody; none where that one
    /// has no place.
    pub fn at(&self, percent: usize) -> Option<i64> {
        let rank = (percent * self.people).div_ceil(100);
        self.known.get(rank.checked_sub(1)?).copied()
    }
}
