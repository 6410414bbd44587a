//! Writing a table as Parquet.

use std::io::Write;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::Compression;
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::super::schema::{Kind, Table};
use crate::calendar::{parse_date, parse_moment};

/// Rows of a row group: a few megabytes of a column in memory.
const GROUP: usize = 128 * 1024;

/// Values of a column that have not been written yet.
enum Values {
    Text(Vec<ByteArray>),
    Moment(Vec<i64>),
    Date(Vec<i32>),
    Whole(Vec<i32>),
    Boolean(Vec<bool>),
}

/// A column on its way out.
struct Column {
    name: String,
    values: Values,
    /// 1 where there is a value, 0 in an empty cell.
    levels: Vec<i16>,
}

impl Column {
    /// The column as the language of schemas says it.
    fn declared(&self) -> String {
        let (physical, meaning) = match self.values {
            Values::Text(_) => ("binary", " (UTF8)"),
            Values::Moment(_) => ("int64", " (TIMESTAMP(MICROS,false))"),
            Values::Date(_) => ("int32", " (DATE)"),
            Values::Whole(_) => ("int32", ""),
            Values::Boolean(_) => ("boolean", ""),
        };
        format!("optional {physical} {}{meaning};", self.name)
    }

    fn push(&mut self, cell: &str) -> Option<()> {
        self.levels.push(i16::from(!cell.is_empty()));
        if cell.is_empty() {
            return Some(());
        }
        match &mut self.values {
            Values::Text(values) => values.push(cell.into()),
            Values::Moment(values) => {
                values.push(parse_moment(cell).ok()?.and_utc().timestamp_micros());
            }
            Values::Date(values) => {
                let days = (parse_date(cell).ok()? - NaiveDate::default()).num_days();
                values.push(i32::try_from(days).ok()?);
            }
            Values::Whole(values) => values.push(cell.parse().ok()?),
            Values::Boolean(values) => values.push(cell.parse().ok()?),
        }
        Some(())
    }

    fn write(&mut self, writer: &mut ColumnWriter<'_>) -> Result<()> {
        match (&mut self.values, writer) {
            (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                written(writer, values, &self.levels)?;
            }
            (Values::Moment(values), ColumnWriter::Int64ColumnWriter(writer)) => {
                written(writer, values, &self.levels)?;
            }
            (Values::Date(values) | Values::Whole(values), ColumnWriter::Int32ColumnWriter(writer)) => {
                written(writer, values, &self.levels)?;
            }
            (Values::Boolean(values), ColumnWriter::BoolColumnWriter(writer)) => {
                written(writer, values, &self.levels)?;
            }
            _ => return Err(ParquetError::General(format!("the column {} has another type", self.name))),
        }
        self.levels.clear();
        Ok(())
    }
}

/// Writes the values of a column and forgets them.
fn written<T: DataType>(
    writer: &mut ColumnWriterImpl<'_, T>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    writer.write_batch(values, Some(levels), None)?;
    values.clear();
    Ok(())
}

/// A table that is written row by row: dates, times, whole numbers and booleans as what they are, all else as text.
pub struct ParquetTable<W: Write + Send> {
    columns: Vec<Column>,
    rows: usize,
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> ParquetTable<W> {
    /// A table with these columns, every one of them text where that is asked for.
    ///
    /// # Errors
    /// What the output or the names do not allow, in words.
    pub fn new(output: W, table: &Table, names: &[&str], as_text: bool) -> std::result::Result<Self, String> {
        let column = |name: &&str| {
            let kind = table.position(name).map(|at| table.columns[at].kind);
            let values = match kind.filter(|_| !as_text) {
                Some(Kind::Moment) => Values::Moment(Vec::new()),
                Some(Kind::Date) => Values::Date(Vec::new()),
                Some(Kind::Whole(..)) => Values::Whole(Vec::new()),
                Some(Kind::Boolean) => Values::Boolean(Vec::new()),
                _ => Values::Text(Vec::new()),
            };
            Column { name: (*name).to_owned(), values, levels: Vec::new() }
        };
        let columns: Vec<Column> = names.iter().map(column).collect();
        let declared: String = columns.iter().map(Column::declared).collect();
        let open = || {
            let schema = Arc::new(parse_message_type(&format!("message table {{ {declared} }}"))?);
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            SerializedFileWriter::new(output, schema, Arc::new(properties))
        };
        let writer = open().map_err(|error| error.to_string())?;
        Ok(Self { columns, rows: 0, writer })
    }

    /// Adds a row of cells as CSV would have them.
    ///
    /// # Errors
    /// A cell that is not of its column's type; what the output does not allow.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> std::result::Result<(), String> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell).ok_or_else(|| format!("{:?} is not of the type of {}", cell, column.name))?;
        }
        self.rows += 1;
        if self.rows >= GROUP {
            self.flush().map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.rows = 0;
        let mut group = self.writer.next_row_group()?;
        let mut columns = self.columns.iter_mut();
        while let Some(mut writer) = group.next_column()? {
            if let Some(column) = columns.next() {
                column.write(writer.untyped())?;
            }
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes what is left and gives the output back.
    ///
    /// # Errors
    /// What the output does not allow.
    pub fn finish(mut self) -> std::result::Result<W, String> {
        let finished = if self.rows > 0 { self.flush() } else { Ok(()) };
        finished.and_then(|()| self.writer.into_inner()).map_err(|error| error.to_string())
    }
}
