//! Tables as record batches: dates, times, numbers, booleans and lists as what they are, all else as text.
//!
//! An empty cell is a null; a list is empty where its column says that the default is none.

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder,
    UInt32Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use chrono::NaiveDate;

use super::super::plan::{diff_line, plan_line, plan_lines};
use super::super::schema::{DIFF, Kind, PLAN, PLAN_TABLES, Table};
use super::super::text::unguard;
use super::super::write::{Line, case_lines};
use super::named;
use crate::calendar::{parse_date, parse_moment};
use crate::error::{Error, Result};
use crate::model::{Case, DiffRow, PlanFiles};

/// A table of a case, by its name, with what was read and the defaults filled in.
///
/// # Errors
/// [`Error::Argument`] where no table is called so.
pub fn case_batch(case: &Case, name: &str) -> Result<RecordBatch> {
    let table = named(name)?;
    let further = if name == "requests" { case.kept_columns.as_slice() } else { &[] };
    batch(table, further, || case_lines(case, table))
}

/// The tables of a plan: those with a place, those without, and those excluded.
///
/// # Errors
/// [`Error::Internal`] if they make no table.
pub fn plan_batches(plan: &PlanFiles, kept_columns: &[String]) -> Result<[RecordBatch; 3]> {
    let [placed, unplaced, excluded] = PLAN_TABLES;
    Ok([
        batch(placed, kept_columns, || plan_lines(plan, placed))?,
        batch(unplaced, &[], || plan_lines(plan, unplaced))?,
        batch(excluded, &[], || plan_lines(plan, excluded))?,
    ])
}

/// The rows of a plan that are reached by phone, in the order of the calls.
///
/// # Errors
/// [`Error::Internal`] if they make no table.
pub fn call_batch(plan: &PlanFiles, kept_columns: &[String]) -> Result<RecordBatch> {
    batch(&PLAN, kept_columns, || plan.plan.iter().filter(|row| row.call_by.is_some()).map(plan_line))
}

/// What differs between two plans, as a table.
///
/// # Errors
/// [`Error::Internal`] if they make no table.
pub fn diff_batch(rows: &[DiffRow]) -> Result<RecordBatch> {
    batch(&DIFF, &[], || rows.iter().map(diff_line))
}

/// A table of these lines, with further columns of text after those of the schema.
///
/// A column with a cell that is not of its type is text as a whole: nothing that could not be read is lost.
fn batch<L: Iterator<Item = Line>>(
    table: &Table,
    further: &[String],
    lines: impl Fn() -> L,
) -> Result<RecordBatch> {
    let mut as_text = vec![false; table.columns.len()];
    let columns = loop {
        let own = table.columns.iter().zip(&as_text).map(|(column, as_text)| {
            let kind = if *as_text { Kind::Text } else { column.kind };
            (column.name, Values::of(kind, column.default == "none"))
        });
        let rest = further.iter().map(|name| (name.as_str(), Values::of(Kind::Text, false)));
        let mut columns: Vec<(&str, Values)> = own.chain(rest).collect();
        let before = as_text.clone();
        for line in lines() {
            for (at, (cell, (_, values))) in line.cells().zip(&mut columns).enumerate() {
                if values.push(unguard(cell)).is_none() {
                    as_text[at] = true;
                }
            }
        }
        if as_text == before {
            break columns;
        }
    };
    let fields: Vec<Field> =
        columns.iter().map(|(name, values)| Field::new(*name, values.data_type(), true)).collect();
    let arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, mut values)| values.finish()).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|error| Error::Internal(format!("{}: {error}", table.file)))
}

/// The values of a column so far.
enum Values {
    Text(StringBuilder),
    /// And whether an empty cell is an empty list.
    List(ListBuilder<StringBuilder>, bool),
    Date(Date32Builder),
    Moment(TimestampMicrosecondBuilder),
    Whole(UInt32Builder),
    Boolean(BooleanBuilder),
}

impl Values {
    fn of(kind: Kind, empty: bool) -> Self {
        match kind {
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Moment => Self::Moment(TimestampMicrosecondBuilder::new()),
            Kind::Whole(..) => Self::Whole(UInt32Builder::new()),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Tags | Kind::Words(_) => {
                let item = Field::new_list_field(DataType::Utf8, true);
                Self::List(ListBuilder::new(StringBuilder::new()).with_field(item), empty)
            }
            // Exact as text; a binary number would not be.
            Kind::Decimal(..) | Kind::Id | Kind::Text | Kind::Word(_) | Kind::Dates | Kind::Windows => {
                Self::Text(StringBuilder::new())
            }
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Self::Text(_) => DataType::Utf8,
            Self::List(..) => DataType::new_list(DataType::Utf8, true),
            Self::Date(_) => DataType::Date32,
            Self::Moment(_) => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Whole(_) => DataType::UInt32,
            Self::Boolean(_) => DataType::Boolean,
        }
    }

    /// Adds a cell; nothing where it is not of the type.
    fn push(&mut self, cell: &str) -> Option<()> {
        match self {
            Self::List(lists, true) if cell.is_empty() => lists.append(true),
            _ if cell.is_empty() => self.push_null(),
            Self::Text(values) => values.append_value(cell),
            Self::List(lists, _) => {
                cell.split(';').for_each(|item| lists.values().append_value(item));
                lists.append(true);
            }
            Self::Date(values) => {
                let days = (parse_date(cell).ok()? - NaiveDate::default()).num_days();
                values.append_value(i32::try_from(days).ok()?);
            }
            Self::Moment(values) => {
                values.append_value(parse_moment(cell).ok()?.and_utc().timestamp_micros());
            }
            Self::Whole(values) => values.append_value(cell.parse().ok()?),
            Self::Boolean(values) => values.append_value(cell.parse().ok()?),
        }
        Some(())
    }

    fn push_null(&mut self) {
        match self {
            Self::Text(values) => values.append_null(),
            Self::List(values, _) => values.append_null(),
            Self::Date(values) => values.append_null(),
            Self::Moment(values) => values.append_null(),
            Self::Whole(values) => values.append_null(),
            Self::Boolean(values) => values.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Text(values) => values,
            Self::List(values, _) => values,
            Self::Date(values) => values,
            Self::Moment(values) => values,
            Self::Whole(values) => values,
            Self::Boolean(values) => values,
        };
        builder.finish()
    }
}
