//! The values of a column as the text of cells, some thousand rows at a time.

use std::fmt::Display;
use std::io::Write as _;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescriptor;

use super::super::scan::Record;
use super::kinds::Shape;

/// Rows that are decoded at a time.
pub const BATCH: usize = 4096;

/// A column on its way into records.
pub trait ColumnCells {
    /// Decodes so many further rows.
    ///
    /// # Errors
    /// What the decoder says, or that there are fewer.
    fn fill(&mut self, rows: usize) -> Result<()>;

    /// Adds the cell of the next row to a record, not ended yet.
    fn put(&mut self, record: &mut Record);
}

/// Writes a value into the cell of a record.
type Write<V> = Box<dyn Fn(&V, &mut Record)>;

/// A column of one physical type.
struct Typed<T: DataType> {
    reader: ColumnReaderImpl<T>,
    /// The level at which a value is there.
    full: i16,
    /// Whether a cell may hold several.
    list: bool,
    values: Vec<T::T>,
    levels: Vec<i16>,
    repeats: Vec<i16>,
    /// Of the next cell.
    level: usize,
    /// Of the next cell that is not empty.
    value: usize,
    write: Write<T::T>,
}

impl<T: DataType> Typed<T> {
    fn boxed(
        reader: ColumnReaderImpl<T>,
        column: &ColumnDescriptor,
        write: impl Fn(&T::T, &mut Record) + 'static,
    ) -> Box<dyn ColumnCells>
    where
        T: 'static,
    {
        Box::new(Self {
            reader,
            full: column.max_def_level(),
            list: column.max_rep_level() > 0,
            values: Vec::new(),
            levels: Vec::new(),
            repeats: Vec::new(),
            level: 0,
            value: 0,
            write: Box::new(write),
        })
    }

    /// Adds the value at the next level, if one is there.
    fn step(&mut self, record: &mut Record) {
        let there = self.full == 0 || self.levels.get(self.level) == Some(&self.full);
        self.level += 1;
        if let (true, Some(value)) = (there, self.values.get(self.value)) {
            (self.write)(value, record);
            self.value += 1;
        }
    }
}

impl<T: DataType> ColumnCells for Typed<T> {
    fn fill(&mut self, rows: usize) -> Result<()> {
        self.values.clear();
        self.levels.clear();
        self.repeats.clear();
        (self.level, self.value) = (0, 0);
        let (levels, repeats) = (Some(&mut self.levels), Some(&mut self.repeats));
        let (read, _, _) = self.reader.read_records(rows, levels, repeats, &mut self.values)?;
        if read < rows {
            return Err(ParquetError::General("a column with fewer rows than its row group".to_owned()));
        }
        Ok(())
    }

    fn put(&mut self, record: &mut Record) {
        self.step(record);
        while self.list && self.repeats.get(self.level).is_some_and(|repeat| *repeat > 0) {
            record.push(b";");
            self.step(record);
        }
    }
}

/// A column ready to be read in this way.
///
/// # Errors
/// A shape that the physical type does not have.
pub fn open(reader: ColumnReader, column: &ColumnDescriptor, shape: Shape) -> Result<Box<dyn ColumnCells>> {
    Ok(match (reader, shape) {
        (ColumnReader::ByteArrayColumnReader(reader), Shape::Text | Shape::List) => {
            Typed::boxed(reader, column, |value, record| record.push(value.data()))
        }
        (ColumnReader::ByteArrayColumnReader(reader), Shape::Decimal(scale)) => {
            Typed::boxed(reader, column, move |value, record| big_decimal(value.data(), scale, record))
        }
        (ColumnReader::FixedLenByteArrayColumnReader(reader), Shape::Decimal(scale)) => {
            Typed::boxed(reader, column, move |value, record| big_decimal(value.data(), scale, record))
        }
        (ColumnReader::BoolColumnReader(reader), Shape::Boolean) => Typed::boxed(reader, column, shown),
        (ColumnReader::FloatColumnReader(reader), Shape::Float) => Typed::boxed(reader, column, shown),
        (ColumnReader::DoubleColumnReader(reader), Shape::Float) => Typed::boxed(reader, column, shown),
        (ColumnReader::Int32ColumnReader(reader), shape) => {
            let whole = whole(shape)?;
            Typed::boxed(reader, column, move |value, record| match shape {
                Shape::Unsigned => shown(&value.cast_unsigned(), record),
                _ => whole(&i64::from(*value), record),
            })
        }
        (ColumnReader::Int64ColumnReader(reader), shape) => {
            let whole = whole(shape)?;
            Typed::boxed(reader, column, move |value, record| match shape {
                Shape::Unsigned => shown(&value.cast_unsigned(), record),
                _ => whole(value, record),
            })
        }
        (ColumnReader::BoolColumnReader(reader), Shape::Null) => Typed::boxed(reader, column, |_, _| {}),
        (ColumnReader::ByteArrayColumnReader(reader), Shape::Null) => Typed::boxed(reader, column, |_, _| {}),
        _ => return Err(ParquetError::General("a column whose type and meaning do not fit".to_owned())),
    })
}

