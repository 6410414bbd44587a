//! Branch and bound over one independent part: exact, with whole-number bounds at every leaf.
//!
//! Every node is a range of allowed positions for each job (options ascend by cost, "unplaced" comes last). A node
//! is closed when its exact bound is no smaller than the best plan, so the proof never rests on floating point.

mod floors;
mod onward;
mod probe;
mod split;

use probe::Probed;
use split::Decision;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::bound::{Bound, Prices, Verdict};
use super::covers::Covers;
use super::cuts;
use super::lp::{Ending, LpStop, Work};
use super::master::{Master, Support, WHOLE};
use super::parity;
use super::problem::{Assignment, Problem};
use super::state::{State, first_plan, greedy};
use super::ties::{TieRow, Ties};
use super::watch::AreaWatch;

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
    pub watch: AreaWatch<'a>,
}

/// A node: what has been decided on the way to it.
#[derive(Debug, Clone, Default)]
struct Node {
    /// Nothing has been decided.
    root: bool,
    /// Narrowed ranges of positions: job, from, to.
    ranges: Vec<(usize, (usize, usize))>,
    /// Branching rows that hold.
    rows: Vec<u32>,
    /// An optimal basis of the node above; none = the one at hand.
    basis: Option<Rc<[u32]>>,
    /// The bound of the node above: an order in which to look at nodes.
    bound: Vec<i64>,
}

impl Node {
    /// The same with more to be decided.
    fn child(&self) -> Self {
        Self { root: false, basis: None, ..self.clone() }
    }
}

/// The two sides of a node, the one to look at first last.
type Way = [Node; 2];

/// How the linear programme is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// From a plan that keeps every row.
    FromPlan,
    /// From an optimum before; stops where it cannot beat the best plan.
    UntilCutoff,
    /// The same to the end.
    ToTheEnd,
}

/// So many times the rows and jobs at the root are enough.
const ENOUGH: usize = 2;

/// Differences of objectives smaller than this are noise.
const NOISE: f64 = 1e-3;

enum Outcome {
    /// Nothing better is here.
    Closed,
    /// Look at these, the last one first.
    Split(Vec<i64>, Box<Way>),
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
    /// The same before the first floor.
    unfloored: Option<(Bound, Prices)>,
    /// The same before anything was left out of the root: it speaks of every plan.
    whole: Option<(Bound, Prices)>,
    /// Nodes looked at.
    pub nodes: u64,
    /// Whether the part has been searched and cut down before.
    again: bool,
    /// How many times as many ways to split a node are tried as at first.
    width: usize,
    /// With so many rows, no more zero-half cuts are looked for below the root: rows are never dropped, and the more
    /// there are, the longer every node takes.
    enough: usize,
    /// The basis of the root, to begin again from where numbers cannot be trusted.
    root_basis: Option<Rc<[u32]>>,
    /// Branching rows that hold at the root, and everywhere.
    root_rows: Vec<u32>,
    /// Ranges of positions at the root: whatever is outside them is worse than the best plan.
    root_ranges: Vec<(usize, (usize, usize))>,
    ties: Ties,
    master: Master,
    covers: Covers,
    budget: Budget<'a>,
    /// Branching rows made so far.
    decisions: BTreeMap<Decision, u32>,
    /// By entry: jobs that cost more in it when left out than anywhere.
    needy: BTreeMap<usize, Rc<[usize]>>,
    /// Rows made so far that hold an entry at least at a value: entry, value.
    floors: BTreeMap<(usize, i64), u32>,
    open: BTreeMap<(Vec<i64>, u64), Node>,
    dive: Option<Node>,
}

impl<'a> Search<'a> {
    /// Begins a search, from a plan where there is one.
    pub(super) fn new(problem: Problem, budget: Budget<'a>, warm: Option<&[Option<usize>]>) -> Self {
        let ties = Ties::new(&problem);
        let best = first_plan(&problem, &ties, warm);
        let options: Vec<Option<usize>> = best.options().collect();
        let master = Master::new(&problem, &options);
        let covers = Covers::new(&problem);
        Self {
            problem,
            best,
            root: None,
            unfloored: None,
            whole: None,
            nodes: 0,
            again: warm.is_some(),
            width: 1,
            enough: usize::MAX,
            root_basis: None,
            root_rows: Vec::new(),
            root_ranges: Vec::new(),
            ties,
            master,
            covers,
            budget,
            decisions: BTreeMap::new(),
            needy: BTreeMap::new(),
            floors: BTreeMap::new(),
            open: BTreeMap::new(),
            dive: Some(Node { root: true, ..Node::default() }),
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
            match self.visit(node) {
                Outcome::Closed => {}
                Outcome::Split(bound, sides) => {
                    let [later, sooner] = *sides;
                    self.open.insert((bound, self.nodes), later);
                    self.dive = Some(sooner);
                }
                Outcome::Stopped => return End::Stopped,
            }
        }
        End::Proven
    }

