//! Extended cover inequalities for limits whose users differ in size (the reserve, mostly): the jobs of a set that
//! is too large together cannot all be there, nor can larger ones stand in for them (Balas 1975).

use std::collections::BTreeMap;

use super::master::Support;
use super::problem::{Problem, Row, RowKind};
use super::ties::TieRow;

/// Violations smaller than this are not worth a row.
const WORTHWHILE: f64 = 0.02;
/// Limits larger than this are not looked at: the table below grows with them.
const LARGEST_LIMIT: i64 = 4_000;

/// A job that uses at least `size` of a limit, to this extent.
#[derive(Debug, Clone, Copy)]
struct Item {
    job: usize,
    size: i64,
    value: f64,
}

/// By limit: who can use it, as (job, option, amount), ascending.
pub(super) struct Covers {
    users: Vec<Vec<(usize, usize, i64)>>,
}

impl Covers {
    /// Looks up the users of limits whose users differ in size.
    pub(super) fn new(problem: &Problem) -> Self {
        let mut amounts: Vec<Option<(i64, bool)>> = vec![None; problem.rows.len()];
        for &(row, amount) in problem.jobs.iter().flat_map(|job| &job.options).flat_map(|option| &option.uses)
        {
            let (first, mixed) = amounts[row as usize].get_or_insert((amount, false));
            *mixed |= amount != *first;
        }
        let counts = |(row, amounts): (&Row, &Option<(i64, bool)>)| {
            amounts.is_some_and(|(_, mixed)| mixed) && row.rhs <= LARGEST_LIMIT && row.kind != RowKind::Link
        };
        let counts: Vec<bool> = problem.rows.iter().zip(&amounts).map(counts).collect();
        let mut users: Vec<Vec<(usize, usize, i64)>> = vec![Vec::new(); problem.rows.len()];
        for (job, choices) in problem.jobs.iter().enumerate() {
            for (option, choice) in choices.options.iter().enumerate() {
                for &(row, amount) in choice.uses.iter().filter(|(row, _)| counts[*row as usize]) {
                    users[row as usize].push((job, option, amount));
                }
            }
        }
        Self { users }
    }

    /// Limits of which so many users of at least a size is a broken number: the limit, the size, the number.
    ///
    /// Limits that weigh nothing are passed over. Those that weigh most come first, and among equals those nearest to a half: deciding
    /// them settles the split between large and small for everybody.
    pub(super) fn broken_numbers(
        &self,
        problem: &Problem,
        support: &Support,
        weight: impl Fn(usize) -> u8,
        most: usize,
    ) -> Vec<(usize, i64, f64)> {
        let mut numbers: BTreeMap<(usize, i64), f64> = BTreeMap::new();
        for (job, options) in support.iter().enumerate() {
            for &(option, value) in options {
                let Some(choice) = problem.jobs[job].options.get(option) else { continue };
                for &(row, size) in &choice.uses {
                    if self.users.get(row as usize).is_some_and(|users| !users.is_empty()) {
                        for least in 1..=size {
                            *numbers.entry((row as usize, least)).or_default() += value;
                        }
                    }
                }
            }
        }
        let distance = |number: f64| (number - number.floor() - 0.5).abs();
        let broken = |((row, size), number): ((usize, i64), f64)| {
            let weight = weight(row);
            (distance(number) < 0.5 - 0.01 && weight > 0).then_some((weight, row, size, number))
        };
        let mut found: Vec<(u8, usize, i64, f64)> = numbers.into_iter().filter_map(broken).collect();
        found.sort_by(|a, b| {
            let nearest = distance(a.3).total_cmp(&distance(b.3));
            b.0.cmp(&a.0).then(nearest).then((a.1, a.2).cmp(&(b.1, b.2)))
        });
        found.into_iter().take(most).map(|(_, row, size, number)| (row, size, number)).collect()
    }

