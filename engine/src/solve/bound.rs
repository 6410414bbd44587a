//! The certificate: a lower bound on the whole vector in whole numbers.
//!
//! For prices p >= 0 (lexicographically) on the rows, every plan x has
//! cost(x) >= cost(x) + p (A x - b) >= sum over jobs of the least (cost + p a) - p b.
//! This is the Lagrangian bound (Geoffrion 1974), and it holds entry by entry in lexicographic order because
//! vectors compared so form an ordered group. The prices come from the simplex method; they are scaled and
//! rounded here to whole numbers, so the bound is exact however they were found.

use smallvec::SmallVec;

use super::problem::{Job, Problem, gcd};

/// Denominators of prices that are looked for; they come from the determinants of small sub-matrices.
const LARGEST_DENOMINATOR: i64 = 2_000;
/// A price is taken for a fraction this close to it: closer than any two fractions of such denominators are.
const CLOSE: f64 = 1e-7;
/// Prices are multiples of 1 / this where no common denominator is found, which loses a little.
const FALLBACK_SCALE: i64 = 5040;

/// The same where that finds nothing: rows that hold an entry at its value have coefficients of hundreds, and make
/// denominators of thousands.
const FINER: (i64, f64) = (30_000, 1e-9);

/// The smallest denominator of a fraction close to a number.
fn denominator(number: f64) -> Option<i64> {
    let (largest, close) = FINER;
    fraction(number, LARGEST_DENOMINATOR, CLOSE).or_else(|| fraction(number, largest, close))
}

/// The smallest denominator of a fraction so close to a number, by continued fractions.
fn fraction(number: f64, largest: i64, close: f64) -> Option<i64> {
    let (mut before, mut at) = (0_i64, 1_i64);
    let mut rest = number.abs();
    loop {
        let scaled = number * at as f64;
        if (scaled - scaled.round()).abs() < close * at as f64 {
            return Some(at);
        }
        rest = 1.0 / (rest - rest.floor());
        let whole = rest.floor();
        if !whole.is_finite() || whole > largest as f64 {
            return None;
        }
        (before, at) = (at, whole as i64 * at + before);
        if at > largest {
            return None;
        }
    }
}

/// The least common denominator of the prices in an entry, at most `largest`.
fn common_scale(duals: impl Iterator<Item = f64>, largest: i64) -> i64 {
    let fallback = FALLBACK_SCALE.min(largest);
    let mut scale = 1_i64;
    for dual in duals {
        let scaled = dual * scale as f64;
        if (scaled - scaled.round()).abs() < (CLOSE * scale as f64).min(0.01) {
            continue;
        }
        let Some(denominator) = denominator(dual) else { return fallback };
        scale = scale / gcd(scale, denominator) * denominator;
        if scale > largest {
            return fallback;
        }
    }
    scale
}

/// A lower bound on the vector; entry 0 counts infeasibility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    /// By entry: it is counted in units of 1 / this. An entry whose prices have no common denominator takes nothing
    /// from the others so.
    pub scale: Vec<i64>,
    /// Entry 0 first.
    pub value: Vec<i64>,
}

/// Where this bound leaves a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No plan counted here has a smaller vector.
    Proven,
    /// A smaller vector cannot be ruled out.
    Open,
}

impl Bound {
    /// By entry without the first one: the bound, the value, and the scale.
    fn beside<'v>(&'v self, value: &'v [i64]) -> impl Iterator<Item = (i64, i64, i64)> + 'v {
        let all = self.value[1..].iter().zip(value).zip(&self.scale[1..]);
        all.map(|((&bound, &value), &scale)| (bound, value, scale))
    }

    /// Whether no plan here is better than `value` (without entry 0).
    pub(super) fn verdict(&self, value: &[i64]) -> Verdict {
        if self.value[0] > 0 {
            return Verdict::Proven;
        }
        for (bound, value, scale) in self.beside(value) {
            match bound.cmp(&(value * scale)) {
                std::cmp::Ordering::Greater => return Verdict::Proven,
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Less => return Verdict::Open,
            }
        }
        Verdict::Proven
    }

