//! Zero-half cuts: rows that follow from halving the sum of some limits and rounding down.
//!
//! Lengths of one and two slots leave the linear programme at halves: two and a half long appointments on a day, and
//! two and a half on the next. Each limit alone allows that; some together do not. If limits a_i x <= b_i (whole
//! numbers, x >= 0) are added up and halved, rounding down both sides is valid for whole-number plans (Chvatal 1973),
//! and it tells something where the right-hand side was odd. Which limits to add is a question about parities, and
//! is answered by elimination over the two-element field (Koster, Zymolka, Kutschka 2009).

use std::collections::{BTreeMap, BTreeSet};

use super::master::{Master, Support, WHOLE};
use super::problem::{Problem, Row, RowKind};
use super::ties::TieRow;

/// Violations smaller than this are not worth a row.
const WORTHWHILE: f64 = 0.03;
/// Rows added in one round.
const MOST: usize = 24;
/// Sums looked at in one round.
const TRIED: usize = 80;
/// Sources of a sum at most: rows made of many are dense and say little.
const LARGEST: usize = 24;

/// A set of small numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    fn flip(&mut self, at: usize) {
        self.0[at / 64] ^= 1 << (at % 64);
    }

    fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    fn add(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own ^= other;
        }
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(word, &bits)| members(word, bits))
    }
}

/// The numbers in a word of a set.
fn members(word: usize, bits: u64) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(bits), |bits| Some(bits & bits.wrapping_sub(1)))
        .take_while(|bits| *bits != 0)
        .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
}

/// What is added up: a limit of the problem, or "one option at most" of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Limit(u32),
    Job(usize),
}

/// A sum of sources, modulo 2.
#[derive(Debug, Clone)]
struct Sum {
    sources: Bits,
    /// Fractional options with an odd coefficient.
    odd: Bits,
    /// Whether the right-hand side is odd, less whatever is settled.
    odd_rhs: bool,
    /// By how much the sources are not used up.
    slack: f64,
}

/// Rows that these values break.
pub(super) fn broken(problem: &Problem, master: &Master, support: &Support) -> Vec<TieRow> {
    let mut columns: Vec<(usize, usize, f64)> = Vec::new();
    for (job, options) in support.iter().enumerate() {
        let some = options.iter().filter(|(option, _)| *option < problem.jobs[job].options.len());
        columns.extend(
            some.filter(|(_, value)| *value < 1.0 - WHOLE).map(|&(option, value)| (job, option, value)),
        );
    }
    if columns.is_empty() {
        return Vec::new();
    }
    let (sources, sums) = sums(problem, support, &columns);
    let found = search(&sums, &columns);
    let count = master.first().last().copied().unwrap_or(0);
    let mut maker = Maker {
        problem,
        master,
        support,
        of_row: vec![0; problem.rows.len()],
        of_job: vec![0; problem.jobs.len()],
        amount: vec![0; count],
        leaned: vec![0; count],
    };
    maker.rows(&sources, &found)
}

