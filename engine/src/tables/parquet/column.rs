//! The values of a column as the text of cells, some thousand rows at a time.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescriptor;

use super::super::scan::Record;
use super::super::typed::{Shape, date, decimal, moment, shown};

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
        (ColumnReader::FloatColumnReader(reader), Shape::Null) => Typed::boxed(reader, column, |_, _| {}),
        (ColumnReader::DoubleColumnReader(reader), Shape::Null) => Typed::boxed(reader, column, |_, _| {}),
        (ColumnReader::Int96ColumnReader(reader), Shape::Null) => Typed::boxed(reader, column, |_, _| {}),
        (ColumnReader::ByteArrayColumnReader(reader), Shape::Null) => Typed::boxed(reader, column, |_, _| {}),
        (ColumnReader::FixedLenByteArrayColumnReader(reader), Shape::Null) => {
            Typed::boxed(reader, column, |_, _| {})
        }
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

/// A decimal number of any length; one beyond 128 bits is not a number of these tables.
fn big_decimal(bytes: &[u8], scale: usize, record: &mut Record) {
    if bytes.is_empty() || bytes.len() > 16 {
        return record.push(b"a number beyond 128 bits");
    }
    let sign = if bytes[0] >= 0x80 { -1 } else { 0 };
    let value = bytes.iter().fold(sign, |value: i128, byte| (value << 8) | i128::from(*byte));
    decimal(value, scale, record);
}
