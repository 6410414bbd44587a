//! The sheets as CSV: the same cells, named as columns of tables are.

use super::csv_file::csv_file;
use super::sheet::{Cell, Sheet};
use crate::calendar::{format_date, format_moment};
use crate::error::Result;
use crate::tables::{OutputFile, guard};

/// Folder of the sheets as CSV.
const FOLDER: &str = "sheets";

/// The sheets as CSV files, each text harmless to spreadsheets.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) if a row cannot be written.
pub fn csv_files(sheets: &[Sheet<'_>]) -> Result<Vec<OutputFile>> {
    sheets.iter().map(of_sheet).collect()
}

fn of_sheet(sheet: &Sheet<'_>) -> Result<OutputFile> {
    let columns: Vec<String> =
        sheet.columns.iter().map(|column| guard(&column.name()).into_owned()).collect();
    let rows = sheet.rows.iter().map(|row| row.iter().map(text));
    csv_file(&format!("{FOLDER}/{}", sheet.file()), &columns, rows)
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
