//! What a plan could give up in one entry to gain in a later one: bounds of all entries, also after one that is not met.
//!
//! At the prices of a root every plan x is above the bound L by what its choices add: c(x) - L is the sum, over jobs, of
//! what the position taken is dearer than the cheapest one, and, over rows, of price times slack. Each of these terms is a
//! vector that is not below zero lexicographically; a later component may be, so that what is given up in an entry k buys
//! something in an entry j after it. What a plan with the values V_k has given up before j is known: V_k - L_k. So for any
//! rates r_k >= 0, one for each entry before j (`docs/method.md`, section 5),
//!
//! c_j(x)  >=  L_j - sum over k of r_k (V_k - L_k) + sum over jobs and rows of the least that (t_j + sum r_k t_k) can be.
//!
//! The rates are looked for in floating point; what follows from them is computed in whole numbers, whatever they are.

use super::bound::{Bound, Prices};
use super::problem::{Problem, gcd};

/// Numbers here count in units of 1 / this, finer than any price, and are rounded so that bounds stay true.
const UNIT: i128 = 1 << 32;
/// Rates count in units of 1 / this.
const RATE: f64 = 65_536.0;
/// No rate is above this.
const LARGEST_RATE: f64 = 1e9;
/// Stands for any number of times while rates are looked for.
const ANY_NUMBER: f64 = 1e12;
/// How often every rate is looked at.
const SWEEPS: u32 = 3;
/// Halvings in the search for a rate.
const HALVINGS: u32 = 14;

/// Terms of which a plan has at most one, at most so many times.
#[derive(Debug, Clone)]
struct Choice {
    /// Entry by entry, rounded down.
    terms: Vec<Vec<i128>>,
    /// None: any number of times.
    most: Option<i128>,
}

/// How far a plan is above the bound of a root, and what could be traded for what.
#[derive(Debug, Clone)]
pub(super) struct Trades {
    /// By entry, rounded up.
    above: Vec<i128>,
    /// By entry: what two plans differ by is a multiple of this; 0 where they all have the same.
    steps: Vec<i64>,
    choices: Vec<Choice>,
}

fn scaled(amount: i64, scale: i64) -> i128 {
    (i128::from(amount) * UNIT).div_euclid(i128::from(scale))
}

/// The root of a search that is over.
pub(super) struct Root {
    pub problem: Problem,
    /// The bound with its prices.
    pub floored: Option<(Bound, Prices)>,
    /// The same before any entry was held at a value.
    pub unfloored: Option<(Bound, Prices)>,
    /// The rows that hold an entry at a value: entry, row.
    pub floors: Vec<(usize, u32)>,
}

impl Root {
    /// What could be traded by plans that have the same values in so many entries but the last of these, and no less in
    /// that: rows that hold a later entry at a value are not for them.
    pub(super) fn trades(&self, value: &[i64], entries: usize) -> Trades {
        let hold = |(_, prices): &&(Bound, Prices)| {
            let mut floors = self.floors.iter().filter(|(_, row)| prices.is_priced(*row as usize));
            floors.all(|(entry, _)| *entry < entries)
        };
        match self.floored.as_ref().filter(hold).or(self.unfloored.as_ref()) {
            Some(root) => Trades::new(&self.problem, root, value),
            None => Trades::new(&self.problem, &Prices::none(&self.problem), value),
        }
    }
}

impl Trades {
    /// Nothing, yet.
    pub(super) fn none(entries: usize) -> Self {
        Self { above: vec![0; entries], steps: vec![0; entries], choices: Vec::new() }
    }

