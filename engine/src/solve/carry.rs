//! What a search hands on to one that begins again with fewer options: the rows found on the way that tell, and where
//! the simplex method stands.

use super::problem::{Job, JobOption, Problem, Row, RowKind};

/// A problem that has been searched, seen by one that begins again with part of it.
pub(super) struct Carry<'p> {
    pub problem: &'p Problem,
    /// First column of each job.
    first: &'p [usize],
    /// Columns, and after them the slacks of the jobs and of the rows, that are in the basis.
    basic: Vec<bool>,
    /// Whether each row has a price.
    priced: Vec<bool>,
}

impl<'p> Carry<'p> {
    /// `first` is the first column of each job and after the last one the number of columns; `basis` is that of the
    /// root, where there is one.
    pub fn new(problem: &'p Problem, first: &'p [usize], basis: Option<&[u32]>, priced: Vec<bool>) -> Self {
        let slacks = first.len() - 1 + problem.rows.len();
        let columns = first.last().copied().unwrap_or(0);
        let mut basic = vec![false; columns + slacks];
        if let Some(basis) = basis {
            for &id in basis {
                basic[id as usize] = true;
            }
            // Rows that came later have their slack in it.
            basic[columns + basis.len()..].fill(true);
        }
        Self { problem, first, basic, priced }
    }

    /// A job with these of its options; the cost of each is cut off after so many entries.
    pub fn job(&self, index: usize, positions: impl Iterator<Item = usize>, entries: usize) -> Job {
        let whole = &self.problem.jobs[index];
        let from = self.first[index];
        let option = |position: usize| {
            let JobOption { cost, uses, places, .. } = &whole.options[position];
            let (uses, places) = (uses.clone(), places.clone());
            JobOption { cost: cost[..entries].into(), uses, places, basic: self.basic[from + position] }
        };
        Job {
            members: whole.members.clone(),
            unplaced: whole.unplaced[..entries].into(),
            required: whole.required,
            options: positions.map(option).collect(),
            gives: whole.gives.clone(),
            basic: self.basic[from + whole.options.len()],
            ..Job::default()
        }
    }

    /// The rows; covers without a price are to be left out.
    pub fn rows(&self) -> Vec<Row> {
        let slacks = &self.basic[self.basic.len() - self.problem.rows.len()..];
        let row = |((row, &basic), &priced): ((&Row, &bool), &bool)| {
            let idle = row.kind == RowKind::Cover && !priced;
            Row { rhs: row.rhs, kind: if idle { RowKind::Idle } else { row.kind }, basic }
        };
        self.problem.rows.iter().zip(slacks).zip(&self.priced).map(row).collect()
    }
}
