//! How a problem is solved: split into independent parts; search each; where a part resists, rule out what no
//! better plan can hold, split what remains again, and search on with the rows found so far.

use rayon::prelude::*;

use super::bound::Prices;
use super::branch::{Budget, End, Search};
use super::parts::{Part, split};
use super::problem::{Assignment, Chosen, Job, Problem};
use super::stage::Stage;
use super::state::first_plan;
use super::ties::Ties;
use super::trade::{Root, Trades};

/// How a part is looked at: so many nodes each time, and then it begins again where no more tenths of it remain.
const GLANCES: [(u64, usize); 3] = [(1, 5), (3, 5), (8, 5)];
/// The last look; so many nodes the first time, and twice as many each time after that.
const LAST: (u64, usize) = (20, 9);
/// Nodes before a search that resists begins once more, at first.
const PATIENCE: u64 = 32;
/// A part is cut down so many times at most.
const LARGEST_DEPTH: u32 = 24;

/// A solved problem.
#[derive(Debug, Clone)]
pub(super) struct Solved {
    /// The best plan found.
    pub best: Assignment,
    /// For each entry a proven lower bound given the entries before.
    pub bounds: Vec<i64>,
    /// Where it is not proven: what could be traded, in plans that are better than the best one found.
    pub trades: Option<Trades>,
    /// Nodes looked at.
    pub nodes: u64,
    /// Pivots made.
    pub pivots: u64,
}

/// Solves a problem. A plan to start from is given by the positions of the options.
pub(super) fn solve(problem: &Problem, budget: Budget<'_>, warm: Option<&[Option<usize>]>) -> Solved {
    solve_split(problem, budget, warm, Depth::default()).0
}

/// The same, with what could be traded in any plan.
pub(super) fn solve_apart(
    problem: &Problem,
    budget: Budget<'_>,
    warm: Option<&[Option<usize>]>,
) -> (Solved, Trades) {
    if (budget.stop)() {
        // Too late to look at it: to take it apart would take longer than all that is done then.
        return not_searched(problem, warm);
    }
    let (solved, parts) = solve_split(problem, budget, warm, Depth::default());
    let mut trades = Trades::none(problem.entries);
    for (found, part) in &parts {
        part.add_trades(found.root.trades(&found.best.value, 0), &mut trades);
    }
    (solved, trades)
}

/// A first plan, and what can be said of it without a search.
fn not_searched(problem: &Problem, warm: Option<&[Option<usize>]>) -> (Solved, Trades) {
    let best = first_plan(problem, &Ties::new(problem), warm);
    let trades = Trades::new(problem, &Prices::none(problem), &best.value);
    let bounds = problem.least();
    (Solved { best, bounds, trades: None, nodes: 0, pivots: 0 }, trades)
}

/// How often a problem was made from one before it.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    /// In all.
    total: u32,
    /// After a last look.
    late: u32,
}

fn solve_split(
    problem: &Problem,
    budget: Budget<'_>,
    warm: Option<&[Option<usize>]>,
    depth: Depth,
) -> (Solved, Vec<(SolvedPart, Part)>) {
    let jobs = problem.jobs.len();
    let entries = problem.entries;
    let parts = split(problem);
    let solve_one = |mut part: Part| {
        let start: Option<Vec<Option<usize>>> =
            warm.map(|warm| part.jobs.iter().map(|&job| warm[job]).collect());
        let problem = std::mem::take(&mut part.problem);
        (solve_part(problem, budget, start.as_deref(), depth), part)
    };
    let solved: Vec<_> = parts.into_par_iter().map(solve_one).collect();

    let mut chosen: Chosen = vec![None; jobs];
    let mut value = vec![0_i64; entries];
    let (mut nodes, mut pivots) = (0, 0);
    for (found, part) in &solved {
        nodes += found.nodes;
        pivots += found.pivots;
        for (&job, choice) in part.jobs.iter().zip(&found.best.chosen) {
            chosen[job].clone_from(choice);
        }
        for (entry, value) in value.iter_mut().enumerate() {
            *value += part.in_whole(&found.best.value, entry);
        }
    }
    let sum = |of: for<'s> fn(&'s SolvedPart) -> &'s [i64]| -> Vec<i64> {
        let of_parts = |entry| solved.iter().map(|(found, part)| part.in_whole(of(found), entry)).sum();
        (0..entries).map(of_parts).collect()
    };
    let mut bounds = sum(|found| &found.bounds);
    let unmet = bounds.iter().zip(&value).position(|(bound, value)| bound != value);
    let mut best_trades: Option<(Vec<i64>, Trades)> = None;
    if let Some(unmet) = unmet {
        // Once an entry is not met, the entries before no longer say what each of several parts has.
        let least = sum(|found| &found.least);
        if solved.len() > 1 {
            bounds[unmet + 1..].copy_from_slice(&least[unmet + 1..]);
        }
        for trades in trades(&solved, entries, unmet) {
            let gains: Vec<i64> = (unmet..entries).map(|entry| trades.gain(entry)).collect();
            for ((bound, value), gain) in bounds.iter_mut().zip(&value).skip(unmet).zip(&gains) {
                *bound = value.saturating_sub(*gain).max(*bound);
            }
            if best_trades.as_ref().is_none_or(|(least, _)| gains < *least) {
                best_trades = Some((gains, trades));
            }
        }
    }
    let trades = best_trades.map(|(_, trades)| trades);
    (Solved { best: Assignment { chosen, value }, bounds, trades, nodes, pivots }, solved)
}

