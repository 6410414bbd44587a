//! What a plan that is not proven says of each entry of its vector: no plan with the same entries before has less than the
//! bound. Cases of several areas and parts, each small enough to list all of its plans, are stopped early, and every bound
//! is held against the least that is possible.

#![allow(clippy::print_stdout, reason = "how many of each kind")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use rebook::model::{Case, ObjectiveRecord};
use rebook::{PlanOptions, plan};
use rebook_tests::build::CaseBuilder;
use rebook_tests::cases::Dice;
use rebook_tests::halves::in_halves;
use rebook_tests::oracle::{Candidate, Switches, prepare};

/// Site, who works there, and what for: the first two are parts of one area.
const GROUPS: [(&str, &str, &str); 4] =
    [("A", "g1", "consult"), ("A", "n1", "bloods"), ("B", "g2", "consult"), ("C", "n3", "bloods")];
const DAYS: [&str; 4] = ["2024-07-22", "2024-07-23", "2024-07-25", "2024-07-30"];

fn nobody() -> CaseBuilder {
    let builder = CaseBuilder::gp().policy(|policy| policy.horizon_days = 10);
    let builder = builder.site("B", |_| {}).site("C", |_| {});
    builder.clinician("g2", "gp", |_| {}).clinician("n3", "nurse", |_| {})
}

/// Few sessions and a few more requests than fit.
fn add_group(mut builder: CaseBuilder, group: usize, seed: u64) -> CaseBuilder {
    let (site, who, care) = GROUPS[group];
    let mut dice = Dice::new(seed * 7 + group as u64);
    for (at, day) in DAYS.iter().enumerate().filter(|_| dice.percent(60)) {
        let slots = [10; 5];
        let start = format!("{day} 09:00");
        builder = builder.session(
            &format!("s{group}{at}"),
            who,
            site,
            &start,
            &slots[..Dice::new(seed + at as u64).pick(&[2, 3])],
        );
    }
    for number in 0..dice.pick(&[3, 4]) {
        let (tier, minutes) = (dice.pick(&["GP2", "GP3", "GP4", "GP5"]), dice.pick(&[10, 20, 20, 30]));
        let due = dice.pick(&DAYS);
        let due = dice.percent(60).then_some(due);
        builder = builder.request(&format!("r{group}{number}"), |request| {
            request.tier(tier).minutes(minutes).of_site(site).care(care);
            if let Some(due) = due { request.due(due) } else { request }
        });
    }
    builder
}

/// Every vector that a plan of a case can have, ascending, and the least that each entry is on its own; none where
/// there are too many plans.
fn all_vectors(case: &Case) -> Option<(BTreeSet<Vec<i64>>, Vec<i64>)> {
    let prepared = prepare(case, Switches::ALL_ON);
    let combinations: usize = prepared.candidates.iter().map(|candidates| candidates.len() + 1).product();
    if combinations > 800 {
        return None;
    }
    let mut plans: Vec<BTreeMap<u64, &Candidate>> = vec![BTreeMap::new()];
    let mut least = vec![0; prepared.layout.length()];
    for (position, (wanted, candidates)) in prepared.wanted.iter().zip(&prepared.candidates).enumerate() {
        let longer: Vec<BTreeMap<u64, &Candidate>> = plans
            .iter()
            .flat_map(|plan| {
                candidates.iter().map(move |place| {
                    let mut plan = plan.clone();
                    plan.insert(wanted.request.line, place);
                    plan
                })
            })
            .collect();
        plans.extend(longer);
        let ways = candidates.iter().map(Some).chain([None]);
        let ways: Vec<Vec<i64>> = ways.map(|place| prepared.adds(position, place)).collect();
        for (entry, least) in least.iter_mut().enumerate() {
            *least += ways.iter().map(|way| way[entry]).min().unwrap_or(0);
        }
    }
    Some((plans.iter().filter_map(|plan| prepared.judge(plan).ok()).collect(), least))
}