/// The sources that some fractional option uses and that are all but used up.
fn sums(problem: &Problem, support: &Support, columns: &[(usize, usize, f64)]) -> (Vec<Source>, Vec<Sum>) {
    let usable = |row: u32| {
        let kind = problem.rows[row as usize].kind;
        kind.is_limit() || kind == RowKind::Patient
    };
    let mut odd_in: BTreeMap<Source, Vec<usize>> = BTreeMap::new();
    let mut touched: BTreeSet<u32> = BTreeSet::new();
    for (at, &(job, option, _)) in columns.iter().enumerate() {
        odd_in.entry(Source::Job(job)).or_default().push(at);
        for &(row, amount) in &problem.jobs[job].options[option].uses {
            if usable(row) {
                touched.insert(row);
                if amount % 2 != 0 {
                    odd_in.entry(Source::Limit(row)).or_default().push(at);
                }
            }
        }
    }
    for row in touched {
        odd_in.entry(Source::Limit(row)).or_default();
    }
    // What each limit is used by in all, and by options that are settled.
    let mut used = vec![0.0; problem.rows.len()];
    let mut settled = vec![0_i64; problem.rows.len()];
    for (job, options) in support.iter().enumerate() {
        for &(option, value) in options {
            let Some(choice) = problem.jobs[job].options.get(option) else { continue };
            for &(row, amount) in &choice.uses {
                used[row as usize] += value * amount as f64;
                if value >= 1.0 - WHOLE {
                    settled[row as usize] += amount;
                }
            }
        }
    }
    let left_out = |job: usize| {
        let last = support[job].last();
        last.filter(|(option, _)| *option >= problem.jobs[job].options.len()).map_or(0.0, |(_, value)| *value)
    };
    let describe = |source: &Source| match *source {
        Source::Job(job) => (1, left_out(job)),
        Source::Limit(row) => {
            let rhs = problem.rows[row as usize].rhs;
            (rhs - settled[row as usize], (rhs as f64 - used[row as usize]).max(0.0))
        }
    };
    odd_in.retain(|source, _| describe(source).1 < 1.0 - 2.0 * WORTHWHILE);
    let sources: Vec<Source> = odd_in.keys().copied().collect();
    let mut sums = Vec::with_capacity(sources.len());
    for (at, (source, odd)) in odd_in.iter().enumerate() {
        let (rhs, slack) = describe(source);
        let mut sum = Sum {
            sources: Bits::new(sources.len()),
            odd: Bits::new(columns.len()),
            odd_rhs: rhs % 2 != 0,
            slack: if slack < WHOLE { 0.0 } else { slack },
        };
        sum.sources.flip(at);
        for &column in odd {
            sum.odd.flip(column);
        }
        sums.push(sum);
    }
    (sources, sums)
}

/// By how much a row made of this sum would be broken, times two.
fn gain(sum: &Sum, columns: &[(usize, usize, f64)]) -> f64 {
    if !sum.odd_rhs {
        return f64::NEG_INFINITY;
    }
    1.0 - sum.slack - sum.odd.iter().map(|at| columns[at].2).sum::<f64>()
}

/// The same of two sums together, or something worthless.
fn gain_of_both(a: &Sum, b: &Sum, columns: &[(usize, usize, f64)]) -> f64 {
    if a.odd_rhs == b.odd_rhs {
        return f64::NEG_INFINITY;
    }
    let mut gain = 1.0 - a.slack - b.slack;
    for (word, (a, b)) in a.odd.0.iter().zip(&b.odd.0).enumerate() {
        for at in members(word, a ^ b) {
            gain -= columns[at].2;
            if gain <= 0.0 {
                return gain;
            }
        }
    }
    gain
}

fn combined(a: &Sum, b: &Sum) -> Sum {
    let mut sum = a.clone();
    sum.sources.add(&b.sources);
    sum.odd.add(&b.odd);
    sum.odd_rhs ^= b.odd_rhs;
    sum.slack += b.slack;
    sum
}

