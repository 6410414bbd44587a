//! Which types of Parquet are taken for which kind of column, and what the others need.

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::Type;

use super::super::schema::Kind;
use super::super::typed::{NESTED, Refused, Shape, ZONE, fitting};

/// How a column is read for a column of this kind, or for one that is only carried over.
pub fn accepted(field: &Type, kind: Option<Kind>) -> Result<Shape, Refused> {
    fitting(shape(field)?, kind).map_err(|help| Refused { seen: described(field), help })
}

/// How the values of a column become text, whatever it is for.
fn shape(field: &Type) -> Result<Shape, Refused> {
    if field.is_primitive() && field.get_basic_info().repetition() != Repetition::REPEATED {
        return flat(field);
    }
    if is_list_of_texts(field) {
        return Ok(Shape::List);
    }
    Err(Refused { seen: described(field), help: Some(NESTED) })
}

fn is_text(field: &Type) -> bool {
    let info = field.get_basic_info();
    let named = matches!(info.logical_type_ref(), Some(LogicalType::String | LogicalType::Enum))
        || matches!(info.converted_type(), ConvertedType::UTF8 | ConvertedType::ENUM);
    field.is_primitive() && field.get_physical_type() == Physical::BYTE_ARRAY && named
}

/// A group that is a list, with one text in each of its items; older programs leave out the group of an item.
fn is_list_of_texts(field: &Type) -> bool {
    if field.is_primitive() {
        return false;
    }
    let info = field.get_basic_info();
    let list = matches!(info.logical_type_ref(), Some(LogicalType::List))
        || info.converted_type() == ConvertedType::LIST;
    let [items] = field.get_fields() else { return false };
    let item = if items.is_primitive() {
        items
    } else {
        let [item] = items.get_fields() else { return false };
        item
    };
    let repeated = |field: &Type| field.get_basic_info().repetition() == Repetition::REPEATED;
    list && repeated(items) && is_text(item) && (items.is_primitive() || !repeated(item))
}

fn flat(field: &Type) -> Result<Shape, Refused> {
    let info = field.get_basic_info();
    let refused = |help| Err(Refused { seen: described(field), help });
    if is_text(field) {
        return Ok(Shape::Text);
    }
    let (logical, converted) = (info.logical_type_ref(), info.converted_type());
    let scale = |scale: i32| usize::try_from(scale).ok().filter(|scale| *scale <= 38).map(Shape::Decimal);
    match logical {
        Some(LogicalType::Unknown) => return Ok(Shape::Null),
        Some(LogicalType::Timestamp(stamp)) => {
            return if stamp.is_adjusted_to_u_t_c {
                refused(Some(ZONE))
            } else {
                Ok(Shape::Moment(match stamp.unit {
                    TimeUnit::MILLIS => 1_000,
                    TimeUnit::MICROS => 1_000_000,
                    TimeUnit::NANOS => 1_000_000_000,
                }))
            };
        }
        Some(LogicalType::Decimal(decimal)) => {
            return scale(decimal.scale).map_or_else(|| refused(None), Ok);
        }
        _ => {}
    }
    let is_date = matches!(logical, Some(LogicalType::Date)) || converted == ConvertedType::DATE;
    let unsigned = matches!(logical, Some(LogicalType::Integer(whole)) if !whole.is_signed)
        || matches!(
            converted,
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
        );
    let plain = logical.is_none() && converted == ConvertedType::NONE;
    let signed = plain
        || matches!(logical, Some(LogicalType::Integer(whole)) if whole.is_signed)
        || matches!(
            converted,
            ConvertedType::INT_8 | ConvertedType::INT_16 | ConvertedType::INT_32 | ConvertedType::INT_64
        );
    match field.get_physical_type() {
        _ if matches!(converted, ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS) => {
            refused(Some(ZONE))
        }
        Physical::INT96 => refused(Some(ZONE)),
        _ if converted == ConvertedType::DECIMAL => {
            scale(field.get_scale()).map_or_else(|| refused(None), Ok)
        }
        Physical::BOOLEAN => Ok(Shape::Boolean),
        Physical::INT32 if is_date => Ok(Shape::Date),
        Physical::INT32 | Physical::INT64 if unsigned => Ok(Shape::Unsigned),
        Physical::INT32 | Physical::INT64 if signed => Ok(Shape::Whole),
        Physical::FLOAT | Physical::DOUBLE => Ok(Shape::Float),
        _ => refused(None),
    }
}

/// A type in a few words, for people who know their tool.
fn described(field: &Type) -> String {
    let info = field.get_basic_info();
    if !field.is_primitive() {
        return match info.logical_type_ref() {
            Some(LogicalType::List) => "a list of something else than text".to_owned(),
            Some(LogicalType::Map) => "a map".to_owned(),
            _ => "a group of columns".to_owned(),
        };
    }
    if info.repetition() == Repetition::REPEATED {
        return "a repeated value".to_owned();
    }
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::Timestamp(stamp)), _) if stamp.is_adjusted_to_u_t_c => {
            "timestamps with a zone (UTC)".to_owned()
        }
        (Some(LogicalType::Timestamp(_)), _) => "timestamps".to_owned(),
        (Some(LogicalType::Date), _) => "dates".to_owned(),
        (Some(LogicalType::Decimal(_)), _) => "decimal numbers".to_owned(),
        (Some(LogicalType::Integer(_)), _) => "whole numbers".to_owned(),
        (Some(other), _) => format!("{other:?}").to_lowercase(),
        (None, ConvertedType::NONE) => match field.get_physical_type() {
            Physical::BOOLEAN => "booleans".to_owned(),
            Physical::INT32 | Physical::INT64 => "whole numbers".to_owned(),
            Physical::INT96 => "timestamps of 96 bits, whose zone nobody knows".to_owned(),
            Physical::FLOAT | Physical::DOUBLE => "floating-point numbers".to_owned(),
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => {
                "bytes that are not marked as text".to_owned()
            }
        },
        (None, converted) => converted.to_string().to_lowercase().replace('_', " "),
    }
}