    /// Whether every plan here is worse than one with `value`, so that none is as good either.
    pub(super) fn is_worse(&self, value: &[i64]) -> bool {
        let first = self
            .beside(value)
            .map(|(bound, value, scale)| bound.cmp(&(value * scale)))
            .find(|order| order.is_ne());
        self.value[0] > 0 || first == Some(std::cmp::Ordering::Greater)
    }

    /// The entry in which the bound is first below `value`, if only by a fraction, so that `value` cannot be improved
    /// on there.
    pub(super) fn settled(&self, value: &[i64]) -> Option<usize> {
        let open = |(_, (bound, value, scale)): &(usize, (i64, i64, i64))| *bound != value * scale;
        let (entry, (bound, value, scale)) = self.beside(value).enumerate().find(open)?;
        (bound < value * scale && bound > (value - 1) * scale).then_some(entry)
    }

    /// The bound of each entry given the entries before it, as far as it follows: rounded up, and none after the
    /// first that is not met.
    pub(super) fn entries(&self, value: &[i64]) -> Vec<Option<i64>> {
        let mut known = true;
        let entry = |(bound, value, scale): (i64, i64, i64)| {
            let rounded = bound.div_euclid(scale) + i64::from(bound.rem_euclid(scale) > 0);
            let answer = known.then_some(rounded);
            known &= bound == value * scale;
            answer
        };
        self.beside(value).map(entry).collect()
    }
}

/// Rows with prices that an option has, with its coefficients.
type Priced = SmallVec<[(usize, i64); 16]>;

/// Scaled whole prices, one vector a row, none of them negative.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    /// By entry.
    scale: Vec<i64>,
    entries: usize,
    value: Vec<i64>,
    used: Vec<bool>,
}