/// Eliminates the options one by one, the largest value first, each with a sum that is used up; what remains odd
/// is looked at alone and in pairs.
fn search(sums: &[Sum], columns: &[(usize, usize, f64)]) -> Vec<Bits> {
    let mut rows: Vec<Sum> = sums.to_vec();
    let mut found: BTreeMap<Bits, f64> = BTreeMap::new();
    let mut keep = |sum: &Sum| {
        let gain = gain(sum, columns);
        if gain > 2.0 * WORTHWHILE {
            found.insert(sum.sources.clone(), gain);
        }
    };
    rows.iter().for_each(&mut keep);
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by(|&a, &b| columns[b].2.total_cmp(&columns[a].2).then(a.cmp(&b)));
    for column in order {
        // The sum with the fewest other odd options spoils the others least. It stays: its slack is the option.
        let pivot = (0..rows.len())
            .filter(|&row| rows[row].slack <= 0.0 && rows[row].odd.has(column))
            .min_by_key(|&row| (rows[row].odd.count(), row));
        let Some(pivot) = pivot else { continue };
        let chosen = rows[pivot].clone();
        for (at, row) in rows.iter_mut().enumerate() {
            if at != pivot && row.odd.has(column) {
                *row = combined(row, &chosen);
                keep(row);
            }
        }
        rows[pivot].odd.flip(column);
        rows[pivot].slack = columns[column].2;
    }
    let promising: Vec<&Sum> = rows.iter().filter(|row| row.slack < 1.0 - 2.0 * WORTHWHILE).collect();
    for (at, first) in promising.iter().enumerate() {
        for second in &promising[at + 1..] {
            if gain_of_both(first, second, columns) > 2.0 * WORTHWHILE {
                keep(&combined(first, second));
            }
        }
    }
    let small = |(bits, gain): (Bits, f64)| {
        let size = bits.count() as usize;
        (size <= LARGEST).then_some((gain, size, bits))
    };
    let mut found: Vec<(f64, usize, Bits)> = found.into_iter().filter_map(small).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
    found.truncate(TRIED);
    found.into_iter().map(|(_, _, bits)| bits).collect()
}

/// The rows themselves, in whole numbers over all options; settled jobs with an odd coefficient lend their own row.
struct Maker<'a> {
    problem: &'a Problem,
    master: &'a Master,
    support: &'a Support,
    /// By limit and by job: how often it is added up. Zero between two rows.
    of_row: Vec<i64>,
    of_job: Vec<i64>,
    /// By column: the sum of amounts. Zero between two rows.
    amount: Vec<i64>,
    /// By column: how often rows of this round lean on it.
    leaned: Vec<u8>,
}

