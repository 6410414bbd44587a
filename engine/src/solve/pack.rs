//! Fits the starts of a pool side by side: exact, by search over the long runs and matching of the short ones.

use super::problem::{Pool, Span};

/// What a search step may cost before the search gives up: far beyond any session seen.
const NODE_LIMIT: u64 = 2_000_000;

/// The answer to "do these fit?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packing {
    /// They do: the span of each item.
    Fits(Vec<usize>),
    /// They do not.
    Never,
    /// Not decided within the limit; treated as not fitting for this very set, never as proof for others.
    Unknown,
}

struct Search<'a> {
    pool: &'a Pool,
    items: &'a [&'a [Span]],
    long: Vec<usize>,
    short: Vec<usize>,
    /// People at each atom, and the group slot they share.
    used: Vec<(u32, Option<u32>)>,
    chosen: Vec<usize>,
    nodes: u64,
}

/// Finds a span for each item so that no two overlap but in the same group slot while it has places.
///
/// Items are fitted in the order given, earliest start first, so that ties fall to those who come first.
pub(super) fn pack(pool: &Pool, items: &[&[Span]]) -> Packing {
    let is_short = |item: &usize| !pool.merged && items[*item].iter().all(|span| span.to == span.from + 1);
    let (short, mut long): (Vec<usize>, Vec<usize>) = (0..items.len()).partition(is_short);
    // Fewest spans first; equal items side by side, so that the search can pass over their permutations.
    long.sort_by(|&a, &b| {
        items[a].len().cmp(&items[b].len()).then_with(|| items[a].cmp(items[b])).then(a.cmp(&b))
    });
    let used = vec![(0, None); pool.capacity.len()];
    let mut search =
        Search { pool, items, long, short, used, chosen: vec![usize::MAX; items.len()], nodes: 0 };
    match search.place_long(0) {
        Some(true) => Packing::Fits(search.chosen),
        Some(false) => Packing::Never,
        None => Packing::Unknown,
    }
}

impl Search<'_> {
    fn room(&self, span: &Span) -> bool {
        let group = span.group.map(|slot| slot.0);
        (span.from..span.to).all(|atom| {
            let (count, sharing) = self.used[atom as usize];
            count == 0
                || (group.is_some()
                    && sharing == group
                    && self
                        .pool
                        .groups
                        .iter()
                        .any(|&(slot, places)| Some(slot) == span.group && count < places))
        })
    }

    fn take(&mut self, span: &Span) {
        for atom in span.from..span.to {
            let used = &mut self.used[atom as usize];
            *used = (used.0 + 1, span.group.map(|slot| slot.0));
        }
    }

    fn free(&mut self, span: &Span) {
        for atom in span.from..span.to {
            let used = &mut self.used[atom as usize];
            *used = (used.0 - 1, if used.0 == 1 { None } else { used.1 });
        }
    }

    fn place_long(&mut self, position: usize) -> Option<bool> {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            return None;
        }
        if !self.match_short() {
            return Some(false);
        }
        let Some(&item) = self.long.get(position) else { return Some(true) };
        let twin = position > 0 && self.items[self.long[position - 1]] == self.items[item];
        let first = if twin { self.chosen[self.long[position - 1]] } else { 0 };
        for at in first..self.items[item].len() {
            let span = self.items[item][at];
            if self.room(&span) {
                self.take(&span);
                self.chosen[item] = at;
                let verdict = self.place_long(position + 1);
                self.free(&span);
                if verdict != Some(false) {
                    return verdict;
                }
            }
        }
        Some(false)
    }

    /// Matches the short items to the atoms that are left; keeps the matching where there is one.
    fn match_short(&mut self) -> bool {
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); self.used.len()];
        for at in 0..self.short.len() {
            let mut seen = vec![false; self.used.len()];
            if !self.augment(at, &mut holders, &mut seen) {
                return false;
            }
        }
        for (atom, items) in holders.iter().enumerate() {
            for &item in items {
                let spans = self.items[item];
                let at = spans.iter().position(|span| span.from as usize == atom && self.atom_room(span) > 0);
                self.chosen[item] = at.unwrap_or(0);
            }
        }
        true
    }

    /// People who still fit at a short span, beside the long ones.
    fn atom_room(&self, span: &Span) -> u32 {
        let (count, sharing) = self.used[span.from as usize];
        match span.group {
            Some(slot) if count == 0 || sharing == Some(slot.0) => {
                let places = self.pool.groups.iter().find(|(group, _)| *group == slot).map_or(0, |g| g.1);
                places.saturating_sub(count)
            }
            _ => u32::from(count == 0),
        }
    }

    fn augment(&self, at: usize, holders: &mut [Vec<usize>], seen: &mut [bool]) -> bool {
        let item = self.short[at];
        for span in self.items[item] {
            let atom = span.from as usize;
            if seen[atom] || self.atom_room(span) == 0 {
                continue;
            }
            seen[atom] = true;
            if holders[atom].len() < self.atom_room(span) as usize {
                holders[atom].push(item);
                return true;
            }
            for index in 0..holders[atom].len() {
                let other = holders[atom][index];
                let position = self.short.iter().position(|&short| short == other).unwrap_or(0);
                if self.augment(position, holders, seen) {
                    holders[atom][index] = item;
                    return true;
                }
            }
        }
        false
    }
}
