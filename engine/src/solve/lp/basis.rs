//! The inverse of a simplex basis in product form.
//!
//! Bases of assignment-like problems are nearly triangular, so inverting them column by column in the right order
//! creates next to no fill: columns with a row of their own come first, columns whose only open row is their own
//! come last, and what remains (the bump) is small.

use super::{NOWHERE, PIVOT_TOLERANCE};

#[derive(Debug, Clone, Copy)]
struct Eta {
    row: u32,
    kind: Kind,
    from: u32,
    to: u32,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A column comes into the basis: what is in its row is multiplied by this, and goes into the other rows.
    Column(f64),
    /// A row is added below: it takes from the other rows.
    Row,
}

/// What is smaller is noise.
const NOTHING: f64 = 1e-13;

/// A sequence of elementary transformations whose product is the inverse of the basis.
#[derive(Debug, Clone, Default)]
pub(super) struct Inverse {
    etas: Vec<Eta>,
    index: Vec<u32>,
    value: Vec<f64>,
    updates: usize,
}

impl Inverse {
    /// Transformations added since the last inversion.
    pub(super) fn updates(&self) -> usize {
        self.updates
    }

    /// Solves B x = a, in place.
    pub(super) fn ftran(&self, x: &mut [f64]) {
        for eta in &self.etas {
            let row = eta.row as usize;
            match eta.kind {
                Kind::Column(pivot) if x[row] != 0.0 => {
                    let t = x[row];
                    x[row] = t * pivot;
                    for (index, value) in self.entries(eta) {
                        x[index] += t * value;
                    }
                }
                Kind::Column(_) => {}
                Kind::Row => x[row] += self.entries(eta).map(|(index, value)| x[index] * value).sum::<f64>(),
            }
        }
    }

    /// Solves y B = c, in place.
    pub(super) fn btran(&self, y: &mut [f64]) {
        for eta in self.etas.iter().rev() {
            let row = eta.row as usize;
            match eta.kind {
                Kind::Column(pivot) => {
                    let sum: f64 = self.entries(eta).map(|(index, value)| y[index] * value).sum();
                    y[row] = y[row] * pivot + sum;
                }
                Kind::Row if y[row] != 0.0 => {
                    let t = y[row];
                    for (index, value) in self.entries(eta) {
                        y[index] += t * value;
                    }
                }
                Kind::Row => {}
            }
        }
    }

    fn entries(&self, eta: &Eta) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = eta.from as usize..eta.to as usize;
        let index = self.index[range.clone()].iter().map(|&index| index as usize);
        index.zip(self.value[range].iter().copied())
    }

    /// Adds a row below in which a column of its own is basic; `entries` are the basic columns that it has, by their
    /// row.
    pub(super) fn add_row(&mut self, row: usize, entries: impl Iterator<Item = (u32, f64)>) {
        let from = self.index.len() as u32;
        for (at, value) in entries {
            self.index.push(at);
            self.value.push(-value);
        }
        self.etas.push(Eta { row: row as u32, kind: Kind::Row, from, to: self.index.len() as u32 });
    }

    /// Replaces the basic column of `row` by the one whose transformed entries are `alpha`.
    pub(super) fn update(&mut self, row: usize, alpha: &[f64]) {
        self.push(row, alpha);
        self.updates += 1;
    }

    fn push(&mut self, row: usize, alpha: &[f64]) {
        let entries = alpha.iter().enumerate().map(|(at, &value)| (at as u32, value));
        self.push_column(row, alpha[row], entries.filter(|(_, value)| value.abs() > NOTHING));
    }

    /// A column comes into the basis in a row, where it has `own`; what `entries` have in that row is passed over.
    fn push_column(&mut self, row: usize, own: f64, entries: impl Iterator<Item = (u32, f64)>) {
        let pivot = 1.0 / own;
        let from = self.index.len() as u32;
        for (at, value) in entries.filter(|(at, _)| *at as usize != row) {
            self.index.push(at);
            self.value.push(-value * pivot);
        }
        self.etas.push(Eta { row: row as u32, kind: Kind::Column(pivot), from, to: self.index.len() as u32 });
    }

    /// Inverts the basis made of these columns and says which column is basic in which row. Columns that depend on
    /// others are left out; a row for which there is none is `NOWHERE`, and its own slack can be basic there.
    pub(super) fn invert(&mut self, rows: usize, columns: &[(u32, &[(u32, f64)])]) -> Vec<u32> {
        self.etas.clear();
        self.index.clear();
        self.value.clear();
        self.updates = 0;
        let mut basic = vec![NOWHERE; rows];
        let mut rest: Vec<usize> = Vec::new();
        for (position, (id, entries)) in columns.iter().enumerate() {
            match entries {
                // Nothing to transform: the column is a unit vector.
                [(row, 1.0)] if basic[*row as usize] == NOWHERE => basic[*row as usize] = *id,
                [(_, 1.0)] => {}
                _ => rest.push(position),
            }
        }
        let mut work = Sparse::new(rows);
        // Columns that come later have nothing in the rows of those that are first there, so that nothing is done to
        // them by these.
        let mut telling = 0;
        for (position, place) in order(rows, columns, &rest, &basic) {
            let (id, entries) = columns[position];
            if let Place::First(row) = place {
                let own = entries.iter().find(|entry| entry.0 as usize == row).map_or(1.0, |entry| entry.1);
                self.push_column(row, own, entries.iter().copied());
                basic[row] = id;
                telling = self.etas.len();
                continue;
            }
            for &(row, value) in entries {
                work.add(row, value);
            }
            self.transform(telling, &mut work);
            let open = |row: usize| basic[row] == NOWHERE;
            let row = match place {
                Place::Last(row) if open(row) && work.value[row].abs() > 1e-3 => Some(row),
                _ => work.largest(open),
            };
            if let Some(row) = row.filter(|&row| work.value[row].abs() >= PIVOT_TOLERANCE) {
                let entries = work.touched.iter().map(|&at| (at, work.value[at as usize]));
                self.push_column(row, work.value[row], entries.filter(|(_, value)| value.abs() > NOTHING));
                basic[row] = id;
            }
            work.clear();
        }
        basic
    }

    /// What `ftran` does, from a transformation of a column on.
    fn transform(&self, from: usize, x: &mut Sparse) {
        for eta in &self.etas[from..] {
            let row = eta.row as usize;
            let Kind::Column(pivot) = eta.kind else { continue };
            if x.value[row] != 0.0 {
                let t = x.value[row];
                x.value[row] = t * pivot;
                for (index, value) in self.entries(eta) {
                    x.add(index as u32, t * value);
                }
            }
        }
    }
}

