//! The two methods against each other, on programmes like those of the solver: jobs with a few options each, and
//! limits that the options share.

use super::{Ending, Lp, Work};

/// A small deterministic source of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

const PLENTY: Work<'static> = Work { pivots: 10_000, stop: &|| false };
const JOBS: usize = 12;
const OPTIONS: usize = 4;
const ENTRIES: usize = 3;

/// A limit: its right-hand side, and columns with coefficients.
type Limit = (f64, Vec<(u32, f64)>);

fn costs(dice: &mut Dice) -> Vec<Vec<f64>> {
    let mut costs = vec![vec![0.0; JOBS * (OPTIONS + 1)]; ENTRIES];
    for job in 0..JOBS {
        for position in 0..=OPTIONS {
            let column = job * (OPTIONS + 1) + position;
            costs[0][column] = if position == OPTIONS { 50.0 } else { dice.below(3) as f64 };
            costs[1][column] = dice.below(20) as f64;
            costs[2][column] = dice.below(9) as f64;
        }
    }
    costs
}

fn limits(dice: &mut Dice, count: usize) -> Vec<Limit> {
    let mut limits = Vec::new();
    for _ in 0..count {
        let mut entries = Vec::new();
        for job in 0..JOBS {
            for position in 0..OPTIONS {
                if dice.below(3) == 0 {
                    entries.push(((job * (OPTIONS + 1) + position) as u32, 1.0 + dice.below(2) as f64));
                }
            }
        }
        limits.push((1.0 + dice.below(5) as f64, entries));
    }
    limits
}

/// Everybody unplaced, with these limits.
fn programme(costs: &[Vec<f64>], limits: &[Limit]) -> Lp {
    let columns = JOBS * (OPTIONS + 1);
    let mut lp = Lp::new(costs.to_vec(), std::iter::repeat_n(0, columns));
    for job in 0..JOBS {
        let first = (job * (OPTIONS + 1)) as u32;
        let all = (first..=first + OPTIONS as u32).map(|column| (column, 1.0)).collect();
        lp.add_equality(1.0, all, first + OPTIONS as u32);
    }
    for (rhs, entries) in limits {
        lp.add_limit(*rhs, entries.clone());
    }
    lp
}

/// Costs, eight limits, and the optimum that they have.
fn solved(seed: u64) -> (Vec<Vec<f64>>, Vec<Limit>, Lp) {
    let mut dice = Dice(seed);
    let costs = costs(&mut dice);
    let limits = limits(&mut dice, 8);
    let mut lp = programme(&costs, &limits);
    lp.primal(PLENTY).expect("solved");
    (costs, limits, lp)
}

fn objective(lp: &Lp) -> Vec<f64> {
    (0..ENTRIES).map(|entry| lp.objective(entry)).collect()
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
}

/// No column has a lexicographically negative reduced cost, and no row a positive dual value.
fn assert_optimal(lp: &Lp) {
    for column in 0..JOBS * (OPTIONS + 1) {
        let reduced = (0..ENTRIES).map(|entry| lp.reduced_cost(entry, column as u32));
        let first = reduced.into_iter().find(|cost| cost.abs() > 1e-6).unwrap_or(0.0);
        assert!(first >= 0.0 || lp.is_forbidden(column as u32), "column {column}: {first}");
    }
    for row in JOBS..lp.rows.len() {
        let dual = (0..ENTRIES).map(|entry| lp.dual_value(entry, row));
        let first = dual.into_iter().find(|value| value.abs() > 1e-6).unwrap_or(0.0);
        assert!(first <= 0.0, "row {row}: {first}");
    }
}

#[test]
fn the_dual_method_ends_where_the_primal_method_does() {
    for seed in 0..200 {
        let (costs, limits, whole) = solved(seed);
        assert_optimal(&whole);

        let mut step = programme(&costs, &limits[..4]);
        step.primal(PLENTY).expect("solved");
        for (rhs, entries) in &limits[4..] {
            step.add_limit_scaled(*rhs, entries.clone(), 2.0);
        }
        assert_eq!(step.dual(PLENTY, None), Ok(Ending::Optimal), "seed {seed}");
        assert_optimal(&step);
        assert!(same(&objective(&whole), &objective(&step)), "seed {seed}");
    }
}

