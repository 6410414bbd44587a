//! `rebook schema`: the columns of every table, for machines.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Console, Exit, Failure, Run};
use crate::error::Error;
use crate::tables::schema::{CASE, Column, Kind, PLAN_TABLES, Table};

/// Print the table schemas (Frictionless Table Schema, JSON)
///
/// Prints one schema for each table of a case and of a plan, under its file
/// name; or the one of a single table. The reader works from the same
/// definitions.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook schema requests.csv > requests.schema.json")]
pub struct Args {
    /// One table only, such as requests.csv
    table: Option<String>,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let tables: Vec<&Table> = CASE.iter().chain(&PLAN_TABLES).copied().collect();
        let value = match self.table {
            None => tables.iter().map(|table| (table.file.to_owned(), schema(table))).collect(),
            Some(name) => {
                let Some(table) =
                    tables.iter().find(|table| table.file == name || table.file == format!("{name}.csv"))
                else {
                    let names: Vec<&str> = tables.iter().map(|table| table.file).collect();
                    let error = Error::Argument(format!("no table {name:?}; there are {}", names.join(", ")));
                    return Err(error.into());
                };
                schema(table)
            }
        };
        console.print_json(&value)?;
        Ok(Exit::Done)
    }
}

fn schema(table: &Table) -> Value {
    let mut schema = json!({
        "description": table.description,
        "fields": table.columns.iter().map(|column| field(column, table.key)).collect::<Vec<_>>(),
        "missingValues": [""],
    });
    if let (Some(key), Some(entries)) = (table.key, schema.as_object_mut()) {
        entries.insert("primaryKey".to_owned(), json!([key]));
    }
    schema
}

fn field(column: &Column, key: Option<&str>) -> Value {
    let mut constraints = serde_json::Map::new();
    if column.required {
        constraints.insert("required".to_owned(), json!(true));
    }
    if key == Some(column.name) {
        constraints.insert("unique".to_owned(), json!(true));
    }
    let mut field = json!({ "name": column.name });
    let mut set = |key: &str, value: Value| {
        if let Some(entries) = field.as_object_mut() {
            entries.insert(key.to_owned(), value);
        }
    };
    match column.kind {
        Kind::Id | Kind::Text | Kind::Tags | Kind::Dates | Kind::Windows => set("type", json!("string")),
        Kind::Date => {
            set("type", json!("date"));
            set("format", json!("%Y-%m-%d"));
        }
        Kind::Moment => {
            set("type", json!("datetime"));
            set("format", json!("%Y-%m-%dT%H:%M"));
        }
        Kind::Whole(least, most) => {
            set("type", json!("integer"));
            constraints.insert("minimum".to_owned(), json!(least));
            if most != u32::MAX {
                constraints.insert("maximum".to_owned(), json!(most));
            }
        }
        Kind::Decimal(least, most) => {
            set("type", json!("number"));
            constraints.insert("minimum".to_owned(), thousandths(least));
            constraints.insert("maximum".to_owned(), thousandths(most));
        }
        Kind::Boolean => {
            set("type", json!("boolean"));
            set("trueValues", json!(["true", "yes", "1", "TRUE", "True", "YES", "Yes"]));
            set("falseValues", json!(["false", "no", "0", "FALSE", "False", "NO", "No"]));
        }
        Kind::Word(words) => {
            set("type", json!("string"));
            constraints.insert("enum".to_owned(), json!(words));
        }
        Kind::Words(words) => {
            set("type", json!("string"));
            let word = format!("({})", words.join("|"));
            constraints.insert("pattern".to_owned(), json!(format!("{word}( *; *{word})*")));
        }
    }
    let list = match column.kind {
        Kind::Words(_) | Kind::Tags | Kind::Dates | Kind::Windows => "; a list separated by semicolons",
        _ => "",
    };
    let default =
        if column.default.is_empty() { String::new() } else { format!(". Empty: {}", column.default) };
    set("description", json!(format!("{}{list}{default}", column.description)));
    if !constraints.is_empty() {
        set("constraints", Value::Object(constraints));
    }
    field
}

/// So many thousandths as a JSON number, read from its digits.
fn thousandths(count: i64) -> Value {
    let digits = Decimal::new(count, 3).normalize().to_string();
    digits.parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
}
