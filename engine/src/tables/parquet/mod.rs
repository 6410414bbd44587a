//! Tables as Parquet: every value becomes the text that a CSV cell would have, and from there on all is one road.
//!
//! The file is held as it is, compressed; row groups are read side by side, a few thousand rows at a time. Lines are
//! those that the same rows would have as CSV: the first row is line 2.

mod column;
mod kinds;
mod write;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};

use self::column::{BATCH, ColumnCells, open};
use self::kinds::accepted;
use super::digest::hexadecimal;
use super::header::{Header, Keep};
use super::log::Log;
use super::scan::{Fault as ScanFault, Record};
use super::schema::Table;
use super::shape;
use super::sheet::{Fault, Progress, Row, Sheet};
use super::typed::{Shape, shapes, unless};
use crate::issue::{Code, Issue};
use crate::model::InputFile;

pub use write::ParquetTable;

/// A Parquet file to be read.
pub struct ParquetFile<'a> {
    /// Its table.
    pub table: &'static Table,
    /// What issues call it.
    pub name: &'a str,
    /// Its bytes.
    pub input: Box<dyn Read + Send + 'a>,
}

/// A column of the file that is read, or one that is not.
type Wanted = Option<Shape>;

/// Rows of one row group.
struct Group {
    index: usize,
    /// Rows before it.
    before: u64,
}

/// Whatever a damaged file makes the decoder do is a problem of that file.
fn decoding<T>(name: &str, work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Fault> {
    let broken = |reason: &str| {
        let issue = Issue::new(Code::ParquetUnreadable, name, "a Parquet file that can be read to its end");
        Box::new(issue.value(reason))
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(broken(&error.to_string())),
        Err(_) => Err(broken("data that cannot be decoded")),
    }
}

impl ParquetFile<'_> {
    /// Reads the table, each row by `each`. `None` where the file cannot be used; the log then says why.
    ///
    /// # Errors
    /// The one problem after which nothing of the file can be told.
    pub fn read<T: Send>(
        self,
        keep: Keep<'_>,
        log: &mut Log,
        progress: Progress<'_>,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> Result<Option<(InputFile, Header, Vec<T>)>, Fault> {
        let Self { table, name, mut input } = self;
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(|error| Box::new(shape::unreadable(name, &error)))?;
        if !bytes.starts_with(b"PAR1") {
            let issue = Issue::new(Code::ParquetUnreadable, name, "a Parquet file");
            return Err(Box::new(issue.value("bytes that are none: they do not begin with PAR1")));
        }
        let bytes = Bytes::from(bytes);
        let reader = decoding(name, || SerializedFileReader::new(bytes.clone()))?;
        let metadata = reader.metadata();
        let fields = metadata.file_metadata().schema_descr().root_schema().get_fields();

        let mut names = Record::default();
        names.begin(1);
        for field in fields {
            names.push(field.name().as_bytes());
            names.end_cell();
        }
        let Some(header) = Header::read(table, name, &names, keep, log) else { return Ok(None) };
        let types = fields.iter().enumerate().map(|(at, field)| {
            let empty = move || is_empty(metadata, at);
            (field.name(), move |kind| accepted(field, kind).or_else(unless(empty)))
        });
        let Some(wanted) = shapes(table, name, &header, types, log) else { return Ok(None) };

        let mut before = 0;
        let mut groups = Vec::with_capacity(metadata.num_row_groups());
        for (index, group) in metadata.row_groups().iter().enumerate() {
            groups.push(Group { index, before });
            before += u64::try_from(group.num_rows()).unwrap_or_default();
        }
        let mut groups = groups.into_iter();
        let sheet = Sheet { table, name, header: &header, progress };
        let each = &each;
        let (read, sha256) = rayon::join(
            || {
                let next = || Ok(groups.next());
                let records =
                    |group, each: &mut dyn FnMut(&Record)| records(name, &reader, &wanted, &group, each);
                sheet.read(log, next, records, each)
            },
            || hexadecimal(&<sha2::Sha256 as sha2::Digest>::digest(&bytes)),
        );
        let (rows, count) = read?;
        Ok(Some((InputFile { name: name.to_owned(), sha256, rows: count }, header, rows)))
    }
}

/// Whether there are rows and none has a value in this flat column, as far as the file says so.
fn is_empty(metadata: &ParquetMetaData, root: usize) -> bool {
    let schema = metadata.file_metadata().schema_descr();
    let leaf = (0..schema.num_columns()).find(|&leaf| schema.get_column_root_idx(leaf) == root);
    let Some(leaf) = leaf.filter(|&leaf| schema.column(leaf).path().parts().len() == 1) else { return false };
    let nulls = |group: &RowGroupMetaData| group.column(leaf).statistics()?.null_count_opt();
    let mut groups = metadata.row_groups().iter().filter(|group| group.num_rows() > 0).peekable();
    groups.peek().is_some() && groups.all(|group| nulls(group) == u64::try_from(group.num_rows()).ok())
}

/// Hands on the rows of a row group as records.
fn records(
    name: &str,
    reader: &SerializedFileReader<Bytes>,
    wanted: &[Wanted],
    group: &Group,
    each: &mut dyn FnMut(&Record),
) -> Result<(), Fault> {
    let rows = reader.metadata().row_group(group.index).num_rows();
    let mut rows = usize::try_from(rows).unwrap_or_default();
    let mut columns = decoding(name, || open_columns(reader, wanted, group.index))?;
    let mut record = Record::default();
    let mut line = group.before + 2;
    while rows > 0 {
        let many = rows.min(BATCH);
        decoding(name, || columns.iter_mut().flatten().try_for_each(|column| column.fill(many)))?;
        for _ in 0..many {
            record.begin(line);
            for column in &mut columns {
                if let Some(column) = column {
                    column.put(&mut record);
                }
                record.end_cell();
            }
            if record.is_too_long() {
                return Err(Box::new(shape::fault(name, &ScanFault::TooLong(line), &record)));
            }
            each(&record);
            line += 1;
        }
        rows -= many;
    }
    Ok(())
}

/// The columns of a row group that are read, by their position in the file.
fn open_columns(
    reader: &SerializedFileReader<Bytes>,
    wanted: &[Wanted],
    group: usize,
) -> Result<Vec<Option<Box<dyn ColumnCells>>>, ParquetError> {
    let group = reader.get_row_group(group)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let mut columns: Vec<Option<Box<dyn ColumnCells>>> = wanted.iter().map(|_| None).collect();
    for leaf in 0..schema.num_columns() {
        let root = schema.get_column_root_idx(leaf);
        if let Some(shape) = &wanted[root] {
            columns[root] = Some(open(group.get_column_reader(leaf)?, schema.column(leaf).as_ref(), *shape)?);
        }
    }
    Ok(columns)
}

#[cfg(test)]
mod tests;
