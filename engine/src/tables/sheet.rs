//! The rows of a table, read side by side and told in the order of the file.
//!
//! Where the records come from is not known here: they come in parts, and each part can be read without the
//! others. What the parts give is joined in their order up to the first fault, so the result is that of reading
//! row by row, at any number of threads. A few parts are held at a time.

use std::borrow::Cow;

use rayon::prelude::*;

use super::header::Header;
use super::log::Log;
use super::scan::Record;
use super::schema::Table;
use super::shape::{self, Seen};
use super::text::{decode, plain, unguard};
use crate::issue::Issue;

/// One row of a table file.
pub struct Row<'a> {
    /// Its table.
    pub table: &'static Table,
    /// The file it is read from, as issues call it.
    pub file: &'a str,
    /// The problem of the row as a whole, if there is one: cells may not stand where they belong.
    pub fault: Option<Issue>,
    header: &'a Header,
    record: &'a Record,
}

impl Row<'_> {
    /// Line of the file, header = 1.
    pub fn line(&self) -> u64 {
        self.record.line
    }

    /// The cell of a column of the schema as it stands in the file; empty where the file lacks the column.
    pub fn raw(&self, column: usize) -> &[u8] {
        self.header.positions[column].and_then(|at| self.record.cell(at)).unwrap_or_default()
    }

    /// The trimmed text of a column of the schema, readable or not.
    pub fn trimmed(&self, column: usize) -> Cow<'_, str> {
        if let Some(text) = plain(self.raw(column)) {
            return Cow::Borrowed(text);
        }
        match decode(self.raw(column)) {
            Cow::Borrowed(text) => Cow::Borrowed(unguard(text.trim()).trim()),
            Cow::Owned(text) => Cow::Owned(unguard(text.trim()).trim().to_owned()),
        }
    }

    /// Bytes of all its cells.
    pub fn length(&self) -> usize {
        self.record.length()
    }

    /// The cells to keep, as they were meant, spaces and all.
    pub fn kept(&self) -> impl Iterator<Item = String> {
        let cell = |at: usize| decode(self.record.cell(at).unwrap_or_default());
        self.header.kept.iter().map(move |&at| unguard(&cell(at)).to_owned())
    }
}

/// How far reading is: the file, and its rows so far.
pub type Progress<'a> = &'a (dyn Fn(&str, usize) + Sync);

/// A table whose header is known.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// The table.
    pub table: &'static Table,
    /// The file, as issues call it.
    pub name: &'a str,
    /// Where its columns are.
    pub header: &'a Header,
    /// Who wants to know how far reading is.
    pub progress: Progress<'a>,
}

/// The one problem after which nothing of a file can be told.
pub type Fault = Box<Issue>;

/// What a part of a table gives.
struct Part<T> {
    rows: Vec<T>,
    log: Log,
    seen: Seen,
    end: Result<(), Fault>,
}

impl Sheet<'_> {
    /// Reads the records of all parts as rows; what is wrong with them goes to the log.
    ///
    /// # Errors
    /// The first fault in the order of the file. The log then holds what was found before it.
    pub fn read<P: Send, T: Send>(
        &self,
        log: &mut Log,
        mut next: impl FnMut() -> Result<Option<P>, Fault> + Send,
        records: impl Fn(P, &mut dyn FnMut(&Record)) -> Result<(), Fault> + Sync,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> Result<(Vec<T>, usize), Fault> {
        let many = 2 * rayon::current_num_threads();
        // The parts after those being read are fetched meanwhile.
        let mut fetch = || -> (Vec<P>, Result<(), Fault>) {
            let mut parts = Vec::with_capacity(many);
            while parts.len() < many {
                match next() {
                    Ok(Some(part)) => parts.push(part),
                    Ok(None) => break,
                    Err(fault) => return (parts, Err(fault)),
                }
            }
            (parts, Ok(()))
        };
        let mut rows = Vec::new();
        let mut seen = Seen::default();
        let (mut parts, mut end) = fetch();
        while !parts.is_empty() {
            let read = |part| self.part(part, &records, &each);
            let (done, fetched) = rayon::join(
                || parts.into_par_iter().map(read).collect::<Vec<Part<T>>>(),
                || if end.is_ok() { fetch() } else { (Vec::new(), Ok(())) },
            );
            for mut part in done {
                log.problems.append(&mut part.log.problems);
                log.warnings.append(&mut part.log.warnings);
                part.end?;
                rows.append(&mut part.rows);
                seen.append(&part.seen);
            }
            end?;
            (self.progress)(self.name, seen.rows);
            (parts, end) = fetched;
        }
        end?;
        log.warnings.extend(seen.warnings(self.name));
        Ok((rows, seen.rows))
    }

    fn part<P, T>(
        &self,
        part: P,
        records: &(impl Fn(P, &mut dyn FnMut(&Record)) -> Result<(), Fault> + Sync),
        each: &(impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync),
    ) -> Part<T> {
        let (mut rows, mut log, mut seen) = (Vec::new(), Log::default(), Seen::default());
        let end = records(part, &mut |record| {
            if let Some(row) = self.row(record, &mut seen, &mut log) {
                rows.extend(each(&row, &mut log));
            }
        });
        Part { rows, log, seen, end }
    }

    /// A record as a row, unless it is empty or broken.
    fn row<'r>(&'r self, record: &'r Record, seen: &mut Seen, log: &mut Log) -> Option<Row<'r>> {
        let Self { table, name, header, .. } = *self;
        if record.is_blank() {
            seen.blank += 1;
            seen.first_blank.get_or_insert(record.line);
            return None;
        }
        seen.rows += 1;
        if !record.is_ascii() && record.cells().any(|cell| std::str::from_utf8(cell).is_err()) {
            seen.first_legacy.get_or_insert(record.line);
        }
        if let Some(issue) = shape::broken(table, name, record, header) {
            log.problems.push(issue);
            return None;
        }
        let fault = shape::fault_of_row(table, name, record, header);
        Some(Row { table, file: name, fault, header, record })
    }
}
