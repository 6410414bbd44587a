//! Whatever the prices and whatever the plan: no plan with the same entries before has less than what is left when the
//! gain is taken off. All plans of small random problems are looked at, several of them side by side.

use smallvec::SmallVec;

use super::*;
use crate::solve::problem::{Job, JobOption, Row, RowKind};

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as i64
    }

    fn vector(&mut self, entries: usize, sides: u64) -> Vec<i64> {
        (0..entries).map(|_| self.below(sides)).collect()
    }
}

fn random_problem(dice: &mut Dice, entries: usize) -> Problem {
    let rows = 1 + dice.below(3) as usize;
    let mut problem = Problem { entries, ..Problem::default() };
    let signed = dice.below(4) == 0;
    for _ in 0..2 + dice.below(2) {
        let mut job = Job { unplaced: dice.vector(entries, 5).into(), ..Job::default() };
        for _ in 0..=dice.below(3) {
            let amount = |dice: &mut Dice| dice.below(3) - i64::from(signed);
            let uses = (0..rows).map(|row| (row as u32, amount(dice))).filter(|(_, amount)| *amount != 0);
            let (uses, cost): (SmallVec<_>, _) = (uses.collect(), dice.vector(entries, 4).into());
            uses.iter().for_each(|&(row, amount)| job.gives.note(row, amount));
            job.options.push(JobOption { cost, uses, places: SmallVec::default(), basic: false });
        }
        job.options.sort_by(|a, b| a.cost.cmp(&b.cost));
        problem.jobs.push(job);
    }
    problem.rows.extend((0..rows).map(|_| Row::new(dice.below(4), RowKind::Cap)));
    problem
}

/// The vectors of all plans.
fn plans(problem: &Problem) -> Vec<Vec<i64>> {
    let mut plans: Vec<Vec<Option<usize>>> = vec![Vec::new()];
    for job in &problem.jobs {
        let all = (0..job.options.len()).map(Some).chain([None]);
        plans = all.flat_map(|at| plans.iter().map(move |plan| [&plan[..], &[at]].concat())).collect();
    }
    plans.retain(|plan| {
        let mut used = vec![0; problem.rows.len()];
        let chosen = problem.jobs.iter().zip(plan).filter_map(|(job, at)| Some(&job.options[(*at)?]));
        chosen.flat_map(|option| &option.uses).for_each(|&(row, amount)| used[row as usize] += amount);
        used.iter().zip(&problem.rows).all(|(used, row)| *used <= row.rhs)
    });
    let mut vectors: Vec<Vec<i64>> = plans.into_iter().map(|plan| problem.value(plan.into_iter())).collect();
    vectors.sort();
    vectors.dedup();
    vectors
}

/// Prices that no simplex method has seen.
fn random_root(dice: &mut Dice, problem: &Problem) -> (Bound, Prices) {
    let entries = problem.entries + 1;
    let duals: Vec<f64> = (0..problem.rows.len())
        .flat_map(|_| {
            let first = 1 + dice.below(problem.entries as u64 + 1) as usize;
            let dual = |at: usize, dice: &mut Dice| match at.cmp(&first) {
                std::cmp::Ordering::Less => 0.0,
                std::cmp::Ordering::Equal => {
                    -(dice.below(7) as f64) / [1.0, 2.0, 3.0][dice.below(3) as usize]
                }
                std::cmp::Ordering::Greater => (dice.below(13) as f64 - 6.0) / 2.0,
            };
            (0..entries).map(|at| dual(at, dice)).collect::<Vec<f64>>()
        })
        .collect();
    let prices = Prices::new(entries, duals.chunks_exact(entries), 1_000);
    let all: Vec<(usize, usize)> = problem.jobs.iter().map(|job| (0, job.positions())).collect();
    (prices.bound(problem, &all), prices)
}

#[test]
fn no_plan_gains_more_in_an_entry_while_those_before_stay() {
    let mut dice = Dice(1);
    let (mut looked_at, mut told, mut several, mut exact) = (0, 0, 0, 0);
    for _ in 0..6_000 {
        let entries = 3 + dice.below(2) as usize;
        let units: Vec<i64> = (0..entries).map(|_| 1 + dice.below(2)).collect();
        let all: Vec<usize> = (0..entries).collect();
        let mut possible = vec![vec![0; entries]];
        let mut value = vec![0; entries];
        let mut whole = Trades::none(entries);
        let mut areas = Trades::none(entries);
        for _ in 0..=dice.below(2) {
            let problem = random_problem(&mut dice, entries);
            let plans = plans(&problem);
            if plans.is_empty() {
                continue;
            }
            // Mostly a good one, as a search has.
            let own = &plans[(dice.below(plans.len() as u64) * dice.below(4) / 6) as usize];
            let trades = Trades::new(&problem, &random_root(&mut dice, &problem), own);
            whole.add(trades.clone(), &all, &units);
            let mut area = Trades::none(entries);
            area.add(trades, &all, &units);
            areas.append(&area.summary());
            let add = |sum: &[i64], own: &[i64]| -> Vec<i64> {
                sum.iter().zip(own).zip(&units).map(|((sum, own), unit)| sum + own * unit).collect()
            };
            value = add(&value, own);
            possible = possible.iter().flat_map(|sum| plans.iter().map(|own| add(sum, own))).collect();
        }
        // What is said of another plan is said of it from this one.
        let other = possible[dice.below(possible.len() as u64) as usize].clone();
        for trades in [&mut whole, &mut areas] {
            trades.change(&value, &other);
        }
        value = other;
        for entry in 0..entries {
            let same = possible.iter().filter(|plan| plan[..entry] == value[..entry]);
            let least = same.map(|plan| plan[entry]).min().unwrap_or(value[entry]);
            for trades in [&whole, &areas] {
                let gain = trades.gain(entry);
                assert!(
                    value[entry].saturating_sub(gain) <= least,
                    "entry {entry} of {value:?}: {gain}, {least}"
                );
                looked_at += 1;
                told += u32::from(gain < i64::MAX / 2);
                exact += u32::from(value[entry] - gain == least);
            }
            several += u32::from(trades_before(&whole, entry) > 1);
        }
    }
    assert!(
        told * 2 > looked_at && exact * 6 > looked_at && several > 1_000,
        "{told} {exact} {several} of {looked_at}"
    );
}

/// In how many entries before this one something is given up.
fn trades_before(trades: &Trades, entry: usize) -> usize {
    trades.above[..entry].iter().filter(|above| **above != 0).count()
}
