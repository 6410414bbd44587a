//! The values of a column as the text of cells.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, LargeListArray, PrimitiveArray, StringViewArray};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field};

use super::super::scan::Record;
use super::super::typed::{Shape, date, decimal, moment, shown};

/// Adds the cell of a row to a record.
type Write = Box<dyn Fn(usize, &mut Record)>;

/// A column on its way into records.
pub enum Column {
    Text(StringViewArray),
    /// Lists and the texts in all of them.
    List(LargeListArray, StringViewArray),
    /// Anything else, written by its kind.
    Other(Write),
}

impl Column {
    /// Adds the cell of a row to a record, not ended yet; nothing for a null.
    #[inline]
    pub fn put(&self, row: usize, record: &mut Record) {
        match self {
            Self::Text(texts) if texts.is_valid(row) => record.push(texts.value(row).as_bytes()),
            Self::List(lists, texts) if lists.is_valid(row) => {
                let offsets = lists.value_offsets();
                let mut items = (offsets[row]..offsets[row + 1]).map(|at| at as usize);
                let text = |at: usize| if texts.is_valid(at) { texts.value(at).as_bytes() } else { b"" };
                if let Some(first) = items.next() {
                    record.push(text(first));
                }
                for at in items {
                    record.push(b";");
                    record.push(text(at));
                }
            }
            Self::Other(write) => write(row, record),
            Self::Text(_) | Self::List(..) => {}
        }
    }
}

/// A column ready to be read in this way.
///
/// # Errors
/// Values that are not of the shape.
pub fn open(array: &ArrayRef, shape: Shape) -> Result<Column, ArrowError> {
    let array = match array.data_type() {
        DataType::Dictionary(_, values) if shape != Shape::Text => &cast(array, values)?,
        _ => array,
    };
    Ok(match shape {
        Shape::Text => Column::Text(texts(array)?),
        Shape::List => {
            let item = Field::new_list_field(DataType::Utf8View, true);
            let lists = cast(array, &DataType::LargeList(item.into()))?.as_list::<i64>().clone();
            let texts = texts(lists.values())?;
            Column::List(lists, texts)
        }
        Shape::Null => Column::Other(Box::new(|_, _| {})),
        Shape::Boolean => {
            let values = array.as_boolean().clone();
            Column::Other(Box::new(move |row, record| {
                if values.is_valid(row) {
                    shown(&values.value(row), record);
                }
            }))
        }
        Shape::Whole => {
            numbers::<Int64Type>(&cast(array, &DataType::Int64)?, |value, record| shown(&value, record))
        }
        Shape::Unsigned => {
            numbers::<UInt64Type>(&cast(array, &DataType::UInt64)?, |value, record| shown(&value, record))
        }
        Shape::Float if *array.data_type() == DataType::Float32 => {
            numbers::<Float32Type>(array, |value, record| shown(&value, record))
        }
        Shape::Float => numbers::<Float64Type>(array, |value, record| shown(&value, record)),
        Shape::Decimal(scale) => {
            let digits = cast(array, &DataType::Decimal128(38, i8::try_from(scale).unwrap_or(i8::MAX)))?;
            numbers::<Decimal128Type>(&digits, move |value, record| decimal(value, scale, record))
        }
        Shape::Date => {
            let days = cast(array, &DataType::Date32)?;
            numbers::<Date32Type>(&days, |value, record| date(i64::from(value), record))
        }
        Shape::Moment(unit) => moments(array, unit, false)?,
        Shape::Midnight(unit) => moments(array, unit, true)?,
    })
}

fn texts(array: &ArrayRef) -> Result<StringViewArray, ArrowError> {
    Ok(cast(array, &DataType::Utf8View)?.as_string_view().clone())
}

fn moments(array: &ArrayRef, unit: i64, midnight: bool) -> Result<Column, ArrowError> {
    let values = cast(array, &DataType::Int64)?;
    Ok(numbers::<Int64Type>(&values, move |value, record| moment(value, unit, midnight, record)))
}

fn numbers<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    write: impl Fn(T::Native, &mut Record) + 'static,
) -> Column {
    let values: PrimitiveArray<T> = array.as_primitive::<T>().clone();
    Column::Other(Box::new(move |row, record| {
        if values.is_valid(row) {
            write(values.value(row), record);
        }
    }))
}
