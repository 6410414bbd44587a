//! Rows of a whole problem: options that no plan can hold are dropped, rows are divided by what all uses share, and
//! the reserve gets its rounded rows.

use super::problem::{Job, JobOption, Row, RowKind, gcd};
use super::seats::LONGEST_STRIDE;

/// Drops options that alone exceed a limit, scales rows, and puts the options of each job in order.
///
/// There are so many options that looking at them takes longer than what is done: they are gone through twice.
pub(super) fn settle(jobs: &mut [Job], rows: &mut Vec<Row>) {
    let mut divisors = vec![0_i64; rows.len()];
    let mut largest = vec![0_i64; rows.len()];
    for job in jobs.iter_mut() {
        job.options
            .retain(|option| option.uses.iter().all(|&(row, amount)| amount <= rows[row as usize].rhs));
        for &(row, amount) in job.options.iter().flat_map(|option| &option.uses) {
            let (divisor, largest) = (&mut divisors[row as usize], &mut largest[row as usize]);
            *divisor = gcd(*divisor, amount);
            *largest = amount.max(*largest);
        }
    }
    for ((row, divisor), largest) in rows.iter_mut().zip(&mut divisors).zip(&mut largest) {
        *divisor = (*divisor).max(1);
        row.rhs /= *divisor;
        *largest /= *divisor;
    }
    let rounded = rounded(rows, &largest);
    for job in jobs.iter_mut() {
        for option in &mut job.options {
            for at in 0..option.uses.len() {
                let (row, amount) = &mut option.uses[at];
                *amount /= divisors[*row as usize];
                let (row, amount) = (*row, *amount);
                let rounded = rounded[row as usize].iter().map(|&(by, rounded)| (rounded, amount / by));
                option.uses.extend(rounded.filter(|(_, amount)| *amount > 0));
            }
        }
        order(job);
    }
}

/// Puts the options of a job in order.
pub(super) fn order(job: &mut Job) {
    job.options.sort_unstable_by(|a, b| a.cost.cmp(&b.cost).then_with(|| tie(a).cmp(tie(b))));
}

/// Order of options of equal cost: by offer and first start of each member.
fn tie(option: &JobOption) -> impl Iterator<Item = (u32, u32)> + '_ {
    option.places.iter().map(|place| (place.offer, place.spans[0].run.first.0))
}

/// Chvatal-Gomory rows: a limit on sizes 1 and 2 of 15 also limits the twos to 7. Added for the reserve, whose
/// sizes differ; room in pools has its own rounded rows.
///
/// By row what it is divided by, and the row that comes of it.
fn rounded(rows: &mut Vec<Row>, largest: &[i64]) -> Vec<Vec<(i64, u32)>> {
    let mut rounded: Vec<Vec<(i64, u32)>> = vec![Vec::new(); largest.len()];
    for (row, &largest) in largest.iter().enumerate() {
        if rows[row].kind == RowKind::Reserve {
            for by in 2..=largest.min(LONGEST_STRIDE as i64) {
                if rows[row].rhs % by != 0 {
                    rounded[row].push((by, rows.len() as u32));
                    rows.push(Row::new(rows[row].rhs / by, RowKind::Reserve));
                }
            }
        }
    }
    rounded
}
