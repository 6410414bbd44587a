//! Pools and their atoms: where the starts of a practitioner's appointments must fit side by side.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::groups::Groups;
use super::problem::{Pool, Span};
use crate::candidates::{Context, Offer, Run};
use crate::units::{ClinicianIdx, SlotIdx};

/// The pools of a case and the position of each slot in its pool.
#[derive(Debug, Default)]
pub(super) struct Pools {
    /// Every pool.
    pub pools: Vec<Pool>,
    /// By slot that some offer uses: its pool, and its first atom and the one after its last.
    at: Vec<(u32, u16, u16)>,
}

impl Pools {
    /// Builds the pools of all slots that some offer uses.
    pub(super) fn new<'o>(context: &Context<'_>, offers: impl Iterator<Item = &'o Offer>) -> Self {
        let case = context.case;
        let mut used: Vec<bool> = vec![false; case.slots.len()];
        for run in offers.flat_map(|offer| &offer.runs) {
            used[run.first.index()..(run.first.0 + run.count) as usize].fill(true);
        }
        let mut slots: BTreeMap<ClinicianIdx, Vec<SlotIdx>> = BTreeMap::new();
        for (index, _) in used.iter().enumerate().filter(|(_, used)| **used) {
            let clinician = case.sessions[case.slots[index].session.index()].clinician;
            slots.entry(clinician).or_default().push(SlotIdx::from(index));
        }
        let mut found = Self { pools: Vec::new(), at: vec![(u32::MAX, 0, 0); case.slots.len()] };
        for (_, mut of_clinician) in slots {
            of_clinician.sort_by_key(|slot| (case.slots[slot.index()].start, *slot));
            for group in clusters(context, &of_clinician) {
                found.add(context, &group);
            }
        }
        found
    }

    fn add(&mut self, context: &Context<'_>, slots: &[SlotIdx]) {
        let case = context.case;
        let slot = |at: &SlotIdx| &case.slots[at.index()];
        let id = self.pools.len() as u32;
        let mut atoms: Vec<NaiveDateTime> = slots.iter().map(|at| slot(at).start).collect();
        atoms.sort_unstable();
        atoms.dedup();
        let merged = slots.iter().any(|at| slot(at).session != slot(&slots[0]).session);
        let mut pool = Pool {
            capacity: vec![0; atoms.len()],
            chain_start: vec![true; atoms.len()],
            merged,
            groups: Vec::new(),
        };
        for (index, at) in slots.iter().enumerate() {
            let this = slot(at);
            let from = atoms.partition_point(|atom| *atom < this.start);
            let to = atoms.partition_point(|atom| *atom < this.end());
            let places = this.places.unwrap_or(1);
            for capacity in &mut pool.capacity[from..to] {
                *capacity = places.max(*capacity);
            }
            if let Some(places) = this.places {
                pool.groups.push((*at, places));
            }
            if !merged && index > 0 && slot(&slots[index - 1]).end() == this.start {
                pool.chain_start[from] = false;
            }
            self.at[at.index()] = (id, from as u16, to as u16);
        }
        self.pools.push(pool);
    }

    /// The pool of a run, and the run as a span of it.
    pub(super) fn span(&self, context: &Context<'_>, run: Run) -> (u32, Span) {
        let last = SlotIdx(run.first.0 + run.count - 1);
        let (pool, from, _) = self.at[run.first.index()];
        let (_, _, to) = self.at[last.index()];
        let group = context.case.slots[run.first.index()].places.map(|_| run.first);
        (pool, Span { from, to, group, run })
    }
}

/// Splits a practitioner's slots (ascending by start) into groups: those of one sitting, joined with those of
/// other sittings that overlap them in time.
fn clusters(context: &Context<'_>, slots: &[SlotIdx]) -> Vec<Vec<SlotIdx>> {
    let case = context.case;
    let mut key_of: BTreeMap<_, usize> = BTreeMap::new();
    let mut key = |slot: SlotIdx| {
        let slot = &case.slots[slot.index()];
        let next = key_of.len();
        *key_of.entry((slot.session, slot.start.date())).or_insert(next)
    };
    let keys: Vec<usize> = slots.iter().map(|&slot| key(slot)).collect();
    let mut joined = Groups::new(key_of.len());
    // Ascending by start: a slot overlaps an earlier one where it starts before the latest end so far.
    let mut open: Option<(NaiveDateTime, usize)> = None;
    for (slot, &key) in slots.iter().zip(&keys) {
        let slot = &case.slots[slot.index()];
        if let Some((end, other)) = open
            && slot.start < end
        {
            joined.join(key, other);
        }
        if open.is_none_or(|(end, _)| slot.end() > end) {
            open = Some((slot.end(), key));
        }
    }
    let mut groups: BTreeMap<usize, Vec<SlotIdx>> = BTreeMap::new();
    for (slot, key) in slots.iter().zip(keys) {
        groups.entry(joined.root(key)).or_default().push(*slot);
    }
    groups.into_values().collect()
}
