//! Fits the starts of a pool side by side: exact, by search over the long runs and matching of the short ones.

use super::problem::{Pool, Span};

/// Steps of a search before it gives up: far beyond any session seen.
const NODE_LIMIT: u64 = 2_000_000;
/// Steps of a search before it looks ahead, which most never come to.
const PATIENCE: u64 = 64;

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

/// What those of some length or more need who are still to be fitted.
#[derive(Debug, Clone, Copy)]
struct Need {
    /// Bit n: some of them are n atoms long together.
    sums: u128,
    /// How long all of them are together.
    all: usize,
}

impl Need {
    const NOTHING: Self = Self { sums: 1, all: 0 };

    fn add(&mut self, length: usize) {
        self.sums |= self.sums.checked_shl(length as u32).unwrap_or(0);
        self.all += length;
    }

    /// How much of a gap of so many atoms they fill at most.
    fn filled(&self, gap: usize) -> usize {
        match gap {
            0..128 => 127 - (self.sums & (u128::MAX >> (127 - gap))).leading_zeros() as usize,
            _ => gap,
        }
    }
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
    limit: u64,
    /// By position among the long items, those from there on: one need for each length. Empty until asked for.
    needs: Vec<Vec<Need>>,
}

/// Finds a span for each item so that no two overlap but in the same group slot while it has places.
///
/// Items are fitted in the order given, earliest start first, so that ties fall to those who come first.
pub(super) fn pack(pool: &Pool, items: &[&[Span]]) -> Packing {
    pack_within(pool, items, NODE_LIMIT)
}

/// The same by so many steps of a search at most.
pub(super) fn pack_within(pool: &Pool, items: &[&[Span]], limit: u64) -> Packing {
    let mut search = Search::new(pool, items, limit);
    match search.place_long(0) {
        Some(true) => Packing::Fits(search.chosen),
        Some(false) => Packing::Never,
        None => Packing::Unknown,
    }
}

