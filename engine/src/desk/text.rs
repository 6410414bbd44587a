//! The sheets as CSV: the same cells, named as columns of tables are.

use super::sheet::{Cell, Sheet};
use crate::calendar::{format_date, format_moment};
use crate::error::{Error, Result};
use crate::tables::{OutputFile, guard};

/// Folder of the sheets as CSV.
const FOLDER: &str = "sheets";

/// The sheets as CSV files, each text harmless to spreadsheets.
///
/// # Errors
/// [`Error::Internal`] if a row cannot be written.
pub fn csv_files(sheets: &[Sheet<'_>]) -> Result<Vec<OutputFile>> {
    sheets.iter().map(csv_file).collect()
}

fn csv_file(sheet: &Sheet<'_>) -> Result<OutputFile> {
    let name = format!("{FOLDER}/{}", sheet.file());
    let broken =
        |error: &dyn std::fmt::Display| Error::Internal(format!("{name} cannot be written: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = sheet.columns.iter().map(|column| guard(&column.name()).into_owned());
    writer.write_record(header).map_err(|error| broken(&error))?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(text)).map_err(|error| broken(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(&error))?;
    Ok(OutputFile { name, bytes })
}

/// A cell as text.
fn text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guard(text).into_owned(),
        Cell::Whole(number) => number.to_string(),
        Cell::Date(date) => format_date(*date),
        Cell::Moment(moment) => format_moment(*moment),
    }
}
