//! One table of a case, as far as it could be read.

use super::header::{Header, Keep};
use super::log::Log;
use super::schema::Table;
use super::sheet::{self, Row};
use super::source::Source;
use crate::model::InputFile;

/// A table as far as it could be read.
pub enum Loaded<T> {
    /// There is no such file.
    Absent,
    /// There is, and the log says what is wrong with it.
    Broken,
    /// Its rows.
    Rows(Vec<T>, Header),
}

impl<T> Loaded<T> {
    /// The rows, if the table could be read.
    pub fn rows(&self) -> Option<&[T]> {
        match self {
            Self::Rows(rows, _) => Some(rows),
            Self::Absent | Self::Broken => None,
        }
    }

    /// The rows; none if the table could not be read.
    pub fn into_rows(self) -> Vec<T> {
        match self {
            Self::Rows(rows, _) => rows,
            Self::Absent | Self::Broken => Vec::new(),
        }
    }
}

/// Opens and reads one table.
pub fn load<T>(
    table: &'static Table,
    source: &Source<'_>,
    keep: &[String],
    log: &mut Log,
    files: &mut Vec<InputFile>,
    mut each: impl FnMut(&Row<'_>, &mut Log) -> Option<T>,
) -> Loaded<T> {
    let input = match source.open(table.file, log) {
        None => return Loaded::Absent,
        Some(Err(_)) => return Loaded::Broken,
        Some(Ok(input)) => input,
    };
    let mut rows = Vec::new();
    match sheet::read(table, table.file, input, Keep::Named(keep), log, |row, log| {
        rows.extend(each(&row, log));
    }) {
        None => Loaded::Broken,
        Some((file, header)) => {
            files.push(file);
            Loaded::Rows(rows, header)
        }
    }
}
