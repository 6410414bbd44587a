//! Part (a): nobody could lower an entry of lateness, or save `window`, at the cost of later standings alone.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Repair;
use super::board::{Beside, Way};
use crate::solve::problem::Cost;

/// Ways that are weighed against one another for one move.
const WEIGHED: usize = 8;

impl Repair<'_> {
    /// Lowers what can be lowered, the first entry first; says whether anybody moved.
    pub(super) fn lower(&mut self) -> bool {
        let mut changed = false;
        // The entries of lateness with `window` among them come before those of waiting.
        for entry in 0..=self.whole.layout.ranks() {
            self.loosen(entry);
            loop {
                let mut moved = false;
                for at in 0..self.order.len() {
                    moved |= self.lower_one(self.order[at], entry);
                }
                changed |= moved;
                if !moved {
                    break;
                }
            }
        }
        changed
    }

    /// Says who may be displaced for the sake of an entry: of later standing, with all who come after them.
    fn loosen(&mut self, entry: usize) {
        for job in 0..self.standing.len() {
            let loose = self.standing[job] > entry && {
                let placed = |after: &usize| self.board.way(*after).is_some();
                let taken_along = reach([job], |job| self.board.ties.after(job).filter(placed).collect());
                taken_along.iter().all(|&job| self.standing[job] > entry)
            };
            self.board.set_loose(job, loose);
        }
    }

    /// Lowers the part of one job in an entry if that can be.
    fn lower_one(&mut self, job: usize, entry: usize) -> bool {
        let options = self.lowering(job, entry);
        if options.is_empty() {
            return false;
        }
        // Whom the mover comes after stays. It is itself of no later standing than the entry: once it is placed, they
        // may not be displaced any more, so on success they remain firm.
        let before = self.board.ties.before(job);
        let mut needed = reach(before, |job| self.board.ties.before(job).collect());
        needed.retain(|&other| self.board.is_loose(other));
        for &other in &needed {
            self.board.set_loose(other, false);
        }
        let value = self.board.value.clone();
        let now = self.board.lift(job);
        let Some((way, victims)) = self.best_way(job, options, entry) else {
            if let Some(now) = now {
                self.board.put(job, now);
            }
            for other in needed {
                self.board.set_loose(other, true);
            }
            return false;
        };
        for &victim in &victims {
            self.board.lift(victim);
        }
        self.board.put(job, way);
        self.seat_again(victims.into_iter().collect());
        debug_assert!(self.board.value < value, "each step makes the vector smaller");
        true
    }

    /// Options that cost the same as now before the entry and less there.
    fn lowering(&self, job: usize, entry: usize) -> Range<usize> {
        let now = self.cost(job);
        let options = &self.whole.problem.jobs[job].options;
        let from = options.partition_point(|option| option.cost[..entry] < now[..entry]);
        let to = options.partition_point(|option| option.cost[..=entry] < now[..=entry]);
        from..to.max(from)
    }

    /// Of the ways that are possible once those who may be displaced are left out, and that lower the entry most, one
    /// that harms others least, with those in its way.
    fn best_way(&self, job: usize, options: Range<usize>, entry: usize) -> Option<(Way, BTreeSet<usize>)> {
        let cost = |option: usize| &self.whole.problem.jobs[job].options[option].cost;
        let mut best: Option<(Cost, Way, BTreeSet<usize>)> = None;
        let mut weighed = 0;
        for option in options {
            let worse = |(_, way, _): &(Cost, Way, _)| cost(option)[entry] > cost(way.option)[entry];
            if weighed >= WEIGHED || best.as_ref().is_some_and(worse) {
                break;
            }
            if !self.board.allows(job, option, Beside::Firm) {
                continue;
            }
            for way in self.board.ways_of(job, option) {
                if !self.board.has_room(job, way, Beside::Firm) {
                    continue;
                }
                let victims = self.board.victims(job, way);
                if victims.is_empty() {
                    return Some((way, victims));
                }
                let burden = self.board.burden(job, way, &victims);
                if best.as_ref().is_none_or(|(least, ..)| burden < *least) {
                    best = Some((burden, way, victims));
                }
                weighed += 1;
                if weighed >= WEIGHED {
                    break;
                }
            }
        }
        best.map(|(_, way, victims)| (way, victims))
    }
}

/// Everything that can be reached from these by those steps, the start included.
fn reach(from: impl IntoIterator<Item = usize>, steps: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut reached: Vec<usize> = from.into_iter().collect();
    let mut next = 0;
    while let Some(&current) = reached.get(next) {
        for other in steps(current) {
            if !reached.contains(&other) {
                reached.push(other);
            }
        }
        next += 1;
    }
    reached
}