#[test]
fn a_basis_can_be_come_back_to() {
    for seed in 0..100 {
        let mut dice = Dice(seed);
        let costs = costs(&mut dice);
        let limits = limits(&mut dice, 6);
        let mut lp = programme(&costs, &limits);
        lp.primal(PLENTY).expect("solved");
        let (basis, before) = (lp.basis().to_vec(), objective(&lp));
        let used: Vec<usize> =
            lp.values().filter(|(_, value)| *value > 0.5).map(|(column, _)| column).collect();
        let not_unplaced = |column: &&usize| *column % (OPTIONS + 1) != OPTIONS;
        for &column in used.iter().filter(not_unplaced).take(3) {
            lp.forbid(column, true);
        }
        assert_eq!(lp.dual(PLENTY, None), Ok(Ending::Optimal), "seed {seed}");
        assert!(objective(&lp) >= before, "seed {seed}: less is allowed");
        for &column in &used {
            lp.forbid(column, false);
        }
        lp.restore(&basis);
        assert_eq!(lp.dual(PLENTY, None), Ok(Ending::Optimal), "seed {seed}");
        assert!(same(&objective(&lp), &before), "seed {seed}");
    }
}

/// The basis of an optimum is where a programme with fewer limits begins: what has lost its row is left out, and no
/// pivot is made where nothing has changed.
#[test]
fn a_basis_can_be_carried_over() {
    for seed in 0..200 {
        let (costs, limits, whole) = solved(seed);

        let mut same_limits = programme(&costs, &limits);
        assert!(same_limits.carry(whole.basis()));
        same_limits.primal(PLENTY).expect("solved");
        assert_eq!(same_limits.pivots(), 0, "seed {seed}");
        assert!(same(&objective(&whole), &objective(&same_limits)), "seed {seed}");

        let kept = limits.len() - 2;
        let last = (JOBS * (OPTIONS + 1) + JOBS + kept) as u32;
        let basis: Vec<u32> = whole.basis().iter().copied().filter(|&id| id < last).collect();
        let (mut fewer, mut fresh) = (programme(&costs, &limits[..kept]), programme(&costs, &limits[..kept]));
        fewer.carry(&basis);
        fewer.primal(PLENTY).expect("solved");
        assert_eq!(fewer.dual(PLENTY, None), Ok(Ending::Optimal), "seed {seed}");
        assert_optimal(&fewer);
        fresh.primal(PLENTY).expect("solved");
        assert!(same(&objective(&fewer), &objective(&fresh)), "seed {seed}");
    }
}

#[test]
fn what_is_switched_off_does_not_bind() {
    let mut dice = Dice(7);
    let costs = costs(&mut dice);
    let mut lp = programme(&costs, &limits(&mut dice, 4));
    lp.primal(PLENTY).expect("solved");
    let (basis, before) = (lp.basis().to_vec(), objective(&lp));
    let row = lp.rows.len();
    let all = (0..(JOBS * (OPTIONS + 1)) as u32).filter(|column| *column as usize % (OPTIONS + 1) != OPTIONS);
    lp.add_limit(0.0, all.map(|column| (column, 1.0)).collect());
    lp.enforce(row, false);
    assert_eq!(lp.dual(PLENTY, None), Ok(Ending::Optimal));
    assert!(same(&objective(&lp), &before));
    lp.enforce(row, true);
    assert_eq!(lp.dual(PLENTY, None), Ok(Ending::Optimal));
    assert!((lp.objective(0) - 50.0 * JOBS as f64).abs() < 1e-6, "nobody may be placed");
    lp.restore(&basis);
    lp.enforce(row, false);
    assert_eq!(lp.dual(PLENTY, None), Ok(Ending::Optimal));
    assert!(same(&objective(&lp), &before));
}

#[test]
fn what_cannot_be_is_proven() {
    let mut lp = programme(&vec![vec![0.0; JOBS * (OPTIONS + 1)]; ENTRIES], &[]);
    // All options of two jobs share one place, and neither may be left out.
    let options = (0..OPTIONS as u32).chain(OPTIONS as u32 + 1..=2 * OPTIONS as u32);
    lp.add_limit(1.0, options.map(|column| (column, 1.0)).collect());
    lp.primal(PLENTY).expect("solved");
    lp.forbid(OPTIONS, true);
    lp.forbid(2 * OPTIONS + 1, true);
    assert_eq!(lp.dual(PLENTY, None), Ok(Ending::Infeasible));
    // The price of the limit: each of the two jobs costs it once, and the limit pays for one.
    let price = -lp.ray(JOBS);
    assert!(price > 0.0 && 2.0 * price - price > 0.0);
}

#[test]
fn work_is_limited() {
    let mut dice = Dice(3);
    let costs = costs(&mut dice);
    let mut lp = programme(&costs, &limits(&mut dice, 8));
    assert_eq!(lp.primal(Work { pivots: 3, ..PLENTY }), Err(super::LpStop::Work));
    assert_eq!(lp.pivots(), 3);
}