    fn ranges(&self, node: &Node) -> Vec<(usize, usize)> {
        self.narrowed(&node.ranges)
    }

    fn narrowed(&self, ranges: &[(usize, (usize, usize))]) -> Vec<(usize, usize)> {
        let mut allowed: Vec<(usize, usize)> =
            self.problem.jobs.iter().map(|job| (0, job.positions())).collect();
        for &(job, range) in ranges {
            allowed[job] = range;
        }
        allowed
    }

    /// The positions allowed at the root.
    pub(super) fn root_allowed(&self) -> Vec<(usize, usize)> {
        self.narrowed(&self.root_ranges)
    }

    fn visit(&mut self, mut node: Node) -> Outcome {
        let root = node.root;
        let mut allowed = self.ranges(&node);
        self.master.allow(&allowed);
        self.master.enforce(&self.problem, &node.rows);
        if let Some(basis) = &node.basis {
            self.master.restore(basis);
        }
        let (mut rounds, mut doubts, mut mended) = (0, 0, false);
        let mut run = if self.root.is_none() { Run::FromPlan } else { Run::UntilCutoff };
        loop {
            if (self.budget.stop)() {
                return Outcome::Stopped;
            }
            let ending = match self.optimise(run) {
                Ok(ending) => ending,
                Err(LpStop::Work) => return Outcome::Stopped,
                Err(LpStop::Numerics) => {
                    doubts += 1;
                    match (&self.root_basis, doubts) {
                        // What was carried over may have been of no use.
                        (None, 1) if root => {
                            let plan: Vec<Option<usize>> = self.best.options().collect();
                            self.master.begin_at(&plan);
                            run = Run::FromPlan;
                            continue;
                        }
                        // Another way to the same optimum.
                        (Some(basis), 1) => {
                            self.master.restore(basis);
                            run = Run::ToTheEnd;
                            continue;
                        }
                        _ => return self.halve(&node, &allowed),
                    }
                }
            };
            let open = self.first_open();
            let settled = open.is_some_and(|open| self.whole_bound(open) >= self.best.value[open]);
            // A first bound is kept in case the run is stopped; the one that counts comes after all rows.
            let first = root && self.root.is_none();
            if ending != Ending::Optimal || open.is_none() || first || settled {
                let prices = self.master.prices(&self.problem, ending);
                let bound = prices.bound(&self.problem, &allowed);
                let proven = bound.verdict(&self.best.value) == Verdict::Proven;
                let floor = bound.settled(&self.best.value).filter(|_| !proven && ending == Ending::Optimal);
                if root && ending == Ending::Optimal {
                    self.root = Some((bound, prices));
                }
                if floor.is_some_and(|entry| self.raise(&mut node, entry)) {
                    run = Run::UntilCutoff;
                    continue;
                }
                match (proven, ending, run) {
                    (true, ..) => return Outcome::Closed,
                    (_, Ending::Cutoff, _) => {
                        run = Run::ToTheEnd;
                        continue;
                    }
                    // The duals are a little off: the primal method mends them.
                    (_, Ending::Optimal, Run::UntilCutoff | Run::ToTheEnd) if open.is_none() => {
                        if mended {
                            return self.halve(&node, &allowed);
                        }
                        mended = true;
                        run = Run::FromPlan;
                        continue;
                    }
                    (_, Ending::Infeasible, _) => return self.halve(&node, &allowed),
                    _ => {}
                }
            }
            run = Run::UntilCutoff;
            let support = self.master.support();
            if self.tighten(&support) {
                continue;
            }
            if rounds < self.rounds_at(root) {
                rounds += 1;
                let rows = parity::broken(&self.problem, &self.master, &support);
                if !rows.is_empty() {
                    self.add_rows(rows);
                    continue;
                }
            }
            // A whole solution may just have become the best plan: then the bound is to be looked at again.
            let Some(open) = self.first_open() else { continue };
            let settled = open < self.problem.settled && self.whole_bound(open) >= self.best.value[open];
            if settled && self.raise(&mut node, open) {
                continue;
            }
            // A better plan may close the node, or settle an entry.
            if self.round(&support) {
                continue;
            }
            let basis: Rc<[u32]> = self.master.basis().into();
            if root {
                let prices = self.master.prices(&self.problem, Ending::Optimal);
                self.root = Some((prices.bound(&self.problem, &allowed), prices));
                self.root_basis = Some(Rc::clone(&basis));
                self.root_rows.clone_from(&node.rows);
                self.enough = ENOUGH * (self.problem.rows.len() + self.problem.jobs.len());
            }
            let bound: Vec<i64> = (0..self.problem.entries).map(|entry| self.whole_bound(entry)).collect();
            // Trying is for proving: it pays once a good plan is known.
            let probed = if self.again { self.probe(&support, &allowed, &node, open) } else { None };
            let way = match probed {
                Some(Probed::Closed) => return Outcome::Closed,
                Some(Probed::Narrowed(narrowed)) => {
                    node = narrowed;
                    if root {
                        self.narrow_root(&node);
                    }
                    allowed = self.ranges(&node);
                    self.master.allow(&allowed);
                    self.master.enforce(&self.problem, &node.rows);
                    if let Some(basis) = &node.basis {
                        self.master.restore(basis);
                    }
                    continue;
                }
                Some(Probed::Split(way)) => Some(way),
                None => self.split(&support, &allowed, &node, open),
            };
            let Some(mut way) = way else { return Outcome::Stopped };
            for child in &mut way {
                child.basis.get_or_insert_with(|| Rc::clone(&basis));
                child.bound.clone_from(&bound);
            }
            return Outcome::Split(bound, Box::new(way));
        }
    }