    /// Those of a root, and how far a plan of these values is above it.
    pub(super) fn new(problem: &Problem, (bound, prices): &(Bound, Prices), value: &[i64]) -> Self {
        let scale = &bound.scale[1..];
        let whole = |vector: &[i64]| -> Vec<i128> {
            vector[1..].iter().zip(scale).map(|(&amount, &scale)| scaled(amount, scale)).collect()
        };
        let tells = |term: &Vec<i128>| term.iter().any(|amount| *amount < 0);
        let least = whole(&bound.value);
        let above = value.iter().zip(least).map(|(&value, least)| i128::from(value) * UNIT - least).collect();
        let mut choices = Vec::new();
        let mut dearer = Vec::new();
        // What jobs can give to a row where they have coefficients below zero.
        let mut given = vec![0_i128; problem.rows.len()];
        for job in &problem.jobs {
            prices.dearer(job, &mut dearer);
            let mut terms: Vec<Vec<i128>> = Vec::new();
            for own in dearer.chunks_exact(bound.value.len()) {
                if own.iter().any(|amount| *amount < 0) {
                    let term = whole(own);
                    let no_better =
                        |other: &Vec<i128>| other.iter().zip(&term).all(|(other, own)| other <= own);
                    if !terms.iter().any(no_better) {
                        terms.push(term);
                    }
                }
            }
            if !terms.is_empty() {
                choices.push(Choice { terms, most: Some(1) });
            }
            // The most of any option, and leaving out beside it: more than one choice can give, which is on the safe side.
            let unplaced = job.unplaced_uses.iter().map(|&(row, amount)| (row, (-amount).max(0)));
            for (row, amount) in job.gives.iter().chain(unplaced) {
                given[row as usize] += i128::from(amount);
            }
        }
        for (row, limit) in problem.rows.iter().enumerate().filter(|(row, _)| prices.is_priced(*row)) {
            let term = whole(prices.of(row));
            if tells(&term) {
                choices.push(Choice { terms: vec![term], most: Some(i128::from(limit.rhs) + given[row]) });
            }
        }
        // Entries are counted in the largest units there are (`parts`).
        Self { above, steps: vec![1; value.len()], choices }
    }

    /// Adds those of a part, which has these entries, counted in these units.
    pub(super) fn add(&mut self, part: Self, entries: &[usize], units: &[i64]) {
        let count = self.above.len();
        let in_whole = |own: &[i128]| {
            let mut whole = vec![0; count];
            for ((own, &entry), &unit) in own.iter().zip(entries).zip(units) {
                whole[entry] = own * i128::from(unit);
            }
            whole
        };
        for (above, own) in self.above.iter_mut().zip(in_whole(&part.above)) {
            *above += own;
        }
        for ((step, &entry), &unit) in part.steps.iter().zip(entries).zip(units) {
            self.steps[entry] = gcd(self.steps[entry], step * unit);
        }
        self.choices.extend(part.choices.into_iter().map(|choice| Choice {
            terms: choice.terms.iter().map(|term| in_whole(term)).collect(),
            most: choice.most,
        }));
    }

    /// The same, said in few words: of all terms that begin with the same entry, the best rate for each later entry, at
    /// which any amount may be traded.
    pub(super) fn summary(&self) -> Self {
        let entries = self.above.len();
        let mut rates: Vec<Option<Vec<i128>>> = vec![None; entries];
        for term in self.choices.iter().flat_map(|choice| &choice.terms) {
            let Some(first) = term.iter().position(|amount| *amount != 0) else { continue };
            let rates = rates[first].get_or_insert_with(|| vec![0; entries]);
            for (rate, amount) in rates.iter_mut().zip(term) {
                let own = amount.checked_mul(UNIT).map_or(i128::MIN, |amount| amount.div_euclid(term[first]));
                *rate = own.min(*rate);
            }
            rates[first] = UNIT;
        }
        let choice = |term| Choice { terms: vec![term], most: None };
        let (above, steps) = (self.above.clone(), self.steps.clone());
        Self { above, steps, choices: rates.into_iter().flatten().map(choice).collect() }
    }

