//! What is wrong with a file or a row as a whole, before any cell is looked at.

use std::cmp::Ordering;
use std::io;

use super::header::Header;
use super::scan::{Fault, Record};
use super::schema::Table;
use super::text::decode;
use crate::issue::{Code, Issue};

/// Words with which reports begin their last line.
const TOTALS: [&str; 9] =
    ["total", "totals", "total:", "grand total", "subtotal", "sum", "count", "total rows", "end of report"];

/// The file's first bytes say that it is something else.
pub fn foreign(name: &str, head: &[u8]) -> Option<Issue> {
    let workbook = "a text file of comma-separated values";
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let issue = Issue::new(Code::SpreadsheetFile, name, workbook);
        return Some(issue.value("a zip archive, as .xlsx and .ods are"));
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Some(Issue::new(Code::SpreadsheetFile, name, workbook).value("an old Excel workbook"));
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Some(Issue::new(Code::WideText, name, "UTF-8 text").value("the mark of UTF-16"));
    }
    None
}

/// The names of columns in a line are separated by something other than commas, where `are_known` knows them then.
pub fn separated_otherwise(
    name: &str,
    line: u64,
    titles: &str,
    are_known: impl Fn(&[&str]) -> bool,
) -> Option<Issue> {
    let separators = [('\t', "tabs"), (';', "semicolons"), ('|', "vertical bars")];
    let (_, words) = separators.into_iter().find(|(separator, _)| {
        let parts: Vec<&str> = titles.split(*separator).map(|part| part.trim().trim_matches('"')).collect();
        parts.len() > 1 && are_known(&parts)
    })?;
    let issue = Issue::new(Code::WrongDelimiter, name, "column names separated by commas");
    let help = format!("They are separated by {words}. {}", issue.help);
    Some(issue.at(line).value(titles).help(help))
}

/// The system does not let us read on.
pub fn unreadable(name: &str, error: &io::Error) -> Issue {
    Issue::new(Code::NotReadable, name, "a file that can be read to its end").value(&error.to_string())
}

/// The file cannot be cut into records from here on.
pub fn fault(name: &str, fault: &Fault, record: &Record) -> Issue {
    let (code, line, expected) = match fault {
        Fault::Io(error) => return unreadable(name, error),
        Fault::TooLong(line) => (Code::RecordTooLong, line, "rows of at most 256 KiB"),
        Fault::Unclosed(line) => (Code::QuoteUnclosed, line, "a closing quote"),
        Fault::Misplaced(line) => {
            (Code::QuoteMisplaced, line, "a comma or the end of the line after a quoted cell")
        }
        Fault::Nul(line) => (Code::NulByte, line, "text without NUL bytes"),
    };
    Issue::new(code, name, expected).at(*line).value(&decode(record.unfinished()))
}

/// A line break in the row makes it unsafe to go by rows.
pub fn broken(table: &Table, name: &str, record: &Record, header: &Header) -> Option<Issue> {
    if !record.breaks {
        return None;
    }
    let inner = |cell: &[u8]| cell.trim_ascii().iter().any(|byte| matches!(byte, b'\n' | b'\r'));
    let cells = table.columns.iter().zip(&header.positions);
    let column = cells.into_iter().find(|(_, at)| at.and_then(|at| record.cell(at)).is_some_and(inner));
    if column.is_none() && record.len() == header.width {
        return None;
    }
    let mut issue = Issue::new(Code::LineBreakInCell, name, "cells that begin and end on one line");
    issue.field = column.map(|(column, _)| column.name.to_owned());
    let value = record.cells().find(|cell| inner(cell)).unwrap_or_default();
    Some(issue.at(record.line).value(&decode(value)))
}

/// The row is a line of totals, or its cells may not stand where they belong.
pub fn fault_of_row(table: &Table, name: &str, record: &Record, header: &Header) -> Option<Issue> {
    let issue = |code, expected: String, value: &str| {
        Issue::new(code, name, expected).at(record.line).field(table.columns[0].name).value(value)
    };
    let first = record.cells().map(decode).find(|cell| !cell.trim().is_empty()).unwrap_or_default();
    if TOTALS.iter().any(|word| word.eq_ignore_ascii_case(first.trim())) {
        let empty = |at: &Option<usize>| {
            at.and_then(|at| record.cell(at)).is_none_or(|cell| cell.trim_ascii().is_empty())
        };
        let mut columns = table.columns.iter().zip(&header.positions);
        if columns.any(|(column, at)| column.required && empty(at)) {
            let expected = "a row of the table in every line below the header".to_owned();
            return Some(issue(Code::TotalRow, expected, first.trim()));
        }
    }
    let code = match record.len().cmp(&header.width) {
        Ordering::Less => Code::TooFewCells,
        Ordering::Equal => return None,
        Ordering::Greater => Code::TooManyCells,
    };
    let expected = format!("{} cells, as the header has", header.width);
    Some(issue(code, expected, &format!("{} cells", record.len())))
}

/// What was met on the way through a file.
#[derive(Debug, Default)]
pub struct Seen {
    /// Rows below the header that hold something.
    pub rows: usize,
    /// Rows that hold nothing.
    pub blank: usize,
    /// Line of the first of them.
    pub first_blank: Option<u64>,
    /// Line of the first row that is not UTF-8.
    pub first_legacy: Option<u64>,
}

impl Seen {
    /// Adds what was met further on.
    pub fn append(&mut self, next: &Self) {
        self.rows += next.rows;
        self.blank += next.blank;
        self.first_blank = self.first_blank.or(next.first_blank);
        self.first_legacy = self.first_legacy.or(next.first_legacy);
    }

    /// What of it is worth a look.
    pub fn warnings(&self, name: &str) -> Vec<Issue> {
        let mut warnings = Vec::new();
        if self.rows == 0 {
            let issue = Issue::new(Code::NoRows, name, "at least one row below the header");
            warnings.push(issue.at(1).value("the header alone"));
        }
        if let Some(line) = self.first_blank {
            let issue = Issue::new(Code::BlankRows, name, "rows that hold something");
            warnings.push(issue.at(line).value(&format!("{} such rows, this is the first", self.blank)));
        }
        if let Some(line) = self.first_legacy {
            let issue = Issue::new(Code::Windows1252, name, "UTF-8 text");
            warnings.push(issue.at(line).value("bytes that are not UTF-8; this is the first such row"));
        }
        warnings
    }
}
