//! Tables as Arrow record batches: data frames, whatever program holds them.
//!
//! Every value becomes the text that a CSV cell would have, and from there on all is one road: the same rules, the
//! same problems, the same plan. A frame is told of under the name of the CSV file that it stands for, and its first
//! row is line 2.

mod column;
mod kinds;
mod write;

use std::collections::BTreeMap;
use std::io::{self, Write};

use arrow_array::{Array, RecordBatch};
use arrow_schema::{ArrowError, SchemaRef};
use sha2::{Digest, Sha256};

use self::column::{Column, open};
use self::kinds::accepted;
use super::digest::hexadecimal;
use super::header::{Header, Keep};
use super::log::Log;
use super::scan::{Fault as ScanFault, Record};
use super::schema::{CASE, Table};
use super::shape;
use super::sheet::{Fault, Progress, Row, Sheet};
use super::typed::{Shape, shapes, unless};
use crate::error::{Error, Result};
use crate::issue::{Code, Issue};
use crate::model::InputFile;

pub use write::{call_batch, case_batch, diff_batch, plan_batches};

/// Rows that are read at a time.
const MANY: usize = 16 * 1024;

/// A table as record batches of one schema.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Of every batch.
    pub schema: SchemaRef,
    /// The rows, in order.
    pub batches: Vec<RecordBatch>,
}

/// The tables of a case as frames.
#[derive(Debug, Clone, Default)]
pub struct Frames {
    tables: BTreeMap<&'static str, Frame>,
    /// The text of its policy; the built-in one without it.
    pub policy: Option<String>,
}

impl Frames {
    /// Adds a table by its name, such as `requests`.
    ///
    /// # Errors
    /// [`Error::Argument`] where no table of a case is called so.
    pub fn insert(&mut self, name: &str, frame: Frame) -> Result<()> {
        let table = named(name)?;
        self.tables.insert(table.file, frame);
        Ok(())
    }

    /// The frame of a table.
    pub(super) fn get(&self, table: &Table) -> Option<&Frame> {
        self.tables.get(table.file)
    }
}

/// The table of a case that is called so.
fn named(name: &str) -> Result<&'static Table> {
    CASE.into_iter().find(|table| table.name() == name).ok_or_else(|| {
        let names = CASE.map(Table::name).join(", ");
        Error::Argument(format!("no table {name:?}; the tables of a case are {names}"))
    })
}

/// A frame to be read.
pub struct FrameTable<'a> {
    /// Its table.
    pub table: &'static Table,
    /// Its rows.
    pub frame: &'a Frame,
}

/// Rows of a batch, and the line of the first.
struct Part {
    rows: RecordBatch,
    line: u64,
}

impl FrameTable<'_> {
    /// Reads the table, each row by `each`. `None` where the frame cannot be used; the log then says why.
    ///
    /// # Errors
    /// The one problem after which nothing of the frame can be told.
    pub fn read<T: Send>(
        self,
        keep: Keep<'_>,
        log: &mut Log,
        progress: Progress<'_>,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> std::result::Result<Option<(InputFile, Header, Vec<T>)>, Fault> {
        let Self { table, frame } = self;
        let name = table.file;
        let fields = frame.schema.fields();
        let mut names = Record::default();
        names.begin(1);
        for field in fields {
            names.push(field.name().as_bytes());
            names.end_cell();
        }
        let Some(header) = Header::read(table, name, &names, keep, log) else { return Ok(None) };
        let types = fields.iter().enumerate().map(|(at, field)| {
            let empty = move || is_empty(frame, at);
            (field.name().as_str(), move |kind| accepted(field.data_type(), kind).or_else(unless(empty)))
        });
        let Some(shapes) = shapes(table, name, &header, types, log) else { return Ok(None) };

        let sheet = Sheet { table, name, header: &header, progress };
        let mut parts = parts(frame);
        let each = &each;
        let (read, sha256) = rayon::join(
            || {
                let records = |part: Part, each: &mut dyn FnMut(&Record)| records(name, &shapes, &part, each);
                sheet.read(log, || Ok(parts.next()), records, each)
            },
            || digest(name, &names, &shapes, frame),
        );
        let (rows, count) = read?;
        Ok(Some((InputFile { name: name.to_owned(), sha256: sha256?, rows: count }, header, rows)))
    }
}

/// Whether there are rows and none has a value in this column.
fn is_empty(frame: &Frame, column: usize) -> bool {
    let rows = frame.batches.iter().filter(|batch| batch.num_rows() > 0).map(|batch| batch.column(column));
    let mut rows = rows.peekable();
    rows.peek().is_some() && rows.all(|array| array.logical_null_count() == array.len())
}

/// The rows some thousand at a time.
fn parts(frame: &Frame) -> impl Iterator<Item = Part> + '_ {
    let mut before = 0;
    frame.batches.iter().flat_map(move |batch| {
        let first = before;
        before += batch.num_rows();
        (0..batch.num_rows()).step_by(MANY).map(move |at| Part {
            rows: batch.slice(at, MANY.min(batch.num_rows() - at)),
            line: (first + at) as u64 + 2,
        })
    })
}

/// Hands on the rows of a part as records.
fn records(
    name: &str,
    shapes: &[Option<Shape>],
    part: &Part,
    each: &mut dyn FnMut(&Record),
) -> std::result::Result<(), Fault> {
    let columns = columns(name, shapes, &part.rows)?;
    let mut record = Record::default();
    for row in 0..part.rows.num_rows() {
        record.begin(part.line + row as u64);
        for column in &columns {
            if let Some(column) = column {
                column.put(row, &mut record);
            }
            record.end_cell();
        }
        if record.is_too_long() {
            return Err(Box::new(shape::fault(name, &ScanFault::TooLong(record.line), &record)));
        }
        each(&record);
    }
    Ok(())
}

fn columns(
    name: &str,
    shapes: &[Option<Shape>],
    rows: &RecordBatch,
) -> std::result::Result<Vec<Option<Column>>, Fault> {
    let opened = shapes.iter().zip(rows.columns()).map(|(shape, array)| {
        let opened = shape.map(|shape| open(array, shape));
        opened.transpose()
    });
    opened.collect::<std::result::Result<_, ArrowError>>().map_err(|error| {
        let issue = Issue::new(Code::ColumnType, name, "values that can be read as what their column says");
        Box::new(issue.value(&error.to_string()))
    })
}

/// The digest of the table as CSV, of the columns that are read: it says what was read, whatever held it.
fn digest(
    name: &str,
    names: &Record,
    shapes: &[Option<Shape>],
    frame: &Frame,
) -> std::result::Result<String, Fault> {
    let mut csv = csv::Writer::from_writer(Digesting(Sha256::new()));
    let failed = |error: &dyn std::fmt::Display| {
        Box::new(Issue::new(Code::NotReadable, name, "rows").value(&error.to_string()))
    };
    let wanted = |record: &Record, csv: &mut csv::Writer<Digesting>| {
        let cells = record.cells().zip(shapes).filter(|(_, shape)| shape.is_some()).map(|(cell, _)| cell);
        csv.write_record(cells)
    };
    wanted(names, &mut csv).map_err(|error| failed(&error))?;
    for part in parts(frame) {
        let mut written = Ok(());
        records(name, shapes, &part, &mut |record| {
            if written.is_ok() {
                written = wanted(record, &mut csv);
            }
        })?;
        written.map_err(|error| failed(&error))?;
    }
    let digest = csv.into_inner().map_err(|error| failed(&error))?;
    Ok(hexadecimal(&digest.0.finalize()))
}

/// What is written goes into a digest.
struct Digesting(Sha256);

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
