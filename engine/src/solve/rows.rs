//! Rows of a whole problem: options that no plan can hold are dropped, rows are divided by what all uses share, and
//! the reserve gets its rounded rows.

use super::problem::{Job, JobOption, Row, RowKind, gcd};
use super::seats::LONGEST_STRIDE;

/// Drops options that alone exceed a limit, scales rows, and puts the options of each job in order.
pub(super) fn settle(jobs: &mut [Job], rows: &mut Vec<Row>) {
    for job in jobs.iter_mut() {
        job.options
            .retain(|option| option.uses.iter().all(|&(row, amount)| amount <= rows[row as usize].rhs));
    }
    let mut divisors = vec![0_i64; rows.len()];
    for (row, amount) in jobs.iter().flat_map(|job| &job.options).flat_map(|option| &option.uses) {
        divisors[*row as usize] = gcd(divisors[*row as usize], *amount);
    }
    for (row, divisor) in rows.iter_mut().zip(&divisors) {
        row.rhs /= (*divisor).max(1);
    }
    for job in jobs.iter_mut() {
        for (row, amount) in job.options.iter_mut().flat_map(|option| &mut option.uses) {
            *amount /= divisors[*row as usize].max(1);
        }
        order(job);
    }
    rounded(jobs, rows);
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
fn rounded(jobs: &mut [Job], rows: &mut Vec<Row>) {
    let original = rows.len();
    let mut largest = vec![0_i64; original];
    for (row, amount) in jobs.iter().flat_map(|job| &job.options).flat_map(|option| &option.uses) {
        largest[*row as usize] = largest[*row as usize].max(*amount);
    }
    let mut new_rows: Vec<Vec<(i64, u32)>> = vec![Vec::new(); original];
    for row in 0..original {
        if rows[row].kind == RowKind::Reserve {
            for by in 2..=largest[row].min(LONGEST_STRIDE as i64) {
                if rows[row].rhs % by != 0 {
                    new_rows[row].push((by, rows.len() as u32));
                    rows.push(Row::new(rows[row].rhs / by, RowKind::Reserve));
                }
            }
        }
    }
    for option in jobs.iter_mut().flat_map(|job| &mut job.options) {
        let mut more = Vec::new();
        for &(row, amount) in &option.uses {
            for &(by, new_row) in &new_rows[row as usize] {
                if amount / by > 0 {
                    more.push((new_row, amount / by));
                }
            }
        }
        option.uses.extend(more);
    }
}
