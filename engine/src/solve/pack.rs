//! Fits the starts of a pool side by side: exact, by search over the long runs and matching of the short ones.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::atoms::Atoms;
use super::crowd;
use super::problem::{Pool, Span};

/// Steps of a search before it gives up: far beyond any session seen.
const NODE_LIMIT: u64 = 2_000_000;
/// A step in a pool of this many atoms counts as two, and more in larger ones: it takes longer, and so does the whole search.
const ORDINARY: usize = 64;
/// In pools of more atoms than this a way is looked for without a search first.
pub(super) const LARGE: usize = 256;
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
    atoms: Atoms,
    chosen: Vec<usize>,
    nodes: u64,
    limit: u64,
    /// What a step counts once something did not fit.
    weight: u64,
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
    if pool.capacity.len() > LARGE
        && let Some(found) = crowd::fit(pool, items)
    {
        return Packing::Fits(found);
    }
    let mut search = Search::new(pool, items, limit);
    match search.run() {
        Some(true) => Packing::Fits(search.chosen),
        Some(false) => Packing::Never,
        None => Packing::Unknown,
    }
}

/// Order of lists of spans; many are one and the same.
fn compare(a: &[Span], b: &[Span]) -> Ordering {
    if std::ptr::eq(a, b) { Ordering::Equal } else { a.cmp(b) }
}

impl<'a> Search<'a> {
    fn new(pool: &'a Pool, items: &'a [&'a [Span]], limit: u64) -> Self {
        let is_short =
            |item: &usize| !pool.merged && items[*item].iter().all(|span| span.to == span.from + 1);
        let (mut short, mut long): (Vec<usize>, Vec<usize>) = (0..items.len()).partition(is_short);
        // Who can go to few atoms first: hardly anybody has to be moved then.
        short.sort_by_key(|&item| items[item].len());
        // Fewest spans first; equal items side by side, so that the search can pass over their permutations.
        long.sort_by(|&a, &b| {
            let lengths = items[a].len().cmp(&items[b].len());
            lengths.then_with(|| compare(items[a], items[b])).then(a.cmp(&b))
        });
        let chosen = vec![usize::MAX; items.len()];
        let weight = 1 + (pool.capacity.len() / ORDINARY).pow(2) as u64;
        let (atoms, needs) = (Atoms::new(pool), Vec::new());
        Self { pool, items, long, short, atoms, chosen, nodes: 0, limit, weight, needs }
    }
}

impl Search<'_> {
    /// Whether all fit, the long items first, depth first; none where that takes too long to say.
    ///
    /// Whether the short ones still fit is asked at the beginning, and once they did not at the end, at every step.
    fn run(&mut self) -> Option<bool> {
        if !self.match_short() {
            return Some(false);
        }
        let mut troubled = false;
        let mut position = 0;
        loop {
            self.nodes += if troubled { self.weight } else { 1 };
            if self.nodes > self.limit {
                return None;
            }
            let hopeless = self.nodes > PATIENCE && troubled && self.is_hopeless(position);
            let last = position == self.long.len();
            let dead = hopeless || ((troubled || last) && !self.match_short());
            if last && !dead {
                return Some(true);
            }
            troubled |= dead;
            // On to the next item, or back to the last one that can go elsewhere.
            let mut from = if dead { None } else { Some(self.first_start(position)) };
            loop {
                if let Some(from) = from
                    && self.fit(position, from)
                {
                    position += 1;
                    break;
                }
                troubled = true;
                if position == 0 {
                    return Some(false);
                }
                position -= 1;
                from = Some(self.take_out(position) + 1);
            }
        }
    }

    /// Where to begin with the long item at a position: equal items ascend.
    fn first_start(&self, position: usize) -> usize {
        let Some(before) = position.checked_sub(1).map(|before| self.long[before]) else { return 0 };
        let twin = compare(self.items[before], self.items[self.long[position]]).is_eq();
        if twin { self.chosen[before] } else { 0 }
    }

    /// Fits the long item at a position in from a span on.
    fn fit(&mut self, position: usize, from: usize) -> bool {
        let item = self.long[position];
        let spans = self.items[item];
        let Some(at) = (from..spans.len()).find(|&at| self.atoms.has_room(self.pool, &spans[at])) else {
            return false;
        };
        self.atoms.take(&spans[at]);
        self.chosen[item] = at;
        true
    }

    /// Takes the long item at a position out; says where it was.
    fn take_out(&mut self, position: usize) -> usize {
        let item = self.long[position];
        let at = self.chosen[item];
        self.atoms.free(&self.items[item][at]);
        at
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
        for (atom, count) in self.atoms.counts().enumerate() {
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

    /// Matches the short items to the atoms that are left, the first one free where there is one; keeps the matching where
    /// all have one.
    fn match_short(&mut self) -> bool {
        let mut holders: Vec<SmallVec<[u32; 1]>> = vec![SmallVec::new(); self.pool.capacity.len()];
        // By atom, the last item that looked at it.
        let mut seen = vec![0; self.pool.capacity.len()];
        for at in 0..self.short.len() {
            if !self.augment(at, &mut holders, &mut seen) {
                return false;
            }
        }
        for (atom, items) in holders.iter().enumerate() {
            for &at in items {
                let item = self.short[at as usize];
                let here =
                    |span: &Span| span.from as usize == atom && self.atoms.room_at(self.pool, span) > 0;
                self.chosen[item] = self.items[item].iter().position(here).unwrap_or(0);
            }
        }
        true
    }

    /// Finds an atom for a short item, others moved to other atoms of theirs where that makes room: breadth first, so that
    /// few are moved.
    fn augment(&self, at: usize, holders: &mut [SmallVec<[u32; 1]>], seen: &mut [usize]) -> bool {
        let own = self.items[self.short[at]];
        let is_free =
            |span: &&Span| holders[span.from as usize].len() < self.atoms.room_at(self.pool, span) as usize;
        if let Some(span) = own.iter().find(is_free) {
            holders[span.from as usize].push(at as u32);
            return true;
        }
        // Who looks for an atom, after whom (by position in this list), and for which atom it would be left.
        let mut looking: Vec<(u32, usize, usize)> = vec![(at as u32, usize::MAX, usize::MAX)];
        let mut next = 0;
        while let Some(&(item, ..)) = looking.get(next) {
            for span in self.items[self.short[item as usize]] {
                let atom = span.from as usize;
                let room = self.atoms.room_at(self.pool, span) as usize;
                if room == 0 || std::mem::replace(&mut seen[atom], at + 1) == at + 1 {
                    continue;
                }
                if holders[atom].len() < room {
                    // Everybody on the way moves on.
                    let (mut mover, mut to) = (next, atom);
                    loop {
                        let (item, after, left) = looking[mover];
                        holders[to].push(item);
                        if after == usize::MAX {
                            return true;
                        }
                        holders[left].retain(|other| *other != item);
                        (mover, to) = (after, left);
                    }
                }
                looking.extend(holders[atom].iter().map(|&other| (other, next, atom)));
            }
            next += 1;
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
            let room = search.atoms.has_room(search.pool, span);
            room && {
                search.atoms.take(span);
                let fits = fits(search, position + 1);
                search.atoms.free(span);
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
                let room = search.items[search.long[position]]
                    .iter()
                    .find(|span| search.atoms.has_room(search.pool, span));
                match room.copied() {
                    Some(span) => search.atoms.take(&span),
                    None => break,
                }
            }
        }
        assert!(hopeless > 500 && fitting > 500, "{hopeless} are hopeless, {fitting} fit");
    }
}
