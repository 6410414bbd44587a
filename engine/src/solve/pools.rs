//! Pools and their atoms: where the starts of a practitioner's appointments must fit side by side.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::groups::Groups;
use super::problem::{Pool, Span};
use crate::candidates::{Alike, Context, Offer, Run};
use crate::lookup::Lookup;
use crate::model::Slot;
use crate::units::{ClinicianIdx, SlotIdx};

/// The pools of a case and the position of each slot in its pool.
#[derive(Debug, Default)]
pub(super) struct Pools {
    /// Every pool.
    pub list: Vec<Pool>,
    used: SlotSet,
    /// By slot that some offer uses: its pool, and its first atom and the one after its last.
    at: Vec<(u32, u16, u16)>,
}

/// A set of slots, each with its number among those in the set.
#[derive(Debug, Default)]
struct SlotSet {
    /// Number of the first word.
    first: usize,
    words: Vec<u64>,
    /// By word: how many are in the words before.
    before: Vec<u32>,
}

impl SlotSet {
    /// All slots of these runs; what several offers share is looked at once.
    fn new<'o>(offers: impl Iterator<Item = &'o Offer>) -> Self {
        let mut seen: Lookup<*const Run, ()> = Lookup::default();
        let mut own: Vec<&[Run]> = Vec::new();
        for offer in offers {
            let known = seen.len();
            seen.get_or_insert_with(offer.runs.as_ptr(), || ());
            if seen.len() > known {
                own.push(&offer.runs);
            }
        }
        let runs = own.into_iter().flatten();
        let ends = runs.clone().map(|run| (run.first.0, run.first.0 + run.count));
        let Some((from, to)) = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
            return Self::default();
        };
        let first = from as usize / 64;
        let mut words = vec![0_u64; to as usize / 64 + 1 - first];
        for slot in runs.flat_map(|run| run.first.0..run.first.0 + run.count) {
            words[slot as usize / 64 - first] |= 1 << (slot % 64);
        }
        let counts = words.iter().scan(0, |sum, word| Some(std::mem::replace(sum, *sum + word.count_ones())));
        let before = counts.collect();
        Self { first, words, before }
    }

    /// The slots, ascending.
    fn iter(&self) -> impl Iterator<Item = SlotIdx> + '_ {
        let bits = |(at, &word): (usize, &u64)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| SlotIdx::from(at * 64 + bit))
        };
        self.words
            .iter()
            .enumerate()
            .filter(|(_, word)| **word != 0)
            .flat_map(bits)
            .map(|slot| SlotIdx::from(slot.index() + self.first * 64))
    }

    fn len(&self) -> usize {
        self.words
            .last()
            .zip(self.before.last())
            .map_or(0, |(word, before)| (before + word.count_ones()) as usize)
    }

    /// The number of a slot of the set.
    fn number(&self, slot: SlotIdx) -> usize {
        let word = slot.index() / 64 - self.first;
        let below = self.words[word] & ((1 << (slot.0 % 64)) - 1);
        (self.before[word] + below.count_ones()) as usize
    }
}

impl Pools {
    /// Builds the pools of all slots that some offer uses; sittings that are alike make one.
    pub(super) fn new<'o>(
        context: &Context<'_>,
        alike: &Alike,
        offers: impl Iterator<Item = &'o Offer>,
    ) -> Self {
        let case = context.case;
        let used = SlotSet::new(offers);
        let mut slots: BTreeMap<ClinicianIdx, Vec<SlotIdx>> = BTreeMap::new();
        let mut sets: BTreeMap<usize, Vec<SlotIdx>> = BTreeMap::new();
        for slot in used.iter() {
            let Slot { session, start, .. } = case.slots[slot.index()];
            match alike.set(session, start.date()) {
                Some(set) => sets.entry(set).or_default().push(slot),
                None => slots.entry(case.sessions[session.index()].clinician).or_default().push(slot),
            }
        }
        let mut found = Self { list: Vec::new(), at: vec![(u32::MAX, 0, 0); used.len()], used };
        for (_, mut of_clinician) in slots {
            of_clinician.sort_by_key(|slot| (case.slots[slot.index()].start, *slot));
            for group in clusters(context, &of_clinician) {
                found.add(context, &group);
            }
        }
        for set in sets.into_values() {
            found.add_set(context, &set);
        }
        found
    }

    /// The pool of sittings that are alike: an atom for each slot, a chain for each unbroken piece.
    fn add_set(&mut self, context: &Context<'_>, slots: &[SlotIdx]) {
        let slot = |at: SlotIdx| &context.case.slots[at.index()];
        let id = self.list.len() as u32;
        let goes_on = |pair: &[SlotIdx]| {
            let (before, this) = (slot(pair[0]), slot(pair[1]));
            before.session == this.session && before.end() == this.start
        };
        let chain_start = std::iter::once(true).chain(slots.windows(2).map(|pair| !goes_on(pair))).collect();
        for (atom, slot) in slots.iter().enumerate() {
            self.at[self.used.number(*slot)] = (id, atom as u16, atom as u16 + 1);
        }
        self.list.push(Pool {
            capacity: vec![1; slots.len()],
            chain_start,
            merged: false,
            groups: Vec::new(),
        });
    }

    fn add(&mut self, context: &Context<'_>, slots: &[SlotIdx]) {
        let case = context.case;
        let slot = |at: &SlotIdx| &case.slots[at.index()];
        let id = self.list.len() as u32;
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
            self.at[self.used.number(*at)] = (id, from as u16, to as u16);
        }
        self.list.push(pool);
    }

    /// The pool of a run, and the run as a span of it.
    pub(super) fn span(&self, context: &Context<'_>, run: Run) -> (u32, Span) {
        let last = SlotIdx(run.first.0 + run.count - 1);
        let (pool, from, _) = self.at[self.used.number(run.first)];
        let (_, _, to) = self.at[self.used.number(last)];
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

impl Pool {
    /// Whether an atom counts in the room row of this stride: every k-th atom of a chain, so that every run of k
    /// slots in a row hits at least one.
    pub(super) fn counts(&self, stride: usize) -> impl Iterator<Item = bool> + '_ {
        let mut position = 0;
        self.chain_start.iter().map(move |&start| {
            position = if start { 1 } else { position + 1 };
            position % stride == 0
        })
    }

    /// How many people fit into the slots that count.
    pub(super) fn stride_capacity(&self, stride: usize) -> i64 {
        let counted = self.counts(stride).zip(&self.capacity);
        counted.filter(|(counts, _)| *counts).map(|(_, &capacity)| i64::from(capacity)).sum()
    }
}