impl Maker<'_> {
    fn rows(&mut self, sources: &[Source], found: &[Bits]) -> Vec<TieRow> {
        let mut rows: Vec<TieRow> = Vec::new();
        for bits in found {
            if rows.len() >= MOST {
                break;
            }
            rows.extend(self.row(sources, bits));
        }
        rows
    }

    fn row(&mut self, sources: &[Source], bits: &Bits) -> Option<TieRow> {
        let mut limits: Vec<u32> = Vec::new();
        let mut jobs: Vec<usize> = Vec::new();
        for at in bits.iter() {
            match sources[at] {
                Source::Job(job) => {
                    self.of_job[job] += 1;
                    jobs.push(job);
                }
                Source::Limit(row) => {
                    self.of_row[row as usize] += 1;
                    limits.push(row);
                }
            }
        }
        let found = self.worthwhile(&limits, &mut jobs).map(|rhs| self.made(&limits, &jobs, rhs));
        for row in limits {
            self.of_row[row as usize] = 0;
        }
        for job in jobs {
            self.of_job[job] = 0;
        }
        found
    }

    /// The right-hand side, where what is in use breaks the row. Settled jobs with an odd coefficient are added.
    fn worthwhile(&mut self, limits: &[u32], jobs: &mut Vec<usize>) -> Option<i64> {
        let mut used = 0.0;
        let mut fractional: Vec<usize> = Vec::new();
        for (job, options) in self.support.iter().enumerate() {
            for &(option, value) in options {
                let Some(choice) = self.problem.jobs[job].options.get(option) else { continue };
                let of_rows = choice.uses.iter().map(|&(row, amount)| self.of_row[row as usize] * amount);
                let mut amount = of_rows.sum::<i64>() + self.of_job[job];
                if amount % 2 != 0 && value >= 1.0 - WHOLE {
                    self.of_job[job] += 1;
                    jobs.push(job);
                    amount += 1;
                }
                let halved = amount.div_euclid(2);
                used += halved as f64 * value;
                if halved != 0 && value < 1.0 - WHOLE {
                    fractional.push(self.master.first()[job] + option);
                }
            }
        }
        let limits: i64 = limits.iter().map(|&row| self.problem.rows[row as usize].rhs).sum();
        let rhs = (limits + jobs.len() as i64).div_euclid(2);
        if used < rhs as f64 + WORTHWHILE / 2.0 {
            return None;
        }
        // Rows that lean on the same options say much the same.
        let worn = fractional.iter().filter(|&&column| self.leaned[column] >= 2).count();
        if worn * 2 > fractional.len() {
            return None;
        }
        for column in fractional {
            self.leaned[column] += 1;
        }
        Some(rhs)
    }

    /// The row over all options.
    fn made(&mut self, limits: &[u32], jobs: &[usize], rhs: i64) -> TieRow {
        let first = self.master.first();
        let mut columns: Vec<usize> = Vec::new();
        let mut add = |column: usize, amount: i64| {
            if self.amount[column] == 0 {
                columns.push(column);
            }
            self.amount[column] += amount;
        };
        for &row in limits {
            self.master.users(row).for_each(|(column, amount)| add(column, amount));
        }
        for &job in jobs {
            (first[job]..first[job + 1] - 1).for_each(|column| add(column, 1));
        }
        columns.sort_unstable();
        columns.dedup();
        let term = |column: usize| {
            let job = self.master.job_of(column);
            let amount = std::mem::take(&mut self.amount[column]).div_euclid(2);
            (amount != 0).then_some((job, column - first[job], amount))
        };
        TieRow { row: Row::new(rhs, RowKind::Cover), terms: columns.into_iter().filter_map(term).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smallvec::smallvec;

    use crate::solve::problem::{Job, JobOption};

    fn job(options: &[&[(u32, i64)]]) -> Job {
        let option = |uses: &&[(u32, i64)]| JobOption {
            cost: smallvec![0],
            uses: uses.iter().copied().collect(),
            places: smallvec![],
            basic: false,
        };
        Job { unplaced: smallvec![1], options: options.iter().map(option).collect(), ..Job::default() }
    }

    /// Three jobs, any two of which exclude each other: halves keep every row, but only one can be placed.
    #[test]
    fn of_three_that_exclude_each_other_one_is_placed() {
        let row = || Row::new(1, RowKind::Cap);
        let problem = Problem {
            entries: 1,
            jobs: vec![job(&[&[(0, 1), (1, 1)]]), job(&[&[(1, 1), (2, 1)]]), job(&[&[(0, 1), (2, 1)]])],
            rows: vec![row(), row(), row()],
            ..Problem::default()
        };
        let master = Master::new(&problem, &[None, None, None]);
        let half = vec![(0, 0.5), (1, 0.5)];
        let found = broken(&problem, &master, &vec![half; 3]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].row.rhs, found[0].row.kind), (1, RowKind::Cover));
        assert_eq!(found[0].terms, [(0, 0, 1), (1, 0, 1), (2, 0, 1)]);
    }

    /// A day with five slots holds two and a half long appointments, or two.
    #[test]
    fn an_odd_room_holds_no_half_appointment() {
        let problem = Problem {
            entries: 1,
            jobs: vec![job(&[&[(0, 2)]]), job(&[&[(0, 2)]]), job(&[&[(0, 2)]])],
            rows: vec![Row::new(5, RowKind::Pool)],
            ..Problem::default()
        };
        let master = Master::new(&problem, &[None, None, None]);
        let support = vec![vec![(0, 1.0)], vec![(0, 1.0)], vec![(0, 0.5), (1, 0.5)]];
        let found = broken(&problem, &master, &support);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].row.rhs, 2);
        assert_eq!(found[0].terms, [(0, 0, 1), (1, 0, 1), (2, 0, 1)]);
    }

    #[test]
    fn whole_values_break_nothing() {
        let problem = Problem {
            entries: 1,
            jobs: vec![job(&[&[(0, 2)]])],
            rows: vec![Row::new(3, RowKind::Pool)],
            ..Problem::default()
        };
        let master = Master::new(&problem, &[None]);
        assert!(broken(&problem, &master, &vec![vec![(0, 1.0)]]).is_empty());
    }
}