/// What could be traded among parts and within them, seen from their roots, and where one of them alone is open also from
/// what remained of it. `unmet` is the first entry in which their plans may not be the best.
fn trades(solved: &[(SolvedPart, Part)], entries: usize, unmet: usize) -> Vec<Trades> {
    let is_open = |found: &SolvedPart| found.bounds != found.best.value;
    let mut open = solved.iter().filter(|(found, _)| is_open(found));
    // Whatever is proven has no less than it has: so a better plan of the whole is a better one of the part that is open.
    let mut narrow = open.next().is_some_and(|(found, _)| found.narrow.is_some()) && open.next().is_none();
    let mut all = Vec::new();
    loop {
        let mut trades = Trades::none(entries);
        for (found, part) in solved {
            let own = found.narrow.as_ref().filter(|_| narrow && is_open(found)).cloned();
            let met = part.entries.partition_point(|at| *at <= unmet);
            part.add_trades(own.unwrap_or_else(|| found.root.trades(&found.best.value, met)), &mut trades);
        }
        all.push(trades);
        if !std::mem::take(&mut narrow) {
            return all;
        }
    }
}

/// A solved part, with the least that each entry can be on its own.
struct SolvedPart {
    best: Assignment,
    bounds: Vec<i64>,
    least: Vec<i64>,
    /// Where it is not proven: what could be traded in plans that are better than the best one found.
    narrow: Option<Trades>,
    root: Root,
    nodes: u64,
    pivots: u64,
}

fn solve_part(
    problem: Problem,
    budget: Budget<'_>,
    warm: Option<&[Option<usize>]>,
    depth: Depth,
) -> SolvedPart {
    let least = problem.least();
    let search = Search::new(problem, budget, warm);
    let mut look = Look { search, budget, nodes: 0, pivots: 0, known: None, narrow: None };
    look.tell(depth);
    let end = look.solve(depth);
    look.tell(depth);
    let Look { search, nodes, pivots, known, narrow, .. } = look;
    let mut bounds: Vec<i64> = match (end, &search.root) {
        (End::Proven, _) => search.best.value.clone(),
        (_, Some((root, _))) => {
            let known = root.entries(&search.best.value);
            let bound = |(entry, (known, value)): (usize, (Option<i64>, &i64))| match known {
                _ if entry < search.problem.settled => *value,
                Some(known) => known.clamp(least[entry], *value),
                None => least[entry],
            };
            known.into_iter().zip(&search.best.value).enumerate().map(bound).collect()
        }
        (_, None) => least.clone(),
    };
    for (bound, known) in bounds.iter_mut().zip(known.into_iter().flatten()) {
        *bound = known.max(*bound);
    }
    let (nodes, pivots) = (nodes + search.nodes, pivots + search.pivots());
    let best = search.best.clone();
    SolvedPart { best, bounds, least, narrow, root: search.into_root(), nodes, pivots }
}

/// A search, with the nodes and pivots of those that were made from it.
struct Look<'a> {
    search: Search<'a>,
    budget: Budget<'a>,
    nodes: u64,
    pivots: u64,
    /// Bounds of what remained of the part. Whatever could be better than the best plan is among that.
    known: Option<Vec<i64>>,
    /// What could be traded in it.
    narrow: Option<Trades>,
}

