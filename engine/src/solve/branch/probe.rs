//! Which of several ways to split a node tells most, found by trying (strong branching: Applegate, Bixby, Chvatal and
//! Cook 1995). A side in which nothing better is found to be needs no node at all: the other one takes its place.

use super::{Node, Search, Way};
use crate::solve::bound::Verdict;
use crate::solve::lp::{Ending, LpStop, Mark, Work};
use crate::solve::master::Support;

/// Pivots to try a side with.
const PIVOTS: u64 = 40;
/// Jobs tried at most.
const JOBS: usize = 4;
/// Numbers of users tried at most.
const NUMBERS: usize = 4;
/// The side that gains less counts so many times as much as the other one.
const LESSER: f64 = 6.0;
/// Gains closer than this are equal.
const EQUAL: f64 = 1e-4;

/// What came of trying.
pub(super) enum Probed {
    /// Nothing better is here.
    Closed,
    /// The node without a side that has nothing better.
    Narrowed(Node),
    /// The best way to split it.
    Split(Way),
}

/// What a side has come to.
enum Side {
    /// Nothing better is there, and (`worse`) nothing as good either.
    Closed { worse: bool },
    /// The objective is at least this.
    Open(Vec<f64>),
}

impl Search<'_> {
    /// Tries ways to split a node; none where there are none. What the programme stands at afterwards is not said.
    pub(super) fn probe(
        &mut self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<Probed> {
        let most = (JOBS * self.width, NUMBERS * self.width);
        let ways = self.ways(support, allowed, node, open, most);
        if ways.is_empty() {
            return None;
        }
        let mark = self.master.mark();
        let before: Vec<f64> = self.objective().collect();
        let mut best: Option<(Vec<f64>, Way)> = None;
        for mut way in ways {
            let [later, sooner] = &mut way;
            match (self.side(later, &mark), self.side(sooner, &mark)) {
                (Side::Closed { .. }, Side::Closed { .. }) => return Some(Probed::Closed),
                // What is left out at the root is left out for good, so it must not hold the best plan.
                (Side::Closed { worse }, Side::Open(_)) if worse || !node.root => {
                    let [_, sooner] = way;
                    return Some(Probed::Narrowed(Node { root: node.root, ..sooner }));
                }
                (Side::Open(_), Side::Closed { worse }) if worse || !node.root => {
                    let [later, _] = way;
                    return Some(Probed::Narrowed(Node { root: node.root, ..later }));
                }
                (Side::Closed { .. }, Side::Open(_)) | (Side::Open(_), Side::Closed { .. }) => {
                    return Some(Probed::Split(way));
                }
                (Side::Open(later), Side::Open(sooner)) => {
                    let gains = later.iter().zip(&sooner).zip(&before).map(|((later, sooner), before)| {
                        let (later, sooner) = (later - before, sooner - before);
                        later.min(sooner) + later.max(sooner) / LESSER
                    });
                    let gains: Vec<f64> = gains.collect();
                    if best.as_ref().is_none_or(|(least, _)| is_more(&gains, least)) {
                        best = Some((gains, way));
                    }
                }
            }
        }
        best.map(|(_, way)| Probed::Split(way))
    }

    /// Solves a side for a few pivots. Its basis is where its node goes on from.
    fn side(&mut self, side: &mut Node, mark: &Mark) -> Side {
        let allowed = self.ranges(side);
        self.master.allow(&allowed);
        self.master.enforce(&self.problem, &side.rows);
        self.master.rewind(mark);
        let pivots = self.budget.pivots.saturating_sub(self.master.work()).min(PIVOTS);
        let ending = self.master.go_on(Work { pivots, stop: self.budget.stop }, Some(&self.best.value));
        if ending != Err(LpStop::Numerics) {
            side.basis = Some(self.master.basis().into());
        }
        if let Ok(ending) = ending
            && (ending != Ending::Optimal || self.first_open().is_none())
        {
            let bound = self.master.prices(&self.problem, ending).bound(&self.problem, &allowed);
            if bound.verdict(&self.best.value) == Verdict::Proven {
                return Side::Closed { worse: bound.is_worse(&self.best.value) };
            }
        }
        Side::Open(self.objective().collect())
    }

    /// The objective, or a bound on it where a run was ended before its optimum.
    fn objective(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.problem.entries).map(|entry| self.master.bound_so_far(entry))
    }
}

/// Whether gains are more than others: in the first entry in which they differ.
fn is_more(gains: &[f64], than: &[f64]) -> bool {
    let apart = gains.iter().zip(than).find(|(gain, than)| (*gain - *than).abs() > EQUAL);
    apart.is_some_and(|(gain, than)| gain > than)
}
