//! How a problem is solved: split into independent parts; search each; where a part resists, rule out what no
//! better plan can hold, split what remains again, and search on with the rows found so far.

use rayon::prelude::*;

use super::branch::{Budget, End, Search};
use super::parts::{Part, split};
use super::problem::{Assignment, Chosen, Job, Problem};
use super::stage::Stage;

/// Nodes looked at before a part is cut down for the first time; doubled each time.
const FIRST_NODES: u64 = 30;
/// A part is cut down so many times at most.
const LARGEST_DEPTH: u32 = 24;

/// A solved problem.
#[derive(Debug, Clone)]
pub(super) struct Solved {
    /// The best plan found.
    pub best: Assignment,
    /// For each entry a proven lower bound given the entries before.
    pub bounds: Vec<i64>,
    /// Nodes looked at.
    pub nodes: u64,
    /// Pivots made.
    pub pivots: u64,
}

/// Solves a problem. A plan to start from is given by the positions of the options.
pub(super) fn solve(problem: &Problem, budget: Budget<'_>, warm: Option<&[Option<usize>]>) -> Solved {
    solve_split(problem, budget, warm, 0)
}

fn solve_split(problem: &Problem, budget: Budget<'_>, warm: Option<&[Option<usize>]>, depth: u32) -> Solved {
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
    // Once an entry is not met, the entries before no longer say what each part has: only bounds of their own
    // hold for the entries after it.
    let mut bounds = vec![0_i64; entries];
    let mut met = true;
    for entry in 0..entries {
        for (found, part) in &solved {
            bounds[entry] += part.in_whole(if met { &found.bounds } else { &found.least }, entry);
        }
        met &= bounds[entry] == value[entry];
    }
    Solved { best: Assignment { chosen, value }, bounds, nodes, pivots }
}

/// A solved part, with the least that each entry can be on its own.
struct SolvedPart {
    best: Assignment,
    bounds: Vec<i64>,
    least: Vec<i64>,
    nodes: u64,
    pivots: u64,
}

fn solve_part(
    problem: Problem,
    budget: Budget<'_>,
    warm: Option<&[Option<usize>]>,
    depth: u32,
) -> SolvedPart {
    let least = problem.least();
    let jobs = problem.jobs.len();
    let mut search = Search::new(problem, budget, warm);
    // Stages and what is left of a part say nothing about everybody.
    let tell = |search: &Search<'_>| {
        if depth == 0 {
            budget.watch.best(&search.problem, &search.best);
        }
    };
    tell(&search);
    let (mut nodes, mut pivots) = (0, 0);
    let mut end = search.run(FIRST_NODES << depth.min(20));
    let mut settled = false;
    if let Some(stage) = (end == End::Nodes).then(|| next_stage(&search)).flatten() {
        let left = Budget { pivots: budget.pivots.saturating_sub(search.pivots()), ..budget };
        let solved = solve_split(&stage.problem, left, Some(&stage.start), depth + 1);
        nodes += solved.nodes;
        pivots += solved.pivots;
        settled = solved.bounds == solved.best.value
            && search.settle(stage.problem.entries, &stage.in_whole(&solved.best, jobs));
    }
    tell(&search);
    nodes += search.nodes;
    pivots += search.pivots();
    if end == End::Nodes {
        if let Some(Smaller { problem, positions, start }) =
            cut_down(&search, settled).filter(|_| depth < LARGEST_DEPTH)
        {
            let left = Budget { pivots: budget.pivots.saturating_sub(pivots), ..budget };
            let solved = solve_split(&problem, left, Some(&start), depth + 1);
            nodes += solved.nodes;
            pivots += solved.pivots;
            if solved.bounds == solved.best.value {
                end = End::Proven;
            }
            if solved.best.value < search.best.value {
                search.best = original(solved.best, &positions);
            }
        } else {
            let before = (search.nodes, search.pivots());
            end = search.run(u64::MAX);
            nodes += search.nodes - before.0;
            pivots += search.pivots() - before.1;
        }
    }
    let bounds = match (end, &search.root) {
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
    tell(&search);
    SolvedPart { best: search.best, bounds, least, nodes, pivots }
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

/// Rules out what no plan as good as the best so far can hold; none where that is too little to begin again and
/// no more entries have been `settled`.
fn cut_down(search: &Search<'_>, settled: bool) -> Option<Smaller> {
    let (bound, prices) = search.root.as_ref()?;
    let remaining = prices.remaining(&search.problem, bound, &search.best.value);
    let before: usize = search.problem.jobs.iter().map(Job::positions).sum();
    let after: usize = remaining.iter().map(Vec::len).sum();
    if after * 10 > before * 9 && !settled {
        return None;
    }
    let mut problem = search.without_idle_cuts();
    let mut positions = Vec::with_capacity(remaining.len());
    for (job, kept) in problem.jobs.iter_mut().zip(&remaining) {
        let count = job.options.len();
        job.required |= kept.last() != Some(&count);
        let options: Vec<usize> = kept.iter().copied().filter(|&position| position < count).collect();
        let mut index = 0;
        job.options.retain(|_| {
            index += 1;
            options.binary_search(&(index - 1)).is_ok()
        });
        positions.push(options);
    }
    // The best plan is never ruled out: what it holds cannot put the bound above it.
    let start = search
        .best
        .options()
        .zip(&positions)
        .map(|(option, positions)| option.and_then(|option| positions.binary_search(&option).ok()))
        .collect();
    Some(Smaller { problem, positions, start })
}