/// How a whole number is written.
fn whole(shape: Shape) -> Result<Write<i64>> {
    Ok(match shape {
        Shape::Whole | Shape::Unsigned => Box::new(shown),
        Shape::Null => Box::new(|_, _| {}),
        Shape::Date => Box::new(|days, record| date(*days, record)),
        Shape::Moment(unit) => Box::new(move |value, record| moment(*value, unit, false, record)),
        Shape::Midnight(unit) => Box::new(move |value, record| moment(*value, unit, true, record)),
        Shape::Decimal(scale) => Box::new(move |value, record| decimal(i128::from(*value), scale, record)),
        Shape::Text | Shape::List | Shape::Boolean | Shape::Float => {
            return Err(ParquetError::General("whole numbers that are said to be something else".to_owned()));
        }
    })
}

/// A value as it prints. Floating-point numbers print without an exponent, and whole ones without a point.
fn shown(value: &impl Display, record: &mut Record) {
    // Writing to memory does not fail.
    let _ = write!(record, "{value}");
}

fn day(date: NaiveDate, record: &mut Record) {
    let year = date.year();
    if !(0..=9999).contains(&year) {
        return shown(&date, record);
    }
    let (year, month, day) = (year as u32, date.month(), date.day());
    let digit = |number: u32| b'0' + (number % 10) as u8;
    let (years, months, days) =
        (year / 100, (digit(month / 10), digit(month)), (digit(day / 10), digit(day)));
    let text = [
        digit(years / 10),
        digit(years),
        digit(year / 10),
        digit(year),
        b'-',
        months.0,
        months.1,
        b'-',
        days.0,
        days.1,
    ];
    record.push(&text);
}

/// Days since 1970; as they are where the calendar does not go so far.
fn date(days: i64, record: &mut Record) {
    let epoch = NaiveDate::default();
    match TimeDelta::try_days(days).and_then(|delta| epoch.checked_add_signed(delta)) {
        Some(date) => day(date, record),
        None => shown(&days, record),
    }
}

/// A timestamp; what is beyond whole seconds is shown, so that it is refused like any other such text.
fn moment(value: i64, unit: i64, midnight: bool, record: &mut Record) {
    let (seconds, part) = (value.div_euclid(unit), value.rem_euclid(unit));
    let Some(at) = DateTime::from_timestamp(seconds, 0).map(|at| at.naive_utc()) else {
        return shown(&value, record);
    };
    day(at.date(), record);
    let of_day = at.num_seconds_from_midnight();
    if midnight && of_day == 0 && part == 0 {
        return;
    }
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let digits = |number: u32| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
    record.push(b"T");
    record.push(&digits(hour));
    record.push(b":");
    record.push(&digits(minute));
    if second > 0 || part > 0 {
        record.push(b":");
        record.push(&digits(second));
    }
    if part > 0 {
        let _ = write!(record, ".{part}");
    }
}

/// A decimal number of any length; one beyond 128 bits is not a number of these tables.
fn big_decimal(bytes: &[u8], scale: usize, record: &mut Record) {
    if bytes.is_empty() || bytes.len() > 16 {
        return record.push(b"a number beyond 128 bits");
    }
    let sign = if bytes[0] >= 0x80 { -1 } else { 0 };
    let value = bytes.iter().fold(sign, |value: i128, byte| (value << 8) | i128::from(*byte));
    decimal(value, scale, record);
}

fn decimal(value: i128, scale: usize, record: &mut Record) {
    let unit = 10_u128.pow(scale as u32);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    let _ = match part {
        0 => write!(record, "{sign}{whole}"),
        _ => write!(record, "{sign}{whole}.{part:0scale$}"),
    };
}
