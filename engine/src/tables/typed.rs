//! Columns that have types: which are taken for which kind of column, and their values as the text of cells.
//!
//! Whatever a table comes from, its values become the text that a CSV cell would have, and from there on all is one
//! road.

use std::fmt::Display;
use std::io::Write as _;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike};

use super::header::Header;
use super::log::Log;
use super::scan::Record;
use super::schema::{Kind, Table};
use crate::issue::{Code, Issue};

/// How the values of a column become the text of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As they are.
    Text,
    /// Lists of texts, joined by semicolons.
    List,
    /// `true` or `false`.
    Boolean,
    /// Digits.
    Whole,
    /// Digits, of numbers without a sign.
    Unsigned,
    /// Shortest digits that mean the number; without a point where it is whole.
    Float,
    /// Digits with so many of them behind the point; without a point where it is whole.
    Decimal(usize),
    /// Days since 1970.
    Date,
    /// So many of these units in a second, since 1970, local time.
    Moment(i64),
    /// As `Moment`, in a column of dates: midnight is the date alone.
    Midnight(i64),
    /// Nothing at all.
    Null,
}

/// Why a column is not taken.
pub struct Refused {
    /// Its type, in words.
    pub seen: String,
    /// What to do, where that is known more precisely than for any type.
    pub help: Option<&'static str>,
}

/// What helps where timestamps have a zone.
pub const ZONE: &str = "Times are local civil time without a zone. Convert the column to Europe/London and drop the \
zone (pandas: .dt.tz_convert(\"Europe/London\").dt.tz_localize(None); polars: \
.dt.convert_time_zone(\"Europe/London\").dt.replace_time_zone(None)), or write it as text YYYY-MM-DDTHH:MM.";

const NUMBER_FOR_TEXT: &str = "Write the column as text, from a source in which it never was a number: a number has \
lost leading zeros.";

/// What helps where a cell may have several values.
pub const NESTED: &str =
    "Write one value in each cell: text, or a list of texts where the column holds a list.";

/// What a column of this kind may hold, in words.
pub fn wanted(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Id | Kind::Text | Kind::Word(_)) => "a column of text",
        Some(Kind::Words(_) | Kind::Tags | Kind::Windows) => "a column of text, or of lists of texts",
        Some(Kind::Dates) => "a column of text, of lists of texts, or of dates",
        Some(Kind::Date) => "a column of text, dates or timestamps without a zone",
        Some(Kind::Moment) => "a column of text or timestamps without a zone",
        Some(Kind::Whole(..) | Kind::Decimal(..)) => "a column of text or numbers",
        Some(Kind::Boolean) => "a column of text, booleans or whole numbers",
        None => "a column of text, numbers, booleans, dates or timestamps without a zone",
    }
}

/// The shape in which values are read for a column of this kind, or for one that is only carried over.
///
/// # Errors
/// That they do not fit, with what helps where that is known more precisely than for any type.
pub fn fitting(shape: Shape, kind: Option<Kind>) -> Result<Shape, Option<&'static str>> {
    let number = matches!(shape, Shape::Whole | Shape::Unsigned | Shape::Float | Shape::Decimal(_));
    let fits = match kind {
        _ if matches!(shape, Shape::Text | Shape::Null) => true,
        Some(Kind::Id | Kind::Text | Kind::Word(_)) => false,
        Some(Kind::Words(_) | Kind::Tags | Kind::Windows) => shape == Shape::List,
        Some(Kind::Dates) => matches!(shape, Shape::List | Shape::Date),
        Some(Kind::Date) => matches!(shape, Shape::Date | Shape::Moment(_)),
        Some(Kind::Moment) => matches!(shape, Shape::Moment(_)),
        Some(Kind::Whole(..) | Kind::Decimal(..)) => number,
        Some(Kind::Boolean) => matches!(shape, Shape::Boolean | Shape::Whole | Shape::Unsigned),
        None => true,
    };
    match (shape, kind) {
        (Shape::Moment(unit), Some(Kind::Date)) => Ok(Shape::Midnight(unit)),
        _ if fits => Ok(shape),
        _ => Err((number && matches!(kind, Some(Kind::Id | Kind::Text))).then_some(NUMBER_FOR_TEXT)),
    }
}

/// A column without any value is taken whatever its type: a library that finds nothing there has guessed it.
pub fn unless(empty: impl Fn() -> bool) -> impl FnOnce(Refused) -> Result<Shape, Refused> {
    move |refused| if empty() { Ok(Shape::Null) } else { Err(refused) }
}

/// How each column of a table is read; nothing for those that are not. `None` where one is of a type that cannot be
/// taken, and the log says which.
pub fn shapes<'f, A>(
    table: &Table,
    name: &str,
    header: &Header,
    fields: impl Iterator<Item = (&'f str, A)>,
    log: &mut Log,
) -> Option<Vec<Option<Shape>>>
where
    A: FnOnce(Option<Kind>) -> Result<Shape, Refused>,
{
    let mut sound = true;
    let shapes = fields.enumerate().map(|(at, (field, accepted))| {
        let column = header.positions.iter().position(|position| *position == Some(at));
        let kind = column.map(|column| table.columns[column].kind);
        if kind.is_none() && !header.kept.contains(&at) {
            return None;
        }
        match accepted(kind) {
            Ok(shape) => Some(shape),
            Err(refused) => {
                sound = false;
                let issue = Issue::new(Code::ColumnType, name, wanted(kind)).field(field);
                let help = match refused.help {
                    Some(help) => help.to_owned(),
                    None => issue.help.clone(),
                };
                log.problems.push(issue.value(&refused.seen).help(help));
                None
            }
        }
    });
    let shapes: Vec<Option<Shape>> = shapes.collect();
    sound.then_some(shapes)
}

/// A value as it prints. Floating-point numbers print without an exponent, and whole ones without a point.
pub fn shown(value: &impl Display, record: &mut Record) {
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
pub fn date(days: i64, record: &mut Record) {
    let epoch = NaiveDate::default();
    match TimeDelta::try_days(days).and_then(|delta| epoch.checked_add_signed(delta)) {
        Some(date) => day(date, record),
        None => shown(&days, record),
    }
}

/// A timestamp; what is beyond whole seconds is shown, so that it is refused like any other such text.
pub fn moment(value: i64, unit: i64, midnight: bool, record: &mut Record) {
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

/// A decimal number with so many digits behind the point; without a point where it is whole.
pub fn decimal(value: i128, scale: usize, record: &mut Record) {
    let unit = 10_u128.pow(scale as u32);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    let _ = match part {
        0 => write!(record, "{sign}{whole}"),
        _ => write!(record, "{sign}{whole}.{part:0scale$}"),
    };
}