impl Look<'_> {
    /// Stages and what is left of a part say nothing about everybody.
    fn tell(&self, depth: Depth) {
        if depth.total == 0 {
            self.budget.watch.best(&self.search.problem, &self.search.best);
        }
    }

    fn solve(&mut self, depth: Depth) -> End {
        if depth.total >= LARGEST_DEPTH {
            return self.search.run(u64::MAX);
        }
        for (nodes, remains) in GLANCES {
            let end = self.search.run(self.search.nodes + nodes);
            if end != End::Nodes {
                return end;
            }
            if let Some(smaller) = cut_down(&self.search, remains) {
                return self.begin_again(&smaller, depth.next(false));
            }
        }
        let depth = depth.next(true);
        loop {
            let end = self.search.run(self.search.nodes + (LAST.0 << (depth.late - 1).min(20)));
            if end != End::Nodes {
                return end;
            }
            // A stage that settles something is followed by another look at the root.
            let settled = next_stage(&self.search).is_some_and(|stage| self.settle(&stage, depth));
            if settled {
                let end = self.search.run(self.search.nodes + 1);
                if end != End::Nodes {
                    return end;
                }
            }
            if let Some(smaller) = cut_down(&self.search, LAST.1) {
                return self.begin_again(&smaller, depth);
            }
            if !settled {
                return self.persist(depth);
            }
        }
    }

    /// What resists is searched from the root again, a few times, each time with more ways tried at every node: a
    /// search that took a bad turn near its root does not come out of it.
    fn persist(&mut self, depth: Depth) -> End {
        let mut nodes = PATIENCE;
        loop {
            let end = self.search.run(self.search.nodes.saturating_add(nodes));
            if end != End::Nodes {
                return end;
            }
            nodes = if self.search.widen() { nodes * 2 } else { u64::MAX };
            let end = self.search.run(self.search.nodes + 1);
            if end != End::Nodes {
                return end;
            }
            if let Some(smaller) = cut_down(&self.search, LAST.1) {
                return self.begin_again(&smaller, depth);
            }
        }
    }

    fn left(&self) -> Budget<'_> {
        let spent = self.pivots + self.search.pivots();
        Budget { pivots: self.budget.pivots.saturating_sub(spent), ..self.budget }
    }

    /// Proves the first entries alone, and says whether they could be settled so.
    fn settle(&mut self, stage: &Stage, depth: Depth) -> bool {
        let (solved, _) = solve_split(&stage.problem, self.left(), Some(&stage.start), depth);
        self.nodes += solved.nodes;
        self.pivots += solved.pivots;
        let placed = stage.in_whole(&solved.best, self.search.problem.jobs.len());
        solved.bounds == solved.best.value && self.search.settle(stage.problem.entries, &placed)
    }

    /// Goes on with what remains of the part.
    fn begin_again(&mut self, smaller: &Smaller, depth: Depth) -> End {
        let (solved, _) = solve_split(&smaller.problem, self.left(), Some(&smaller.start), depth);
        self.nodes += solved.nodes;
        self.pivots += solved.pivots;
        let proven = solved.bounds == solved.best.value;
        if solved.best.value < self.search.best.value {
            self.search.best = original(solved.best, &smaller.positions);
        }
        self.known = Some(solved.bounds);
        self.narrow = solved.trades;
        if proven { End::Proven } else { End::Stopped }
    }
}

impl Depth {
    fn next(self, late: bool) -> Self {
        Self { total: self.total + 1, late: self.late + u32::from(late) }
    }
}

/// The first entries up to the one that the root leaves open, where more follow.
fn next_stage(search: &Search<'_>) -> Option<Stage> {
    let entries = search.undecided()? + 1;
    (entries < search.problem.entries).then(|| search.stage(entries))
}

/// A problem with fewer options than the one it comes from.
struct Smaller {
    problem: Problem,
    /// By job the position that each remaining option had.
    positions: Vec<Vec<usize>>,
    /// The best plan so far in terms of the remaining options.
    start: Vec<Option<usize>>,
}

/// The same plan in terms of the options before.
fn original(mut plan: Assignment, positions: &[Vec<usize>]) -> Assignment {
    for (choice, positions) in plan.chosen.iter_mut().zip(positions) {
        if let Some((option, _)) = choice {
            *option = positions[*option];
        }
    }
    plan
}

/// Rules out what no plan as good as the best so far can hold; none where more than so many tenths remain.
fn cut_down(search: &Search<'_>, most: usize) -> Option<Smaller> {
    let (bound, prices) = search.root.as_ref()?;
    let remaining = prices.remaining(&search.problem, &search.root_allowed(), bound, &search.best.value);
    let before: usize = search.problem.jobs.iter().map(Job::positions).sum();
    let after: usize = remaining.iter().map(Vec::len).sum();
    if after * 10 > before * most {
        return None;
    }
    let carry = search.carry();
    let Problem { entries, settled, travel, .. } = search.problem;
    let mut jobs = Vec::with_capacity(remaining.len());
    let mut positions = Vec::with_capacity(remaining.len());
    for (index, mut kept) in remaining.into_iter().enumerate() {
        let count = search.problem.jobs[index].options.len();
        let unplaced = kept.pop_if(|last| *last == count).is_some();
        let mut job = carry.job(index, kept.iter().copied(), entries);
        job.required |= !unplaced;
        jobs.push(job);
        positions.push(kept);
    }
    let rows = carry.rows();
    let (pools, ties) = (search.problem.pools.clone(), search.problem.ties.clone());
    let problem = Problem { entries, settled, jobs, rows, pools, ties, travel };
    // The best plan is never ruled out: what it holds cannot put the bound above it.
    let start = search
        .best
        .options()
        .zip(&positions)
        .map(|(option, positions)| option.and_then(|option| positions.binary_search(&option).ok()))
        .collect();
    Some(Smaller { problem, positions, start })
}
