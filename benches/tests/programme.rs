//! The 0-1 programme says the same as the instance it is made from, and the generated assignment is one.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rebook::candidates::Context;
use rebook::model::Case;
use rebook::prepare::prepare;
use rebook::solve::instance::{Instance, Ready};
use rebook::tables::{ReadOptions, read_case};
use rebook_benches::assignment;
use rebook_benches::linear::{Kind, Linear};
use rebook_tests::cases::{mid_case, random_case};

fn instance(case: &Case) -> Instance {
    let prepared = prepare(case);
    let context = Context::new(case);
    Ready::new(&context, &prepared).instance()
}

fn generated(requests: usize, slots: usize, seed: u64) -> Instance {
    let home = tempfile::tempdir().expect("a folder");
    assignment::write(home.path(), requests, slots, seed).expect("written");
    instance(&read_case(home.path(), &ReadOptions::default()).expect("a case"))
}

/// Whether every row holds for some of the columns that open group slots.
fn holds(linear: &Linear, chosen: &BTreeSet<usize>) -> bool {
    let sum = |row: usize, chosen: &BTreeSet<usize>| -> i64 {
        linear.rows.list(row).filter(|(column, _)| chosen.contains(column)).map(|(_, by)| by).sum()
    };
    // A group slot is opened where somebody is in it.
    let mut all = chosen.clone();
    for row in (0..linear.rhs.len()).filter(|&row| linear.kinds[row] == Kind::Group) {
        if sum(row, chosen) > 0 {
            all.extend(
                linear.rows.list(row).map(|(column, _)| column).filter(|&column| linear.jobs[column] < 0),
            );
        }
    }
    (0..linear.rhs.len()).all(|row| sum(row, &all) <= linear.rhs[row])
}

/// Throws columns for some jobs: some of what comes keeps every rule and some does not, and the programme and the check
/// must agree on which, and on the vector.
fn compare(instance: &Instance, dice: &mut Pcg64Mcg, times: usize) -> (usize, usize) {
    let linear = Linear::new(instance);
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); instance.jobs.len()];
    for (column, &job) in linear.jobs.iter().enumerate() {
        if let Ok(job) = usize::try_from(job) {
            columns[job].push(column);
        }
    }
    let (mut kept, mut broken) = (0, 0);
    for _ in 0..times {
        let share = dice.random_range(10..101);
        let mut chosen = BTreeSet::new();
        for of_job in columns.iter().filter(|of_job| !of_job.is_empty()) {
            if dice.random_range(0..100) < share {
                chosen.insert(of_job[dice.random_range(0..of_job.len())]);
            }
        }
        let list: Vec<usize> = chosen.iter().copied().collect();
        let answer = linear.answer(instance, &list);
        match answer.map_err(|what| vec![what]).and_then(|answer| instance.check(&answer)) {
            Ok(vector) => {
                assert!(holds(&linear, &chosen), "the programme refuses {list:?}");
                let mut sum = linear.base.clone();
                for column in list {
                    linear.saves.list(column).for_each(|(entry, by)| sum[entry] += by);
                }
                assert_eq!(sum, vector);
                kept += 1;
            }
            Err(what) => {
                assert!(!holds(&linear, &chosen), "the programme allows {list:?}: {what:?}");
                broken += 1;
            }
        }
    }
    (kept, broken)
}

#[test]
fn programme_and_check_agree() {
    let mut dice = Pcg64Mcg::seed_from_u64(7);
    let (mut kept, mut broken, mut groups, mut unions, mut ties) = (0, 0, 0, 0, 0);
    for seed in 0..400 {
        for case in [random_case(seed), mid_case(seed)] {
            let instance = instance(&case);
            let (good, bad) = compare(&instance, &mut dice, 40);
            kept += good;
            broken += bad;
            let kinds = Linear::new(&instance).kinds;
            groups += usize::from(kinds.contains(&Kind::Group));
            unions += usize::from(kinds.contains(&Kind::Union));
            ties += usize::from(kinds.contains(&Kind::Tie));
        }
    }
    assert!(kept > 3_000 && broken > 3_000, "{kept} kept, {broken} broken");
    assert!(
        groups > 30 && unions > 30 && ties > 30,
        "{groups} with groups, {unions} with unions, {ties} with ties"
    );
}

#[test]
fn programme_and_check_agree_on_assignments() {
    let mut dice = Pcg64Mcg::seed_from_u64(8);
    // Some three slots in a session: sets of atoms are used up now and then.
    let (kept, broken) = compare(&generated(40, 300, 3), &mut dice, 400);
    assert!(kept > 20 && broken > 20, "{kept} kept, {broken} broken");
}

/// One slot each and nothing else, and everybody competes with everybody else through others.
#[test]
fn the_assignment_is_one_and_hangs_together() {
    for seed in 1..4 {
        let instance = generated(1_000, 800, seed);
        assert_eq!(instance.jobs.len(), 1_000);
        assert_eq!(instance.pools.iter().map(|pool| pool.capacity.len()).sum::<usize>(), 800);
        assert!(instance.ties.is_empty() && instance.jobs.iter().all(|job| job.members.len() == 1));
        assert!(instance.rows.iter().all(|row| row.kind == "room"));
        let spans = || instance.places.iter().flat_map(|place| &place.spans);
        assert!(spans().all(|span| span.to == span.from + 1 && span.group.is_none()));
        // Pools reached from the first one through the jobs that can go to both.
        let of_job = |job: usize| -> BTreeSet<u32> {
            instance.options(job).flat_map(|option| instance.spots(option)).map(|spot| spot.pool).collect()
        };
        let mut apart: Vec<BTreeSet<u32>> = (0..instance.jobs.len()).map(of_job).collect();
        assert!(apart.iter().all(|pools| !pools.is_empty()), "seed {seed}: somebody has no place at all");
        let mut reached = apart.swap_remove(0);
        while let Some(next) = apart.iter().position(|pools| !pools.is_disjoint(&reached)) {
            reached.extend(apart.swap_remove(next));
        }
        assert!(apart.is_empty(), "seed {seed}: {} jobs are apart", apart.len());
    }
}
