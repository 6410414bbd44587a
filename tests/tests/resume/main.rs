//! A plan kept in memory: who is next for a slot, and the plan when somebody is away, against enumeration.
//!
//! Nothing here looks at how the answers are found: every move is tried with the oracle, every plan enumerated.

#![allow(clippy::print_stdout, reason = "how many and what they are like")]

mod absence;
mod next;
mod promises;

use std::collections::BTreeMap;

use rebook::model::PlanFiles;
use rebook_tests::oracle::{Candidate, Prepared};

/// Where the files put each request, by line.
fn places<'p>(prepared: &'p Prepared<'_>, files: &PlanFiles) -> BTreeMap<u64, &'p Candidate> {
    let mut places = BTreeMap::new();
    for (wanted, candidates) in prepared.wanted.iter().zip(&prepared.candidates) {
        let row = files.plan.iter().find(|row| row.request_id == wanted.request.request_id);
        let is_it = |place: &&Candidate, row: &rebook::model::PlanRow| {
            place.start == row.start && ids(prepared, place) == row.slot_ids
        };
        if let Some(row) = row {
            places.extend(
                candidates.iter().find(|place| is_it(place, row)).map(|place| (wanted.request.line, place)),
            );
        }
    }
    places
}

fn ids(prepared: &Prepared<'_>, place: &Candidate) -> Vec<String> {
    place.slots.iter().map(|&slot| prepared.case().slots[slot].slot_id.to_string()).collect()
}