impl<'a> Search<'a> {
    fn new(pool: &'a Pool, items: &'a [&'a [Span]], limit: u64) -> Self {
        let is_short =
            |item: &usize| !pool.merged && items[*item].iter().all(|span| span.to == span.from + 1);
        let (short, mut long): (Vec<usize>, Vec<usize>) = (0..items.len()).partition(is_short);
        // Fewest spans first; equal items side by side, so that the search can pass over their permutations.
        long.sort_by(|&a, &b| {
            items[a].len().cmp(&items[b].len()).then_with(|| items[a].cmp(items[b])).then(a.cmp(&b))
        });
        let used = vec![(0, None); pool.capacity.len()];
        let chosen = vec![usize::MAX; items.len()];
        Self { pool, items, long, short, used, chosen, nodes: 0, limit, needs: Vec::new() }
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
        if self.nodes > self.limit {
            return None;
        }
        let hopeless = self.nodes > PATIENCE && self.is_hopeless(position);
        if hopeless || !self.match_short() {
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

    /// Whether the long items from a position on cannot fit, be their starts what they may: for those of some length
    /// or more, no sums of their lengths that the gaps can hold come to what they need.
    fn is_hopeless(&mut self, position: usize) -> bool {
        if self.needs.is_empty() {
            self.needs = self.needs();
        }
        let gaps = self.gaps();
        let lacking = |need: &Need| gaps.iter().map(|&gap| need.filled(gap)).sum::<usize>() < need.all;
        self.needs[position].iter().any(lacking)
    }

    /// The atoms of each gap that is left between the long items fitted so far. (In a merged pool runs of several
    /// sittings cross, so that only what is taken ends a gap.)
    fn gaps(&self) -> Vec<usize> {
        let mut gaps = Vec::new();
        let mut open = false;
        for (atom, &(count, _)) in self.used.iter().enumerate() {
            let goes_on = open && (self.pool.merged || !self.pool.chain_start[atom]);
            open = count == 0;
            match gaps.last_mut() {
                Some(gap) if open && goes_on => *gap += 1,
                _ if open => gaps.push(1),
                _ => {}
            }
        }
        gaps
    }

    fn needs(&self) -> Vec<Vec<Need>> {
        // Whoever can share a group slot may need no atom of its own.
        let length = |span: &Span| if span.group.is_some() { 0 } else { usize::from(span.to - span.from) };
        let least = |&item: &usize| self.items[item].iter().map(length).min().unwrap_or(0);
        let lengths: Vec<usize> = self.long.iter().map(least).collect();
        let mut kinds = lengths.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let mut left = vec![Need::NOTHING; kinds.len()];
        let mut needs = vec![left.clone()];
        for &length in lengths.iter().rev() {
            for (need, _) in left.iter_mut().zip(&kinds).filter(|(_, kind)| length >= **kind) {
                need.add(length);
            }
            needs.push(left.clone());
        }
        needs.reverse();
        needs
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

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::candidates::Run;
    use crate::units::SlotIdx;

    /// Pieces of a day of so many atoms each.
    fn pool(pieces: &[usize]) -> Pool {
        let starts = |&piece: &usize| (0..piece).map(|atom| atom == 0);
        let chain_start: Vec<bool> = pieces.iter().flat_map(starts).collect();
        Pool { capacity: vec![1; chain_start.len()], chain_start, merged: false, groups: Vec::new() }
    }

    fn span(from: usize, length: usize) -> Span {
        let run = Run { first: SlotIdx(from as u32), count: length as u32 };
        Span { from: from as u16, to: (from + length) as u16, group: None, run }
    }

    /// Every start of an item in a pool.
    fn starts(pool: &Pool, length: usize) -> Vec<Span> {
        let unbroken =
            |from: usize| pool.merged || !pool.chain_start[from + 1..from + length].contains(&true);
        let starts = 0..(pool.chain_start.len() + 1).saturating_sub(length);
        starts.filter(|&from| unbroken(from)).map(|from| span(from, length)).collect()
    }

    fn packed(pool: &Pool, lengths: &[usize]) -> Packing {
        let items: Vec<Vec<Span>> = lengths.iter().map(|&length| starts(pool, length)).collect();
        pack(pool, &items.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// Twelve pieces of five hold one of three each, and the rest of each one of two; the atoms alone would do for a
    /// thirteenth.
    #[test]
    fn a_day_in_pieces_is_too_short_for_one_more() {
        let day = pool(&[5; 12]);
        let full = [vec![3; 12], vec![2; 12]].concat();
        assert!(matches!(packed(&day, &full), Packing::Fits(_)));
        assert_eq!(packed(&day, &[vec![3; 13], vec![2; 10]].concat()), Packing::Never);
        assert_eq!(packed(&day, &[vec![4; 7], vec![3; 6], vec![2; 6]].concat()), Packing::Never);
    }

    /// Whether the rest of the items fit in some way, by trying all.
    fn fits(search: &mut Search<'_>, position: usize) -> bool {
        let Some(&item) = search.long.get(position) else { return true };
        search.items[item].iter().any(|span| {
            let room = search.room(span);
            room && {
                search.take(span);
                let fits = fits(search, position + 1);
                search.free(span);
                fits
            }
        })
    }

    /// Nothing that fits is taken for hopeless, whatever has been fitted before.
    #[test]
    fn what_fits_is_not_hopeless() {
        let (mut hopeless, mut fitting) = (0, 0);
        for seed in 0..3_000 {
            let mut dice = Pcg64Mcg::seed_from_u64(seed);
            let pieces: Vec<usize> = (0..3).map(|_| dice.random_range(1..6)).collect();
            let mut pool = pool(&pieces);
            pool.merged = dice.random_range(0..4) == 0;
            let shared = (pool.merged && dice.random_range(0..2) == 0).then_some(SlotIdx(99));
            pool.groups.extend(shared.map(|slot| (slot, 2)));
            let items: Vec<Vec<Span>> = (0..dice.random_range(1..6))
                .map(|_| {
                    let mut spans = starts(&pool, dice.random_range(2..5));
                    spans.retain(|_| dice.random_range(0..4) > 0);
                    spans.extend(shared.map(|group| Span { group: Some(group), ..span(0, 2) }));
                    spans
                })
                .collect();
            let items: Vec<&[Span]> = items.iter().map(Vec::as_slice).collect();
            let mut search = Search::new(&pool, &items, NODE_LIMIT);
            for position in 0..search.long.len() {
                let possible = fits(&mut search, position);
                let judged = search.is_hopeless(position);
                assert!(!(possible && judged), "seed {seed}: {pool:?}, {items:?} from {position} on");
                hopeless += u32::from(judged);
                fitting += u32::from(possible);
                let room = search.items[search.long[position]].iter().find(|span| search.room(span));
                match room.copied() {
                    Some(span) => search.take(&span),
                    None => break,
                }
            }
        }
        assert!(hopeless > 500 && fitting > 500, "{hopeless} are hopeless, {fitting} fit");
    }
}
