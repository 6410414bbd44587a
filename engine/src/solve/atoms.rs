//! What is taken of a pool, atom by atom.

use super::problem::{Pool, Span};
use crate::units::SlotIdx;

/// The people at each atom, and the group slot that they share.
#[derive(Debug, Clone)]
pub(super) struct Atoms(Vec<(u32, Option<SlotIdx>)>);

impl Atoms {
    /// Nobody is there.
    pub fn new(pool: &Pool) -> Self {
        Self(vec![(0, None); pool.capacity.len()])
    }

    /// Whether one more fits at a span.
    pub fn has_room(&self, pool: &Pool, span: &Span) -> bool {
        let places =
            || pool.groups.iter().find(|(slot, _)| Some(*slot) == span.group).map_or(0, |group| group.1);
        self.0[usize::from(span.from)..usize::from(span.to)].iter().all(|&(count, shared)| {
            count == 0 || (span.group.is_some() && shared == span.group && count < places())
        })
    }

    /// How many more fit at a span of one atom.
    pub fn room_at(&self, pool: &Pool, span: &Span) -> u32 {
        let (count, shared) = self.0[usize::from(span.from)];
        match span.group {
            Some(slot) if count == 0 || shared == Some(slot) => {
                let places = pool.groups.iter().find(|(group, _)| *group == slot).map_or(0, |group| group.1);
                places.saturating_sub(count)
            }
            _ => u32::from(count == 0),
        }
    }

    /// Puts somebody there.
    pub fn take(&mut self, span: &Span) {
        for (count, shared) in &mut self.0[usize::from(span.from)..usize::from(span.to)] {
            (*count, *shared) = (*count + 1, span.group);
        }
    }

    /// Takes somebody away.
    pub fn free(&mut self, span: &Span) {
        for (count, shared) in &mut self.0[usize::from(span.from)..usize::from(span.to)] {
            *count -= 1;
            if *count == 0 {
                *shared = None;
            }
        }
    }

    /// How many are at each atom.
    pub fn counts(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|(count, _)| *count)
    }
}
