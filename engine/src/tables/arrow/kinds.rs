//! Which types of Arrow are taken for which kind of column, and what the others need.

use arrow_schema::{DataType, TimeUnit};

use super::super::schema::Kind;
use super::super::typed::{NESTED, Refused, Shape, ZONE, fitting};

/// How a column is read for a column of this kind, or for one that is only carried over.
pub fn accepted(data: &DataType, kind: Option<Kind>) -> Result<Shape, Refused> {
    let refused = |help| Refused { seen: described(data), help };
    let shape = shape(data).map_err(refused)?;
    fitting(shape, kind).map_err(refused)
}

fn is_text(data: &DataType) -> bool {
    match data {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// How the values of a column become text, whatever it is for; else what helps.
fn shape(data: &DataType) -> Result<Shape, Option<&'static str>> {
    Ok(match data {
        _ if is_text(data) => Shape::Text,
        DataType::Dictionary(_, values) => return shape(values),
        DataType::Null => Shape::Null,
        DataType::Boolean => Shape::Boolean,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Shape::Whole,
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => Shape::Unsigned,
        DataType::Float32 | DataType::Float64 => Shape::Float,
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
            Shape::Decimal(usize::try_from(*scale).map_err(|_| None)?)
        }
        DataType::Date32 | DataType::Date64 => Shape::Date,
        DataType::Timestamp(unit, None) => Shape::Moment(match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        }),
        DataType::Timestamp(_, Some(_)) => return Err(Some(ZONE)),
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            match item.data_type() {
                item if is_text(item) => Shape::List,
                DataType::Null => Shape::Null,
                _ => return Err(Some(NESTED)),
            }
        }
        DataType::ListView(_) | DataType::LargeListView(_) | DataType::Struct(_) | DataType::Map(..) => {
            return Err(Some(NESTED));
        }
        _ => return Err(None),
    })
}

/// A type in a few words, for people who know their tool.
fn described(data: &DataType) -> String {
    match data {
        DataType::Dictionary(_, values) => format!("categories of {}", described(values)),
        DataType::Boolean => "booleans".to_owned(),
        _ if data.is_integer() => "whole numbers".to_owned(),
        _ if data.is_floating() => "floating-point numbers".to_owned(),
        _ if data.is_decimal() => "decimal numbers".to_owned(),
        DataType::Date32 | DataType::Date64 => "dates".to_owned(),
        DataType::Timestamp(_, Some(zone)) => format!("timestamps with a zone ({zone})"),
        DataType::Timestamp(_, None) => "timestamps".to_owned(),
        DataType::Time32(_) | DataType::Time64(_) => "times of day".to_owned(),
        DataType::Duration(_) | DataType::Interval(_) => "lengths of time".to_owned(),
        _ if data.is_binary() => "bytes that are not marked as text".to_owned(),
        _ if data.is_list() => match items(data) {
            Some(DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => "lists of texts".to_owned(),
            _ => "lists of something else than text".to_owned(),
        },
        DataType::Struct(_) => "a group of columns".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

fn items(data: &DataType) -> Option<&DataType> {
    match data {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => Some(item.data_type()),
        _ => None,
    }
}