    /// Adds those of another area.
    pub(super) fn append(&mut self, area: &Self) {
        for (above, own) in self.above.iter_mut().zip(&area.above) {
            *above += own;
        }
        for (step, own) in self.steps.iter_mut().zip(&area.steps) {
            *step = gcd(*step, *own);
        }
        self.choices.extend_from_slice(&area.choices);
    }

    /// The same for another plan.
    pub(super) fn change(&mut self, before: &[i64], after: &[i64]) {
        for ((above, before), after) in self.above.iter_mut().zip(before).zip(after) {
            *above += i128::from(after - before) * UNIT;
        }
    }

    /// By how much an entry of the plan can be lowered at most while those before it stay as they are.
    pub(super) fn gain(&self, entry: usize) -> i64 {
        // As long as nothing is given up, only terms that are zero so far can be there.
        let first = self.above[..entry].iter().position(|above| *above != 0).unwrap_or(entry);
        let most = if first == entry {
            Some(self.above[entry])
        } else {
            Offers::new(self, first, entry).least_gain()
        };
        let most = most.and_then(|most| i64::try_from(most.div_euclid(UNIT)).ok()).unwrap_or(i64::MAX).max(0);
        most - most % self.steps[entry].max(1)
    }
}

/// The terms that matter to one entry, by job and row, in floating point.
struct Offers<'t> {
    trades: &'t Trades,
    first: usize,
    entry: usize,
    /// From each choice: so many at most, and its terms end there.
    choices: Vec<(f64, usize)>,
    /// By entry from `first` to `entry`: the amount of each term.
    amounts: Vec<Vec<f64>>,
    kept: Vec<&'t Choice>,
    above: Vec<f64>,
}

/// Whether a term can be there while nothing is given up before `first`, and could make an entry from there on less.
fn matters(term: &[i128], first: usize, entry: usize) -> bool {
    term[..first].iter().all(|amount| *amount == 0) && term[first..=entry].iter().any(|amount| *amount < 0)
}

fn float(amount: i128) -> f64 {
    amount as f64 / UNIT as f64
}

impl<'t> Offers<'t> {
    fn new(trades: &'t Trades, first: usize, entry: usize) -> Self {
        let mut offers = Self {
            trades,
            first,
            entry,
            choices: Vec::new(),
            amounts: vec![Vec::new(); entry + 1 - first],
            kept: Vec::new(),
            above: trades.above[first..=entry].iter().map(|above| float(*above)).collect(),
        };
        for choice in &trades.choices {
            let before = offers.amounts[0].len();
            for term in choice.terms.iter().filter(|term| matters(term, first, entry)) {
                for (amounts, amount) in offers.amounts.iter_mut().zip(&term[first..=entry]) {
                    amounts.push(float(*amount));
                }
            }
            let after = offers.amounts[0].len();
            if after > before {
                offers.choices.push((choice.most.map_or(ANY_NUMBER, |most| most as f64), after));
                offers.kept.push(choice);
            }
        }
        offers
    }

    /// What the choices add at these rates, and how much of that a change of one rate changes.
    fn slope(&self, worth: &[f64], changed: &[f64], by: f64) -> (f64, f64) {
        let (mut sum, mut slope, mut from) = (0.0, 0.0, 0);
        for &(most, to) in &self.choices {
            let (mut least, mut at) = (0.0, None);
            for term in from..to {
                let now = worth[term] + by * changed[term];
                if now < least {
                    (least, at) = (now, Some(term));
                }
            }
            if let Some(at) = at {
                sum += most * least;
                slope += most * changed[at];
            }
            from = to;
        }
        (sum, slope)
    }

