//! For whom there is more to do than to book a place that is free.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Numbers, held};
use super::past::past;
use super::settled::settled;
use crate::desk::{Desk, Earlier};
use crate::error::Result;

/// The requests of the plan that hold something in the book already, or whose place is not free yet: their patients cannot
/// book for themselves.
///
/// # Errors
/// [`Error::Argument`](crate::error::Error::Argument) where the list of an earlier run cannot be read.
pub fn tied(desk: &Desk<'_>, earlier: &Earlier) -> Result<BTreeSet<String>> {
    let mut numbers = Numbers::new(desk);
    let settled = settled(desk, &mut numbers);
    let (held, free) = held(desk, &mut numbers, &settled, &past(earlier)?);
    let targets: Vec<Vec<u32>> = desk.entries.iter().map(|entry| numbers.of(&entry.row.slot_ids)).collect();
    let mut wanted: BTreeMap<u32, u32> = BTreeMap::new();
    let accepted = settled.iter().filter_map(|one| one.target.as_ref()).flat_map(|target| &target.slots);
    for &slot in targets.iter().flatten().chain(accepted) {
        *wanted.entry(slot).or_default() += 1;
    }
    // What somebody holds already is counted as wanted as well: rather a link too few.
    let is_free = |slot: &u32| free.get(*slot as usize).is_some_and(|&free| wanted[slot] <= free);
    let holds = |id: &String| {
        held.by_request.get(id).is_some_and(|own| !own.is_empty()) || held.shared.contains_key(id)
    };
    let rows = desk.entries.iter().map(|entry| &entry.row.request_id).zip(&targets);
    Ok(rows
        .filter(|(id, target)| holds(id) || !target.iter().all(is_free))
        .map(|(id, _)| id.clone())
        .collect())
}