    /// Rounds of zero-half cuts: they pay once a good plan is known and what cannot be in a better one is gone.
    fn rounds_at(&self, root: bool) -> u32 {
        match (self.again, root) {
            (false, true) => 3,
            (false, false) => 0,
            (true, true) => 12,
            (true, false) => u32::from(self.problem.rows.len() < self.enough),
        }
    }

    fn optimise(&mut self, run: Run) -> Result<Ending, LpStop> {
        let pivots = self.budget.pivots.saturating_sub(self.master.work());
        let left = Work { pivots, stop: self.budget.stop };
        match run {
            Run::FromPlan => self.master.start(left),
            Run::UntilCutoff => self.master.go_on(left, Some(&self.best.value)),
            Run::ToTheEnd => self.master.go_on(left, None),
        }
    }

    /// An entry of the programme's objective, rounded up: an order in which to look at nodes.
    fn whole_bound(&self, entry: usize) -> i64 {
        (self.master.objective(entry) - NOISE).ceil() as i64
    }

    /// The first entry in which the programme is below the best plan; none where it is not better at all.
    fn first_open(&self) -> Option<usize> {
        let gaps = self.best.value.iter().enumerate().map(|(entry, &best)| {
            let gap = self.master.objective(entry) - best as f64;
            (entry, if gap.abs() < NOISE { 0.0 } else { gap })
        });
        let telling = gaps.into_iter().find(|(_, gap)| *gap != 0.0)?;
        (telling.1 < 0.0).then_some(telling.0)
    }

    fn add_rows(&mut self, rows: Vec<TieRow>) {
        for row in rows {
            self.master.add_row(&mut self.problem, row);
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
                    for (pool, certain) in crowded {
                        rows.extend(cuts::crowded(&self.problem, pool, &state.pool(pool), certain));
                    }
                    if rows.is_empty() {
                        self.round(support);
                    }
                }
            }
        }
        if rows.is_empty() && !whole {
            rows = self.covers.broken(&self.problem, support);
        }
        let some = !rows.is_empty();
        self.add_rows(rows);
        some
    }

    /// A plan near the values of the linear programme; says whether it is better.
    fn round(&mut self, support: &Support) -> bool {
        let near = greedy(State::new(&self.problem, &self.ties), Some(support)).settle();
        self.keep_if_better(near.ok())
    }

    fn keep_if_better(&mut self, found: Option<Assignment>) -> bool {
        let Some(found) = found.filter(|found| found.value < self.best.value) else { return false };
        self.best = found;
        true
    }
}
