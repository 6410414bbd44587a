//! Zero-half cuts: rows that follow from halving the sum of some limits and rounding down.
//!
//! Lengths of one and two slots leave the linear programme at halves: two and a half long appointments on a day, and
//! two and a half on the next. Each limit alone allows that; some together do not. If limits a_i x <= b_i (whole
//! numbers, x >= 0) are added up and halved, rounding down both sides is valid for whole-number plans (Chvatal 1973),
//! and it tells something where the right-hand side was odd. Which limits to add is a question about parities, and
//! is answered by elimination over the two-element field (Koster, Zymolka, Kutschka 2009).

use std::collections::BTreeMap;

use super::master::{Support, WHOLE};
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

/// Who uses each limit: job, option, amount.
type Users = Vec<Vec<(usize, usize, i64)>>;

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

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(word, &bits)| {
            std::iter::successors(Some(bits), |bits| Some(bits & (bits - 1)))
                .take_while(|bits| *bits != 0)
                .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
        })
    }
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
pub(super) fn broken(problem: &Problem, support: &Support) -> Vec<TieRow> {
    let mut columns: Vec<(usize, usize, f64)> = Vec::new();
    for (job, options) in support.iter().enumerate() {
        let some = options.iter().filter(|(option, _)| *option < problem.jobs[job].options.len());
        columns.extend(some.filter(|(_, value)| *value < 1.0 - WHOLE).map(|&(option, value)| (job, option, value)));
    }
    if columns.is_empty() {
        return Vec::new();
    }
    let (sources, sums) = sums(problem, support, &columns);
    let found = search(&sums, &columns);
    rows(problem, support, &sources, found)
}

/// The sources that some fractional option uses and that are all but used up.
fn sums(problem: &Problem, support: &Support, columns: &[(usize, usize, f64)]) -> (Vec<Source>, Vec<Sum>) {
    let usable = |row: u32| {
        let kind = problem.rows[row as usize].kind;
        kind.is_limit() || kind == RowKind::Patient
    };
    let mut odd_in: BTreeMap<Source, Vec<usize>> = BTreeMap::new();
    let mut touched: BTreeMap<u32, ()> = BTreeMap::new();
    for (at, &(job, option, _)) in columns.iter().enumerate() {
        odd_in.entry(Source::Job(job)).or_default().push(at);
        for &(row, amount) in &problem.jobs[job].options[option].uses {
            if usable(row) {
                touched.insert(row, ());
                if amount % 2 != 0 {
                    odd_in.entry(Source::Limit(row)).or_default().push(at);
                }
            }
        }
    }
    for row in touched.into_keys() {
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
    let tight: Vec<_> = odd_in
        .into_iter()
        .map(|(source, odd)| (source, odd, describe(&source)))
        .filter(|(_, _, (_, slack))| *slack < 1.0 - 2.0 * WORTHWHILE)
        .collect();
    let count = tight.len();
    let sum = |(at, (_, odd, (rhs, slack))): (usize, &(Source, Vec<usize>, (i64, f64)))| {
        let mut sum = Sum {
            sources: Bits::new(count),
            odd: Bits::new(columns.len()),
            odd_rhs: rhs % 2 != 0,
            slack: if *slack < WHOLE { 0.0 } else { *slack },
        };
        sum.sources.flip(at);
        odd.iter().for_each(|&column| sum.odd.flip(column));
        sum
    };
    let sums = tight.iter().enumerate().map(sum).collect();
    (tight.into_iter().map(|(source, _, _)| source).collect(), sums)
}

/// By how much a row made of this sum would be broken, times two.
fn gain(sum: &Sum, columns: &[(usize, usize, f64)]) -> f64 {
    if !sum.odd_rhs {
        return f64::NEG_INFINITY;
    }
    1.0 - sum.slack - sum.odd.iter().map(|at| columns[at].2).sum::<f64>()
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
fn search(sums: &[Sum], columns: &[(usize, usize, f64)]) -> Vec<(f64, Bits)> {
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
            .min_by_key(|&row| (rows[row].odd.iter().count(), row));
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
            if first.odd_rhs != second.odd_rhs && first.slack + second.slack < 1.0 - 2.0 * WORTHWHILE {
                keep(&combined(first, second));
            }
        }
    }
    let small = |(bits, gain): (Bits, f64)| {
        let size = bits.iter().count();
        (size <= LARGEST).then_some((gain, size, bits))
    };
    let mut found: Vec<(f64, usize, Bits)> = found.into_iter().filter_map(small).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
    found.truncate(TRIED);
    found.into_iter().map(|(gain, _, bits)| (gain, bits)).collect()
}