/// Values and bounds in the order of the vector.
fn vector(record: &ObjectiveRecord, before_window: usize) -> Vec<(i64, i64)> {
    let mut found: Vec<(i64, i64)> = record.late.iter().map(|entry| (entry.value, entry.bound)).collect();
    found.insert(before_window, (record.window.value, record.window.bound));
    found.extend(record.wait.iter().map(|entry| (entry.value, entry.bound)));
    found.push((record.order.value, record.order.bound));
    found
}

#[derive(Debug, Default)]
struct Tally {
    plans: u64,
    /// Plans of several groups with so many entries that are not met: several.
    several: u64,
    /// Bounds after an entry that is not met; those that say more than what holds for every plan; those that are exact.
    after: u64,
    told: u64,
    exact: u64,
    wrong: Vec<String>,
}

impl Tally {
    fn look_at(&mut self, seed: u64) {
        let mut dice = Dice::new(seed);
        let mut groups: Vec<usize> = (0..GROUPS.len()).filter(|_| dice.percent(60)).collect();
        if groups.len() < 2 {
            groups = vec![0, 1 + dice.below(3)];
        }
        let case = groups.iter().fold(nobody(), |builder, group| add_group(builder, *group, seed)).build();
        let before_window = prepare(&case, Switches::ALL_ON).layout.before_window;
        let mut possible: BTreeSet<Vec<i64>> = BTreeSet::new();
        let mut least: Vec<i64> = Vec::new();
        let add =
            |one: &[i64], other: &[i64]| -> Vec<i64> { one.iter().zip(other).map(|(a, b)| a + b).collect() };
        for group in &groups {
            let Some((own, own_least)) = all_vectors(&add_group(nobody(), *group, seed).build()) else {
                return;
            };
            if possible.len() * own.len() > 60_000 {
                return;
            }
            if possible.is_empty() {
                (possible, least) = (own, own_least);
            } else {
                possible = possible.iter().flat_map(|sum| own.iter().map(|own| add(sum, own))).collect();
                least = add(&least, &own_least);
            }
        }
        let mut ends: Vec<(u64, u64)> = (0..8).map(|_| (dice.below(40) as u64, u64::MAX)).collect();
        ends.extend((0..8).map(|_| (5_000, dice.below(60) as u64)));
        for (pivots, last) in ends {
            let calls = AtomicU64::new(0);
            let stop = || calls.fetch_add(1, Ordering::Relaxed) >= last;
            let options = PlanOptions { pivots, stop: &stop, hurry: &|| true, ..PlanOptions::default() };
            let files = plan(&case, &options).expect("a plan");
            let certificate = vector(&files.summary.objective, before_window);
            let values: Vec<i64> = certificate.iter().map(|(value, _)| *value).collect();
            self.plans += 1;
            let unmet = certificate.iter().filter(|(value, bound)| value > bound).count();
            self.several += u64::from(unmet > 1);
            let first = certificate.iter().position(|(value, bound)| value > bound).unwrap_or(values.len());
            for (entry, (value, bound)) in certificate.iter().enumerate() {
                // The first of those with the same entries before: at most this plan itself.
                let true_least = possible.range(values[..entry].to_vec()..).next().map(|other| other[entry]);
                if true_least.is_none_or(|least| *bound > least || bound > value) {
                    let what = format!("seed {seed}, {pivots} {last}, entry {entry} of {certificate:?}");
                    self.wrong.push(format!("{what}: {true_least:?} is possible"));
                }
                if entry > first && least[entry] < *value {
                    self.after += 1;
                    self.told += u64::from(*bound > least[entry]);
                    self.exact += u64::from(Some(*bound) == true_least);
                }
            }
        }
    }
}

#[test]
fn no_plan_with_the_same_entries_before_has_less_than_the_bound() {
    let halves = in_halves(&(0..1_500), |seed, tally: &mut Tally| tally.look_at(seed));
    for half in halves {
        println!(
            "{} plans, {} with several entries open; {} bounds after an open entry, {} say more than the least, {} \
             are exact; {} wrong",
            half.plans,
            half.several,
            half.after,
            half.told,
            half.exact,
            half.wrong.len()
        );
        let shown: Vec<&str> = half.wrong.iter().take(10).map(String::as_str).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        assert!(half.several > 200 && half.told > 200 && half.exact > 100, "too few to tell");
    }
}