/// A vector of which few numbers are not zero.
struct Sparse {
    value: Vec<f64>,
    /// Where there may be something, each place once.
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Sparse {
    fn new(length: usize) -> Self {
        Self { value: vec![0.0; length], touched: Vec::new(), is_touched: vec![false; length] }
    }

    fn add(&mut self, at: u32, value: f64) {
        if !std::mem::replace(&mut self.is_touched[at as usize], true) {
            self.touched.push(at);
        }
        self.value[at as usize] += value;
    }

    /// Where the largest of those looked at is; the first of equals.
    fn largest(&self, looked_at: impl Fn(usize) -> bool) -> Option<usize> {
        let size = |at: usize| self.value[at].abs();
        let some = self.touched.iter().map(|&at| at as usize).filter(|&at| looked_at(at));
        some.max_by(|&a, &b| size(a).total_cmp(&size(b)).then(b.cmp(&a)))
    }

    fn clear(&mut self) {
        for at in self.touched.drain(..) {
            self.value[at as usize] = 0.0;
            self.is_touched[at as usize] = false;
        }
    }
}

/// Where a column goes in the inversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It alone has this row, of the columns that follow.
    First(usize),
    /// In the bump.
    Between,
    /// This is its only row left.
    Last(usize),
}

/// The order of inversion: columns with a row of their own, the bump, then columns with a single open row, the
/// last found first.
fn order(
    rows: usize,
    columns: &[(u32, &[(u32, f64)])],
    rest: &[usize],
    basic: &[u32],
) -> Vec<(usize, Place)> {
    let mut in_row: Vec<Vec<usize>> = vec![Vec::new(); rows];
    let mut open_rows: Vec<usize> = vec![0; rest.len()];
    for (at, &position) in rest.iter().enumerate() {
        for &(row, _) in columns[position].1 {
            if basic[row as usize] == NOWHERE {
                in_row[row as usize].push(at);
                open_rows[at] += 1;
            }
        }
    }
    let mut left: Vec<usize> = in_row.iter().map(Vec::len).collect();
    let mut placed = vec![false; rest.len()];
    let mut closed = vec![false; rows];
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut row_queue: Vec<usize> = (0..rows).filter(|&row| left[row] == 1).collect();
    let mut column_queue: Vec<usize> = (0..rest.len()).filter(|&at| open_rows[at] == 1).collect();
    loop {
        if let Some(row) = row_queue.pop() {
            if closed[row] || left[row] != 1 {
                continue;
            }
            let Some(&at) = in_row[row].iter().find(|&&at| !placed[at]) else { continue };
            placed[at] = true;
            closed[row] = true;
            first.push((rest[at], Place::First(row)));
            for &(other, _) in columns[rest[at]].1 {
                let other = other as usize;
                if basic[other] == NOWHERE && !closed[other] {
                    left[other] -= 1;
                    if left[other] == 1 {
                        row_queue.push(other);
                    }
                }
            }
        } else if let Some(at) = column_queue.pop() {
            if placed[at] || open_rows[at] != 1 {
                continue;
            }
            let open = |row: usize| basic[row] == NOWHERE && !closed[row];
            let Some(row) = columns[rest[at]].1.iter().map(|&(row, _)| row as usize).find(|&row| open(row))
            else {
                continue;
            };
            placed[at] = true;
            closed[row] = true;
            last.push((rest[at], Place::Last(row)));
            for &other in &in_row[row] {
                if !placed[other] {
                    open_rows[other] -= 1;
                    if open_rows[other] == 1 {
                        column_queue.push(other);
                    }
                }
            }
        } else {
            break;
        }
    }
    let mut bump: Vec<usize> = (0..rest.len()).filter(|&at| !placed[at]).collect();
    bump.sort_by_key(|&at| (open_rows[at], at));
    first.extend(bump.into_iter().map(|at| (rest[at], Place::Between)));
    first.extend(last.into_iter().rev());
    first
}
