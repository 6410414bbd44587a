//! Fits the starts of a large pool one by one, who can go to the fewest first, and makes room by moving a few of those who
//! are there. It may fail where there is a way; where it succeeds, no search is needed.

use super::problem::{Pool, Span};

/// Moves one after another to make room for somebody.
const DEPTH: u32 = 3;
/// Starts that are tried in all for one item.
const TRIALS: u32 = 2_000;
/// Nobody is there.
const NOBODY: u32 = u32::MAX;

struct Crowd<'a> {
    items: &'a [&'a [Span]],
    /// By atom: who is there.
    holder: Vec<u32>,
    chosen: Vec<Option<usize>>,
    /// Who was where, to come back to.
    undo: Vec<(usize, Option<usize>)>,
    trials: u32,
}

/// A span for each item so that no two overlap, where one is found. Group slots are not shared.
pub(super) fn fit(pool: &Pool, items: &[&[Span]]) -> Option<Vec<usize>> {
    let length = |item: &usize| items[*item].first().map_or(0, |span| span.to - span.from);
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|item| (items[*item].len(), u16::MAX - length(item)));
    let mut crowd = Crowd {
        items,
        holder: vec![NOBODY; pool.capacity.len()],
        chosen: vec![None; items.len()],
        undo: Vec::new(),
        trials: 0,
    };
    for item in order {
        crowd.trials = TRIALS;
        crowd.undo.clear();
        if !crowd.insert(item, DEPTH) {
            return None;
        }
    }
    crowd.chosen.into_iter().collect()
}

impl Crowd<'_> {
    fn span(&self, item: usize, at: usize) -> Span {
        self.items[item][at]
    }

    fn put(&mut self, item: usize, at: Option<usize>) {
        let before = std::mem::replace(&mut self.chosen[item], at);
        self.undo.push((item, before));
        if let Some(at) = before {
            let span = self.span(item, at);
            self.holder[usize::from(span.from)..usize::from(span.to)].fill(NOBODY);
        }
        if let Some(at) = at {
            let span = self.span(item, at);
            self.holder[usize::from(span.from)..usize::from(span.to)].fill(item as u32);
        }
    }

    /// Takes back everything since the log was so long.
    fn back_to(&mut self, length: usize) {
        while self.undo.len() > length {
            let Some((item, before)) = self.undo.pop() else { return };
            let logged = self.undo.len();
            self.put(item, before);
            self.undo.truncate(logged);
        }
    }

    /// Whoever holds atoms of a span, each once.
    fn holders(&self, span: Span) -> impl Iterator<Item = u32> + '_ {
        let atoms = &self.holder[usize::from(span.from)..usize::from(span.to)];
        let new = move |(at, &holder): (usize, &u32)| {
            (holder != NOBODY && (at == 0 || atoms[at - 1] != holder)).then_some(holder)
        };
        atoms.iter().enumerate().filter_map(new)
    }

    /// Gives an item a start: a free one, or one whose holders find others.
    fn insert(&mut self, item: usize, depth: u32) -> bool {
        let spans = self.items[item];
        if let Some(free) = spans.iter().position(|span| self.holders(*span).next().is_none()) {
            self.put(item, Some(free));
            return true;
        }
        if depth == 0 {
            return false;
        }
        for (at, &span) in spans.iter().enumerate() {
            if self.trials == 0 {
                return false;
            }
            self.trials -= 1;
            let logged = self.undo.len();
            let ousted: Vec<u32> = self.holders(span).collect();
            for &other in &ousted {
                self.put(other as usize, None);
            }
            self.put(item, Some(at));
            if ousted.into_iter().all(|other| self.insert(other as usize, depth - 1)) {
                return true;
            }
            self.back_to(logged);
        }
        false
    }
}