/// The rows themselves, in whole numbers over all options; settled jobs with an odd coefficient lend their own row.
fn rows(problem: &Problem, support: &Support, sources: &[Source], found: Vec<(f64, Bits)>) -> Vec<TieRow> {
    let users = users(problem, sources);
    let mut rows: Vec<TieRow> = Vec::new();
    let mut touched: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (_, bits) in found {
        if rows.len() >= MOST {
            break;
        }
        let Some(row) = row(problem, support, sources, &users, &bits) else { continue };
        // Rows that lean on the same options say much the same.
        let weight = |job: usize, option: usize| {
            support[job].iter().find(|(at, _)| *at == option).is_some_and(|(_, value)| *value < 1.0 - WHOLE)
        };
        let fractional: Vec<(usize, usize)> =
            row.terms.iter().map(|&(job, option, _)| (job, option)).filter(|&(job, option)| weight(job, option)).collect();
        let seen = fractional.iter().filter(|key| touched.get(*key).is_some_and(|count| *count >= 2)).count();
        if seen * 2 > fractional.len() {
            continue;
        }
        for key in fractional {
            *touched.entry(key).or_default() += 1;
        }
        rows.push(row);
    }
    rows
}

/// Who uses the limits among the sources.
fn users(problem: &Problem, sources: &[Source]) -> Users {
    let mut wanted = vec![false; problem.rows.len()];
    for source in sources {
        if let Source::Limit(row) = source {
            wanted[*row as usize] = true;
        }
    }
    let mut users: Users = vec![Vec::new(); problem.rows.len()];
    for (job, choices) in problem.jobs.iter().enumerate() {
        for (option, choice) in choices.options.iter().enumerate() {
            for &(row, amount) in choice.uses.iter().filter(|(row, _)| wanted[*row as usize]) {
                users[row as usize].push((job, option, amount));
            }
        }
    }
    users
}

fn row(
    problem: &Problem,
    support: &Support,
    sources: &[Source],
    users: &Users,
    bits: &Bits,
) -> Option<TieRow> {
    let mut terms: Vec<(usize, usize, i64)> = Vec::new();
    let mut rhs = 0;
    let mut jobs: Vec<usize> = Vec::new();
    for at in bits.iter() {
        match sources[at] {
            Source::Job(job) => jobs.push(job),
            Source::Limit(row) => {
                rhs += problem.rows[row as usize].rhs;
                terms.extend(&users[row as usize]);
            }
        }
    }
    merge(&mut terms);
    let lend = |&(job, option, amount): &(usize, usize, i64)| {
        let settled = matches!(support[job][..], [(at, value)] if at == option && value >= 1.0 - WHOLE);
        (settled && amount % 2 != 0).then_some(job)
    };
    jobs.extend(terms.iter().filter_map(lend).collect::<Vec<_>>());
    rhs += jobs.len() as i64;
    for job in jobs {
        terms.extend((0..problem.jobs[job].options.len()).map(|option| (job, option, 1)));
    }
    merge(&mut terms);
    let rhs = rhs.div_euclid(2);
    for term in &mut terms {
        term.2 = term.2.div_euclid(2);
    }
    terms.retain(|term| term.2 != 0);
    let value = |job: usize, option: usize| {
        support[job].iter().find(|(at, _)| *at == option).map_or(0.0, |(_, value)| *value)
    };
    let used: f64 = terms.iter().map(|&(job, option, amount)| amount as f64 * value(job, option)).sum();
    (used > rhs as f64 + WORTHWHILE / 2.0).then_some(TieRow { row: Row { rhs, kind: RowKind::Cover }, terms })
}

/// Adds up the amounts of each option.
fn merge(terms: &mut Vec<(usize, usize, i64)>) {
    terms.sort_unstable();
    terms.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        if same {
            kept.2 += next.2;
        }
        same
    });
}
