//! A table as text cells, each row with the resource that it comes from.

use std::collections::BTreeMap;

use compact_str::CompactString;

use super::super::header::{Header, Keep};
use super::super::log::Log;
use super::super::scan::{Fault as ScanFault, Record};
use super::super::schema::Table;
use super::super::shape;
use super::super::sheet::{Fault, Progress, Row, Sheet};
use super::file::Place;
use crate::issue::{Code, Issue};

/// Rows that are read at a time.
const MANY: usize = 16 * 1024;

/// A table as text.
pub struct Rows {
    /// The table.
    pub table: &'static Table,
    columns: &'static [&'static str],
    cells: Vec<CompactString>,
    places: Vec<Place>,
    /// Where a cell comes from, if not from the resource of its row.
    elsewhere: BTreeMap<(usize, &'static str), Place>,
}

impl Rows {
    /// A table of these columns, without rows.
    pub fn new(table: &'static Table, columns: &'static [&'static str]) -> Self {
        Self { table, columns, cells: Vec::new(), places: Vec::new(), elsewhere: BTreeMap::new() }
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, place: &Place, cells: [CompactString; N]) {
        debug_assert_eq!(self.columns.len(), N);
        self.cells.extend(cells);
        self.places.push(place.clone());
    }

    /// Says where a cell of the last row comes from.
    pub fn from(&mut self, column: &'static str, place: &Place) {
        self.elsewhere.insert((self.places.len() - 1, column), place.clone());
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> &[CompactString] {
        &self.cells[row * self.columns.len()..][..self.columns.len()]
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Where the cell on a line comes from; the first row is line 2.
    pub fn place(&self, line: u64, column: Option<&str>) -> Option<&Place> {
        let row = usize::try_from(line.checked_sub(2)?).ok()?;
        let elsewhere = self.elsewhere.iter().find(|((at, name), _)| *at == row && Some(*name) == column);
        elsewhere.map(|(_, place)| place).or_else(|| self.places.get(row))
    }

    /// Reads the table, each row by `each`.
    ///
    /// # Errors
    /// The one problem after which nothing of it can be told.
    pub fn read<T: Send>(
        &self,
        keep: Keep<'_>,
        log: &mut Log,
        progress: Progress<'_>,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> Result<Option<(Vec<T>, Header)>, Fault> {
        let name = self.table.file;
        let mut names = Record::default();
        fill(&mut names, 1, self.columns);
        let Some(header) = Header::read(self.table, name, &names, keep, log) else { return Ok(None) };
        let mut parts = (0..self.len()).step_by(MANY);
        let sheet = Sheet { table: self.table, name, header: &header, progress };
        let records = |first, each: &mut dyn FnMut(&Record)| self.records(first, each);
        let (rows, _) = sheet.read(log, || Ok(parts.next()), records, each)?;
        Ok(Some((rows, header)))
    }

    fn records(&self, first: usize, each: &mut dyn FnMut(&Record)) -> Result<(), Fault> {
        let mut record = Record::default();
        for row in first..self.len().min(first + MANY) {
            fill(&mut record, row as u64 + 2, self.row(row));
            if record.is_too_long() {
                return Err(Box::new(shape::fault(
                    self.table.file,
                    &ScanFault::TooLong(record.line),
                    &record,
                )));
            }
            each(&record);
        }
        Ok(())
    }
}

fn fill(record: &mut Record, line: u64, cells: &[impl AsRef<str>]) {
    record.begin(line);
    for cell in cells {
        record.push(cell.as_ref().as_bytes());
        record.end_cell();
    }
}

/// A table without rows is told of under the name of the whole book.
pub fn no_rows(issue: Issue, name: &str, what: &str) -> Issue {
    debug_assert_eq!(issue.code, Code::NoRows);
    Issue { file: name.to_owned(), line: None, expected: format!("at least one {what}"), ..issue }
        .value("none")
}