impl Prices {
    /// From the dual vectors of the rows (which are at most zero where they are right).
    ///
    /// Multiples of the costs by more than `largest` could overflow.
    pub(super) fn new<'d>(
        entries: usize,
        duals: impl Iterator<Item = &'d [f64]> + Clone,
        largest: i64,
    ) -> Self {
        let of_entry = |entry: usize| common_scale(duals.clone().map(|dual| dual[entry]), largest);
        let scale: Vec<i64> = (0..entries).map(of_entry).collect();
        let mut value = Vec::new();
        let mut used = Vec::new();
        for dual in duals {
            let from = value.len();
            value.extend(dual.iter().zip(&scale).map(|(dual, &scale)| (-dual * scale as f64).round() as i64));
            let sign = value[from..].iter().find(|value| **value != 0);
            if sign.is_some_and(|sign| *sign < 0) {
                value[from..].fill(0);
            }
            used.push(value[from..].iter().any(|value| *value != 0));
        }
        Self { scale, entries, value, used }
    }

    /// No prices, and what holds without them.
    pub(super) fn none(problem: &Problem) -> (Bound, Self) {
        let entries = problem.entries + 1;
        let none = vec![0.0; entries];
        let prices = Self::new(entries, std::iter::repeat_n(&none[..], problem.rows.len()), 1);
        let all: Vec<(usize, usize)> = problem.jobs.iter().map(|job| (0, job.positions())).collect();
        (prices.bound(problem, &all), prices)
    }

    /// Whether a row has a price.
    pub(super) fn is_priced(&self, row: usize) -> bool {
        self.used.get(row) == Some(&true)
    }

    /// The price of a row, entry 0 first.
    pub(super) fn of(&self, row: usize) -> &[i64] {
        &self.value[row * self.entries..(row + 1) * self.entries]
    }

    /// The bound over the options allowed: by job the first and the one after the last position, where the
    /// position after the last option is "unplaced".
    pub(super) fn bound(&self, problem: &Problem, allowed: &[(usize, usize)]) -> Bound {
        let mut total = vec![0_i64; self.entries];
        for (row, limit) in problem.rows.iter().enumerate().filter(|(row, _)| self.used[*row]) {
            for (total, price) in total.iter_mut().zip(self.of(row)) {
                *total -= price * limit.rhs;
            }
        }
        let mut best = vec![0_i64; self.entries];
        for (job, &range) in problem.jobs.iter().zip(allowed) {
            self.cheapest(job, range, &mut best);
            for (total, best) in total.iter_mut().zip(&best) {
                *total += best;
            }
        }
        Bound { scale: self.scale.clone(), value: total }
    }

    /// What a position costs at these prices, entry by entry: own cost and the rows whose prices count.
    fn parts<'p>(&self, job: &'p Job, position: usize, priced: &mut Priced) -> &'p [i64] {
        let (cost, uses): (&[i64], &[(u32, i64)]) = match job.options.get(position) {
            Some(option) => (&option.cost, &option.uses),
            None => (&job.unplaced, &job.unplaced_uses),
        };
        let counts = |(row, _): &&(u32, i64)| self.used.get(*row as usize) == Some(&true);
        priced.clear();
        priced.extend(uses.iter().filter(counts).map(|&(row, amount)| (row as usize, amount)));
        cost
    }

    fn entry(&self, own: &[i64], priced: &[(usize, i64)], entry: usize) -> i64 {
        let own = if entry == 0 { 0 } else { own[entry - 1] * self.scale[entry] };
        let prices = priced.iter().map(|&(row, amount)| self.value[row * self.entries + entry] * amount);
        own + prices.sum::<i64>()
    }

    /// The least that a job can cost at these prices; infeasible where no position is allowed.
    fn cheapest(&self, job: &Job, (from, to): (usize, usize), best: &mut [i64]) {
        let mut priced = Priced::new();
        let given = self.given(job);
        let mut some = false;
        let mut position = from;
        while position < to {
            // Prices add to the cost but for what is given, and the options that follow cost no less; leaving out may.
            if some && position < job.options.len() && self.at_least(job, position, &given, best) {
                position = job.options.len();
                continue;
            }
            let own = self.parts(job, position, &mut priced);
            let mut better = !some;
            for (entry, best) in best.iter_mut().enumerate() {
                let cost = self.entry(own, &priced, entry);
                if !better && cost > *best {
                    break;
                }
                better |= cost < *best;
                if better {
                    *best = cost;
                }
            }
            some = true;
            position += 1;
        }
        if !some {
            best.fill(0);
            best[0] = self.scale[0];
        }
    }

    /// By how much each position of a job is dearer at these prices than the cheapest one, one vector after the other.
    pub(super) fn dearer(&self, job: &Job, dearer: &mut Vec<i64>) {
        let mut best = vec![0_i64; self.entries];
        let mut priced = Priced::new();
        self.cheapest(job, (0, job.positions()), &mut best);
        dearer.clear();
        for position in 0..job.positions() {
            let own = self.parts(job, position, &mut priced);
            let all = best.iter().enumerate();
            dearer.extend(all.map(|(entry, best)| self.entry(own, &priced, entry) - best));
        }
    }

    /// The most that prices can make an option of a job cheaper than its cost: prices are lexicographically not negative.
    fn given(&self, job: &Job) -> SmallVec<[i64; 16]> {
        let mut given = SmallVec::from_elem(0, self.entries);
        for (row, amount) in job.gives.iter().filter(|(row, _)| self.is_priced(*row as usize)) {
            for (given, price) in given.iter_mut().zip(self.of(row as usize)) {
                *given += price * amount;
            }
        }
        given
    }

    /// Whether an option costs at least this even without prices but for what is given.
    fn at_least(&self, job: &Job, option: usize, given: &[i64], least: &[i64]) -> bool {
        let own = job.options[option].cost.iter().zip(&self.scale[1..]).map(|(cost, scale)| cost * scale);
        let own = std::iter::once(0).chain(own).zip(given).map(|(own, given)| own - given);
        own.cmp(least.iter().copied()).is_ge()
    }

    /// Rules out what no plan as good as `value` can hold: taking it would put the bound above that. The
    /// positions that remain, by job.
    pub(super) fn remaining(
        &self,
        problem: &Problem,
        allowed: &[(usize, usize)],
        bound: &Bound,
        value: &[i64],
    ) -> Vec<Vec<usize>> {
        let scaled = value.iter().zip(&self.scale[1..]).map(|(value, scale)| value * scale);
        let goal: Vec<i64> = std::iter::once(0).chain(scaled).collect();
        let mut best = vec![0_i64; self.entries];
        let mut priced = Priced::new();
        let mut remaining_of = |(job, &(from, to)): (&Job, &(usize, usize))| {
            self.cheapest(job, (from, to), &mut best);
            let mut stays = |position: &usize| {
                let own = self.parts(job, *position, &mut priced);
                let with = (0..self.entries)
                    .map(|entry| bound.value[entry] - best[entry] + self.entry(own, &priced, entry));
                with.cmp(goal.iter().copied()).is_le()
            };
            (from..to).filter(&mut stays).collect()
        };
        problem.jobs.iter().zip(allowed).map(&mut remaining_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::problem::{JobOption, Row, RowKind};

    #[test]
    fn the_denominator_of_a_fraction_is_found() {
        for (numerator, expected) in [(0, 1), (-3, 1), (1, 2), (-5, 7), (22, 113), (100, 997)] {
            assert_eq!(denominator(f64::from(numerator) / expected as f64), Some(expected), "{numerator}");
        }
        assert_eq!(denominator(std::f64::consts::SQRT_2), None);
    }

    #[test]
    fn what_an_option_gives_can_make_it_the_cheapest() {
        let option = |cost: i64, amount: i64| JobOption {
            cost: [cost].as_slice().into(),
            uses: [(0, amount)].as_slice().into(),
            places: SmallVec::new(),
            basic: false,
        };
        let mut job = Job { unplaced: [9].as_slice().into(), ..Job::default() };
        job.options = vec![option(1, 1), option(4, 1), option(5, -1)];
        job.gives.note(0, -1);
        let rows = vec![Row::new(2, RowKind::Cap)];
        let problem = Problem { entries: 1, jobs: vec![job], rows, ..Problem::default() };
        let prices = Prices::new(2, [[0.0, -10.0]].iter().map(<[f64; 2]>::as_slice), 1_000);
        // The last option: 5 of its own, 10 given; and the row itself is worth 2 times 10.
        assert_eq!(prices.bound(&problem, &[(0, 4)]).value, [0, 5 - 10 - 2 * 10]);
    }

    #[test]
    fn one_scale_makes_all_prices_whole() {
        let duals = [[-0.5, 2.0], [-1.0 / 3.0, 0.0], [-0.75, -5.0]];
        assert_eq!(common_scale(duals.iter().flatten().copied(), 1_000), 12);
        assert_eq!(common_scale(duals.iter().flatten().copied(), 6), 6, "no finer than is safe");
    }

    #[test]
    fn a_fraction_below_settles_an_entry() {
        let bound = |value: &[i64]| Bound { scale: vec![4; 4], value: value.to_vec() };
        assert_eq!(bound(&[0, 40, 19, 0]).settled(&[10, 5, 7]), Some(1));
        assert_eq!(bound(&[0, 40, 16, 0]).settled(&[10, 5, 7]), None, "a whole unit is missing");
        assert_eq!(bound(&[0, 41, 0, 0]).settled(&[10, 5, 7]), None, "nothing better is here at all");
        assert_eq!(bound(&[0, 40, 20, 28]).settled(&[10, 5, 7]), None, "met to the end");
    }
}
