//! Branch and bound over one independent part: exact, with whole-number bounds at every leaf.
//!
//! Every node is a range of allowed positions for each job (options ascend by cost, "unplaced" comes last). A node
//! is closed when its exact bound is no smaller than the best plan, so the proof never rests on floating point.

use std::collections::BTreeMap;

use super::bound::{Bound, Prices, Verdict};
use super::covers::Covers;
use super::cuts;
use super::lp::LpStop;
use super::master::{Master, Support, WHOLE};
use super::problem::{Assignment, Problem};
use super::state::{State, greedy};
use super::ties::Ties;
use super::watch::Watch;

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The best plan is proven.
    Proven,
    /// So many nodes were allowed, and there are more.
    Nodes,
    /// Out of budget, or numbers that cannot be trusted.
    Stopped,
}

/// What a run may spend.
#[derive(Clone, Copy)]
pub(super) struct Budget<'a> {
    /// Simplex pivots.
    pub pivots: u64,
    /// Asked now and then: true = stop with the best so far.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Told of the best plan so far.
    pub watch: &'a Watch<'a>,
}

/// A node: what has been decided on the way to it.
#[derive(Debug, Clone, Default)]
struct Node {
    /// Narrowed ranges of positions: job, from, to.
    ranges: Vec<(usize, (usize, usize))>,
    /// Branching rows that hold.
    rows: Vec<u32>,
}

impl Node {
    fn is_root(&self) -> bool {
        self.ranges.is_empty() && self.rows.is_empty()
    }
}

enum Outcome {
    /// Nothing better is here.
    Closed,
    /// Look at these, the last one first.
    Split(Vec<i64>, [Node; 2]),
    /// Out of budget, or numbers that cannot be trusted.
    Stopped,
}

/// The search over one part.
pub(super) struct Search<'a> {
    /// The part, with the rows found on the way.
    pub problem: Problem,
    /// The best plan so far.
    pub best: Assignment,
    /// The bound of the root with its prices.
    pub root: Option<(Bound, Prices)>,
    /// Nodes looked at.
    pub nodes: u64,
    ties: Ties,
    master: Master,
    covers: Covers,
    budget: Budget<'a>,
    /// Branching rows made so far: limit, size, sign, right-hand side.
    decisions: BTreeMap<(usize, i64, i64, i64), u32>,
    open: BTreeMap<(Vec<i64>, u64), Node>,
    dive: Option<Node>,
}

impl<'a> Search<'a> {
    /// Begins a search, from a plan where there is one.
    pub(super) fn new(problem: Problem, budget: Budget<'a>, warm: Option<&[Option<usize>]>) -> Self {
        let ties = Ties::new(&problem);
        let known = warm.and_then(|warm| {
            let mut state = State::new(&problem, &ties);
            state.force(warm);
            state.settle().ok()
        });
        let best = match known {
            Some(known) => known,
            // invariant: a state built by `place` can always be settled; nobody placed is a plan too.
            None => greedy(&problem, &ties, None).settle().unwrap_or_else(|_| Assignment {
                chosen: vec![None; problem.jobs.len()],
                value: problem.value(std::iter::repeat_n(None, problem.jobs.len())),
            }),
        };
        let mut master = Master::new(&problem);
        let options: Vec<Option<usize>> = best.options().collect();
        master.start_from(&problem, &options);
        let covers = Covers::new(&problem);
        Self {
            problem,
            best,
            root: None,
            nodes: 0,
            ties,
            master,
            covers,
            budget,
            decisions: BTreeMap::new(),
            open: BTreeMap::new(),
            dive: Some(Node::default()),
        }
    }

    /// Pivots made.
    pub(super) fn pivots(&self) -> u64 {
        self.master.work()
    }
}