    /// The branching row "at most so many users of at least this size", or "at least" with `sign` -1.
    pub(super) fn number_row(&self, row: usize, size: i64, sign: i64, rhs: i64) -> TieRow {
        let users = self.users[row].iter().filter(|&&(_, _, amount)| amount >= size);
        let terms = users.map(|&(job, option, _)| (job, option, sign)).collect();
        TieRow { row: Row::new(rhs, RowKind::Branch), terms }
    }

    /// Cover inequalities that these values break.
    pub(super) fn broken(&self, problem: &Problem, support: &Support) -> Vec<TieRow> {
        let mut items: Vec<Vec<Item>> = vec![Vec::new(); self.users.len()];
        for (job, options) in support.iter().enumerate() {
            for &(option, value) in options {
                let Some(choice) = problem.jobs[job].options.get(option) else { continue };
                for &(row, size) in &choice.uses {
                    if self.users.get(row as usize).is_some_and(|users| !users.is_empty()) {
                        add(&mut items[row as usize], Item { job, size, value });
                    }
                }
            }
        }
        let fractional = |items: &&(usize, Vec<Item>)| items.1.iter().any(|item| item.value < 1.0 - 1e-6);
        let rows: Vec<(usize, Vec<Item>)> = items.into_iter().enumerate().collect();
        rows.iter().filter(fractional).filter_map(|(row, items)| self.cover(problem, *row, items)).collect()
    }

    /// The most violated cover of a limit, extended.
    fn cover(&self, problem: &Problem, row: usize, items: &[Item]) -> Option<TieRow> {
        let rhs = problem.rows[row].rhs;
        let goal = usize::try_from(rhs).ok()? + 1;
        // least[w]: the least sum of (1 - value) of a set of size at least w; by item, for reading it back.
        let mut least = vec![f64::INFINITY; goal + 1];
        least[0] = 0.0;
        let mut taken = vec![false; items.len() * (goal + 1)];
        for (at, item) in items.iter().enumerate() {
            let cost = (1.0 - item.value).max(0.0);
            for size in (1..=goal).rev() {
                let before = least[size.saturating_sub(item.size as usize)];
                // Ties go to what is taken already, so that covers stay small.
                if before + cost < least[size] - 1e-12 {
                    least[size] = before + cost;
                    taken[at * (goal + 1) + size] = true;
                }
            }
        }
        if least[goal] > 1.0 - WORTHWHILE {
            return None;
        }
        let mut cover: Vec<Item> = Vec::new();
        let mut size = goal;
        for (at, item) in items.iter().enumerate().rev() {
            if size > 0 && taken[at * (goal + 1) + size] {
                // One job stands in a cover once: of its sizes the one met first, read from the end.
                if cover.iter().any(|other| other.job == item.job) {
                    return None;
                }
                cover.push(*item);
                size = size.saturating_sub(item.size as usize);
            }
        }
        let mut total: i64 = cover.iter().map(|item| item.size).sum();
        cover.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.job.cmp(&b.job)));
        cover.retain(|item| {
            let spare = total - item.size > rhs;
            if spare {
                total -= item.size;
            }
            !spare
        });
        let largest = cover.iter().map(|item| item.size).max()?;
        let threshold =
            |job: usize| cover.iter().find(|item| item.job == job).map_or(largest, |item| item.size);
        let terms = self.users[row]
            .iter()
            .filter(|&&(job, _, amount)| amount >= threshold(job))
            .map(|&(job, option, _)| (job, option, 1))
            .collect();
        Some(TieRow { row: Row::new(cover.len() as i64 - 1, RowKind::Cover), terms })
    }
}

/// Adds a use of a limit: a use of more is a use of at least as much.
fn add(items: &mut Vec<Item>, new: Item) {
    let same_job = items.iter().rposition(|item| item.job == new.job);
    match same_job {
        Some(at) if items[at].size == new.size => items[at].value += new.value,
        // A job with two sizes counts with the smaller one: that is the weaker claim, and holds for both.
        Some(at) => {
            items[at].size = items[at].size.min(new.size);
            items[at].value += new.value;
        }
        None => items.push(new),
    }
}