    /// The least upper bound of the gain that is found.
    fn least_gain(&self) -> Option<i128> {
        let last = self.amounts.len() - 1;
        let enough = self.enough(&vec![0; last], |_| true);
        let starts = [vec![0.0; last], enough.iter().map(|rate| *rate as f64 / RATE).collect()];
        let mut found = vec![self.gain_at(&enough)];
        for mut rates in starts {
            for _ in 0..SWEEPS {
                for at in (0..last).rev() {
                    self.improve(&mut rates, at);
                }
                let rates: Vec<i128> = rates.iter().map(|rate| (rate * RATE).ceil() as i128).collect();
                // Of what there may be any number of, nothing may be worth less than nothing.
                found.push(self.gain_at(&self.enough(&rates, |choice| choice.most.is_none())));
            }
        }
        found.into_iter().flatten().min()
    }

    /// Rates, no smaller than these, at which no term of these choices is worth less than nothing: from the last entry to
    /// the first, since what comes first in a term is above zero.
    fn enough(&self, rates: &[i128], of: impl Fn(&Choice) -> bool) -> Vec<i128> {
        let mut rates = rates.to_vec();
        let terms: Vec<&[i128]> = self
            .kept
            .iter()
            .filter(|choice| of(choice))
            .flat_map(|choice| &choice.terms)
            .filter(|term| matters(term, self.first, self.entry))
            .map(|term| &term[self.first..=self.entry])
            .collect();
        for at in (0..rates.len()).rev() {
            let leads = |term: &&&[i128]| term[at] > 0 && term[..at].iter().all(|amount| *amount == 0);
            let needs = terms.iter().filter(leads).map(|term| {
                let later = term[at + 1..].iter().zip(rates[at + 1..].iter().chain([&(RATE as i128)]));
                let worth = later
                    .fold(0_i128, |sum, (amount, rate)| sum.saturating_add(amount.saturating_mul(*rate)));
                // Rounded up.
                worth.div_euclid(term[at]).saturating_neg()
            });
            let need = needs.max().unwrap_or(0);
            rates[at] = rates[at].max(need).min((LARGEST_RATE * RATE) as i128);
        }
        rates
    }

    /// The best rate for an entry while the others stay: what is left of the gain is convex in it.
    fn improve(&self, rates: &mut [f64], at: usize) {
        let last = self.amounts.len() - 1;
        let mut worth = self.amounts[last].clone();
        for (of, rate) in rates.iter().enumerate().filter(|(of, rate)| *of != at && **rate != 0.0) {
            for (worth, amount) in worth.iter_mut().zip(&self.amounts[of]) {
                *worth += rate * amount;
            }
        }
        let changed = &self.amounts[at];
        let rises = |rate: f64| self.slope(&worth, changed, rate).1 > self.above[at];
        if !rises(0.0) {
            rates[at] = 0.0;
            return;
        }
        let (mut low, mut high) = (0.0, 1.0 / 64.0);
        while rises(high) && high < LARGEST_RATE {
            (low, high) = (high, high * 4.0);
        }
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if rises(middle) { low = middle } else { high = middle }
        }
        let total = |rate: f64| self.slope(&worth, changed, rate).0 - rate * self.above[at];
        rates[at] = if total(low) > total(high) { low } else { high };
    }

    /// The most that can be gained, whatever the rates, in whole numbers; none where it is too large to be told.
    fn gain_at(&self, rates: &[i128]) -> Option<i128> {
        let worth = |vector: &[i128]| {
            let mut all = vector[self.first..=self.entry].iter().zip(rates.iter().chain([&(RATE as i128)]));
            all.try_fold(0_i128, |sum, (amount, rate)| sum.checked_add(amount.checked_mul(*rate)?))
        };
        let mut gain = worth(&self.trades.above)?;
        for choice in &self.kept {
            let mut least = 0;
            for term in choice.terms.iter().filter(|term| matters(term, self.first, self.entry)) {
                least = worth(term)?.min(least);
            }
            gain = match choice.most {
                Some(most) => gain.checked_sub(most.checked_mul(least)?)?,
                None if least < 0 => return None,
                None => gain,
            };
        }
        // Rounded up.
        Some(-(-gain).div_euclid(RATE as i128))
    }
}

#[cfg(test)]
mod tests;