impl Search<'_> {
    /// Looks at nodes, the one with the least bound first but diving to the end each time, until so many have been
    /// looked at in all; can be called again to go on.
    pub(super) fn run(&mut self, nodes: u64) -> End {
        while let Some(node) = self.dive.take().or_else(|| self.open.pop_first().map(|(_, node)| node)) {
            if (self.budget.stop)() {
                return End::Stopped;
            }
            if self.nodes >= nodes {
                self.dive = Some(node);
                return End::Nodes;
            }
            self.nodes += 1;
            match self.visit(&node) {
                Outcome::Closed => {}
                Outcome::Split(bound, [later, sooner]) => {
                    self.open.insert((bound, self.nodes), later);
                    self.dive = Some(sooner);
                }
                Outcome::Stopped => return End::Stopped,
            }
        }
        End::Proven
    }

    fn ranges(&self, node: &Node) -> Vec<(usize, usize)> {
        let mut allowed: Vec<(usize, usize)> =
            self.problem.jobs.iter().map(|job| (0, job.positions())).collect();
        for &(job, range) in &node.ranges {
            allowed[job] = range;
        }
        allowed
    }

    fn visit(&mut self, node: &Node) -> Outcome {
        let allowed = self.ranges(node);
        self.master.allow(&allowed);
        self.master.enforce(&node.rows);
        loop {
            let left = self.budget.pivots.saturating_sub(self.master.work());
            match self.master.optimise(&self.problem, left, self.budget.stop) {
                Ok(()) => {}
                Err(LpStop::Work | LpStop::Numerics) => return Outcome::Stopped,
            }
            let prices = self.master.prices(&self.problem);
            let bound = prices.bound(&self.problem, &allowed);
            if node.is_root() {
                self.root = Some((bound.clone(), prices));
            }
            if bound.verdict(&self.best.value) == Verdict::Proven {
                return Outcome::Closed;
            }
            let support = self.master.support();
            if self.tighten(&support) {
                continue;
            }
            if let Some(split) = self.split(&support, &allowed, node, bound.first_open(&self.best.value)) {
                if node.is_root() {
                    self.round(&support);
                }
                return Outcome::Split(bound.rounded(), split);
            }
            // Whole, all ties kept, all starts fit: the best plan of this node.
            if bound.verdict(&self.best.value) == Verdict::Proven {
                return Outcome::Closed;
            }
            return Outcome::Stopped;
        }
    }

    /// Adds rows that the values break; where they are whole and break none, keeps the plan if it is better.
    fn tighten(&mut self, support: &Support) -> bool {
        let mut rows = self.ties.broken(&self.problem, support);
        let whole = support.iter().all(|options| options.len() == 1 && (options[0].1 - 1.0).abs() < WHOLE);
        if rows.is_empty() && whole {
            let options: Vec<Option<usize>> = support
                .iter()
                .zip(&self.problem.jobs)
                .map(|(options, job)| Some(options[0].0).filter(|&option| option < job.options.len()))
                .collect();
            let mut state = State::new(&self.problem, &self.ties);
            state.force(&options);
            match state.settle() {
                Ok(found) => {
                    if found.value < self.best.value {
                        self.best = found;
                    }
                }
                Err(crowded) => {
                    for pool in crowded {
                        rows.extend(cuts::crowded(&self.problem, pool, &state.pool(pool)));
                    }
                }
            }
        }
        if rows.is_empty() && !whole {
            rows = self.covers.broken(&self.problem, support);
        }
        let some = !rows.is_empty();
        for row in rows {
            self.master.add_row(&mut self.problem, row);
        }
        some
    }

    /// A plan near the values of the linear programme.
    fn round(&mut self, support: &Support) {
        if let Ok(found) = greedy(&self.problem, &self.ties, Some(support)).settle()
            && found.value < self.best.value
        {
            self.best = found;
        }
    }

    /// Splits on how many large users a limit has where that number is broken, else on a job.
    ///
    /// `open` is the first entry in which the bound does not meet the best plan: limits with a price there come
    /// first, since no later entry matters before that one is settled.
    fn split(
        &mut self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<[Node; 2]> {
        let weight = |row: usize| {
            let dual = self.master.dual(row);
            let priced = |dual: &[f64]| u8::from(dual.iter().any(|price| price.abs() > 1e-6));
            4 * priced(&dual[open..=open]) + 2 * priced(&dual[..open]) + priced(dual)
        };
        let found = self.covers.broken_number(&self.problem, support, weight);
        let Some((row, size, number)) = found else {
            return self.split_job(support, allowed, node, open);
        };
        let floor = number.floor() as i64;
        let mut branch = |sign: i64, rhs: i64| {
            let key = (row, size, sign, rhs);
            let known = self.decisions.get(&key).copied();
            let index = known.unwrap_or_else(|| {
                let new = self.covers.number_row(row, size, sign, rhs);
                self.master.add_row(&mut self.problem, new)
            });
            self.decisions.insert(key, index);
            let mut child = node.clone();
            child.rows.push(index);
            child
        };
        let (fewer, more) = (branch(1, floor), branch(-1, -floor - 1));
        Some(if number - number.floor() >= 0.5 { [fewer, more] } else { [more, fewer] })
    }

    /// Splits the range of the job that is least settled, in the middle of its values; jobs whose options differ in
    /// the entry that is open come first.
    fn split_job(
        &self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<[Node; 2]> {
        let largest = |options: &[(usize, f64)]| options.iter().map(|option| option.1).fold(0.0, f64::max);
        let undecided = |job: usize, options: &[(usize, f64)]| {
            let costs = &self.problem.jobs[job];
            let cost = |position: usize| {
                costs.options.get(position).map_or(&costs.unplaced, |option| &option.cost)[open.max(1) - 1]
            };
            options.iter().all(|option| cost(option.0) == cost(options[0].0))
        };
        let (job, options) =
            support.iter().enumerate().filter(|(_, options)| largest(options) < 1.0 - WHOLE).min_by(
                |a, b| {
                    let relevance = undecided(a.0, a.1).cmp(&undecided(b.0, b.1));
                    relevance.then(largest(a.1).total_cmp(&largest(b.1))).then(a.0.cmp(&b.0))
                },
            )?;
        let mut below = 0.0;
        let mut cut = None;
        for pair in options.windows(2) {
            below += pair[0].1;
            if cut.is_none() || below <= 0.5 {
                cut = Some((pair[0].0 + 1, below));
            }
        }
        let (at, below) = cut?;
        let (from, to) = allowed[job];
        let branch = |range: (usize, usize)| {
            let mut child = node.clone();
            child.ranges.push((job, range));
            child
        };
        let (low, high) = (branch((from, at)), branch((at, to)));
        Some(if below >= 0.5 { [high, low] } else { [low, high] })
    }
}
