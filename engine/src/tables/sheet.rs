//! One table file: what it is, its header, and its rows one by one.

use std::borrow::Cow;
use std::io::{BufReader, Cursor, Read};

use encoding_rs::WINDOWS_1252;
use sha2::{Digest, Sha256};

use super::scan::{Fault, Record, Scanner};
use super::schema::Table;
use super::text::unguard;
use crate::issue::{Code, Issue};
use crate::model::InputFile;

/// The problems found so far.
#[derive(Debug, Default)]
pub struct Log {
    /// What makes the input unusable.
    pub problems: Vec<Issue>,
    /// What is worth a look.
    pub warnings: Vec<Issue>,
}

/// Which columns beside those of the schema are kept.
#[derive(Debug, Clone, Copy)]
pub enum Keep<'a> {
    /// These, in this order; others are ignored with a warning.
    Named(&'a [String]),
    /// All of them, in the order of the file.
    Rest,
}

/// Where a file's columns are.
#[derive(Debug, Default)]
pub struct Header {
    /// For each column of the schema its position in the file.
    positions: Vec<Option<usize>>,
    /// Positions of the columns to keep.
    kept: Vec<usize>,
    width: usize,
}

impl Header {
    /// Whether the file has this column of the schema.
    pub fn has(&self, table: &Table, name: &str) -> bool {
        table.position(name).is_some_and(|at| self.positions[at].is_some())
    }
}

/// One row of a table file.
pub struct Row<'a> {
    /// Its table.
    pub table: &'static Table,
    /// Where its columns are.
    pub header: &'a Header,
    /// The problem of the row as a whole, if there is one: cells may not stand where they belong.
    pub fault: Option<Issue>,
    record: &'a Record,
}

impl Row<'_> {
    /// Line of the file, header = 1.
    pub fn line(&self) -> u64 {
        self.record.line
    }

    /// The cell of a column of the schema as it stands in the file; empty where the file lacks the column.
    pub fn raw(&self, column: usize) -> &[u8] {
        self.header.positions[column].and_then(|at| self.record.cell(at)).unwrap_or_default()
    }

    /// The cells to keep, as they stand in the file.
    pub fn kept(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.header.kept.iter().map(|&at| decode(self.record.cell(at).unwrap_or_default()))
    }
}

/// Bytes as text: UTF-8, else Windows-1252.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Reads that go through a digest.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

/// The digest as the summary prints it.
pub fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}

/// Reads a table row by row. `None` where the file cannot be used at all; the log then says why.
pub fn read(
    table: &'static Table,
    name: &str,
    input: Box<dyn Read + '_>,
    keep: Keep<'_>,
    log: &mut Log,
    mut each: impl FnMut(Row<'_>, &mut Log),
) -> Option<(InputFile, Header)> {
    let mut digesting = Digesting { inner: input, digest: Sha256::new() };
    let mut sheet = Sheet { table, name, log };
    let mut head = Vec::with_capacity(8);
    if let Err(error) = digesting.by_ref().take(8).read_to_end(&mut head) {
        sheet.problem(Code::NotReadable, "a file that can be read").help_io(&error).report();
        return None;
    }
    if sheet.foreign(&head) {
        return None;
    }
    let bom = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let body = Cursor::new(head[bom..].to_vec()).chain(digesting.by_ref());
    let mut scanner = Scanner::new(BufReader::with_capacity(1 << 16, body));
    let mut record = Record::default();
    let header = match scanner.next(&mut record) {
        Ok(true) => sheet.header(&record, keep)?,
        Ok(false) => {
            sheet
                .problem(Code::FileEmpty, "a header line and one line per row")
                .with(|issue| issue.value(if head.is_empty() { "no bytes" } else { "blank lines" }))
                .report();
            return None;
        }
        Err(fault) => {
            sheet.fault(&fault, &record);
            return None;
        }
    };
    let mut seen = Seen::default();
    loop {
        match scanner.next(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => {
                sheet.fault(&fault, &record);
                return None;
            }
        }
        if record.is_blank() {
            seen.blank += 1;
            seen.first_blank.get_or_insert(record.line);
            continue;
        }
        seen.rows += 1;
        if !record.is_ascii() && record.cells().any(|cell| std::str::from_utf8(cell).is_err()) {
            seen.first_legacy.get_or_insert(record.line);
        }
        if sheet.broken(&record, &header) {
            continue;
        }
        let fault = sheet.shape(&record, &header);
        each(Row { table, header: &header, fault, record: &record }, sheet.log);
    }
    sheet.notice(&seen);
    drop(scanner);
    let sha256 = hexadecimal(&digesting.digest.finalize());
    Some((InputFile { name: name.to_owned(), sha256, rows: seen.rows }, header))
}

/// What was met on the way.
#[derive(Debug, Default)]
struct Seen {
    rows: usize,
    blank: usize,
    first_blank: Option<u64>,
    first_legacy: Option<u64>,
}

/// A file being read.
struct Sheet<'a> {
    table: &'static Table,
    name: &'a str,
    log: &'a mut Log,
}

/// An issue about to be reported.
struct Report<'a> {
    issue: Issue,
    list: &'a mut Vec<Issue>,
}

impl Report<'_> {
    fn with(mut self, change: impl FnOnce(Issue) -> Issue) -> Self {
        self.issue = change(self.issue);
        self
    }

    fn help_io(self, error: &std::io::Error) -> Self {
        let value = error.to_string();
        self.with(|issue| issue.value(&value))
    }

    fn report(self) {
        self.list.push(self.issue);
    }
}

impl Sheet<'_> {
    fn problem(&mut self, code: Code, expected: &str) -> Report<'_> {
        Report { issue: Issue::new(code, self.name, expected), list: &mut self.log.problems }
    }

    fn warning(&mut self, code: Code, expected: &str) -> Report<'_> {
        Report { issue: Issue::new(code, self.name, expected), list: &mut self.log.warnings }
    }

    /// Whether the file's first bytes say that it is something else.
    fn foreign(&mut self, head: &[u8]) -> bool {
        let zip = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
        if zip || head.starts_with(b"\xD0\xCF\x11\xE0") {
            let value = if zip { "a zip archive, as .xlsx and .ods are" } else { "an old Excel workbook" };
            self.problem(Code::SpreadsheetFile, "a text file of comma-separated values")
                .with(|issue| issue.value(value))
                .report();
            return true;
        }
        if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
            self.problem(Code::WideText, "UTF-8 text")
                .with(|issue| issue.value("the mark of UTF-16"))
                .report();
            return true;
        }
        false
    }

    fn fault(&mut self, fault: &Fault, record: &Record) {
        let (code, line, expected) = match fault {
            Fault::Io(error) => {
                self.problem(Code::NotReadable, "a file that can be read to its end").help_io(error).report();
                return;
            }
            Fault::TooLong(line) => (Code::RecordTooLong, line, "rows of at most 256 KiB"),
            Fault::Unclosed(line) => (Code::QuoteUnclosed, line, "a closing quote"),
            Fault::Misplaced(line) => {
                (Code::QuoteMisplaced, line, "a comma or the end of the line after a quoted cell")
            }
            Fault::Nul(line) => (Code::NulByte, line, "text without NUL bytes"),
        };
        let value = decode(record.unfinished());
        self.problem(code, expected).with(|issue| issue.at(*line).value(&value)).report();
    }

    fn header(&mut self, record: &Record, keep: Keep<'_>) -> Option<Header> {
        let names: Vec<String> = record.cells().map(|cell| unguard(decode(cell).trim()).to_owned()).collect();
        let before = self.log.problems.len();
        if self.delimiter(record.line, &names) {
            return None;
        }
        let mut header =
            Header { positions: vec![None; self.table.columns.len()], kept: Vec::new(), width: names.len() };
        for (at, name) in names.iter().enumerate() {
            if let Some(column) = self.table.position(name) {
                if header.positions[column].is_some() {
                    self.problem(Code::ColumnTwice, "each column once")
                        .with(|issue| issue.at(record.line).field(name.as_str()).value(name))
                        .report();
                }
                header.positions[column] = Some(at);
            } else {
                match keep {
                    Keep::Rest => header.kept.push(at),
                    Keep::Named(wanted) if wanted.contains(name) => {}
                    Keep::Named(_) => self.unknown_column(record.line, name),
                }
            }
        }
        for (at, column) in self.table.columns.iter().enumerate() {
            if column.required && header.positions[at].is_none() {
                let near = names.iter().find(|name| folded(name) == folded(column.name));
                let help = near.map(|name| format!("Rename the column {name:?} to {:?}.", column.name));
                self.problem(
                    Code::ColumnMissing,
                    &format!("a column {:?}: {}", column.name, column.description),
                )
                .with(|issue| issue.at(record.line).field(column.name).value(&names.join(",")))
                .with(|issue| if let Some(help) = help { issue.help(help) } else { issue })
                .report();
            }
        }
        let wanted = if let Keep::Named(wanted) = keep { wanted } else { &[] };
        for wanted in wanted {
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == wanted).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (Some(at), None) => header.kept.push(at),
                (None, _) => self
                    .problem(Code::ColumnMissing, &format!("a column {wanted:?}, as --keep-columns says"))
                    .with(|issue| issue.at(record.line).field(wanted.as_str()).value(&names.join(",")))
                    .with(|issue| issue.help("Correct the name after --keep-columns, or add the column."))
                    .report(),
                (Some(_), Some(_)) => self
                    .problem(Code::ColumnTwice, "each column that is kept once")
                    .with(|issue| issue.at(record.line).field(wanted.as_str()).value(wanted))
                    .report(),
            }
        }
        (self.log.problems.len() == before).then_some(header)
    }

    /// Whether the columns are separated by something else; then it is reported.
    fn delimiter(&mut self, line: u64, names: &[String]) -> bool {
        let whole = names.join(",");
        for (delimiter, name) in [('\t', "tabs"), (';', "semicolons"), ('|', "vertical bars")] {
            let known = |part: &str| self.table.position(part.trim().trim_matches('"')).is_some();
            if whole.contains(delimiter) && whole.split(delimiter).filter(|part| known(part)).count() >= 2 {
                self.problem(Code::WrongDelimiter, "column names separated by commas")
                    .with(|issue| issue.at(line).value(&whole))
                    .with(|issue| {
                        let help = issue.help.clone();
                        issue.help(format!("They are separated by {name}. {help}"))
                    })
                    .report();
                return true;
            }
        }
        false
    }

    fn unknown_column(&mut self, line: u64, name: &str) {
        let near = self.table.columns.iter().find(|column| folded(column.name) == folded(name));
        let (code, expected) = match near {
            Some(column) => (Code::NearColumn, format!("the column {:?}, letter by letter", column.name)),
            None => (Code::UnknownColumn, "a column of the schema".to_owned()),
        };
        self.warning(code, &expected).with(|issue| issue.at(line).field(name).value(name)).report();
    }

    /// Whether a line break in the row makes it unsafe to go by rows; then it is reported.
    fn broken(&mut self, record: &Record, header: &Header) -> bool {
        let inner = |cell: &[u8]| cell.trim_ascii().iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        if !record.breaks {
            return false;
        }
        let column = header
            .positions
            .iter()
            .zip(self.table.columns)
            .find(|(at, _)| at.and_then(|at| record.cell(at)).is_some_and(inner));
        if column.is_none() && record.len() == header.width {
            return false;
        }
        let value = record.cells().find(|cell| inner(cell)).map(|cell| decode(cell).into_owned());
        self.problem(Code::LineBreakInCell, "cells that begin and end on one line")
            .with(|issue| issue.at(record.line))
            .with(|issue| if let Some((_, column)) = column { issue.field(column.name) } else { issue })
            .with(|issue| if let Some(value) = &value { issue.value(value) } else { issue })
            .report();
        true
    }

    /// What is wrong with the row as a whole.
    fn shape(&self, record: &Record, header: &Header) -> Option<Issue> {
        const TOTALS: [&str; 9] = [
            "total",
            "totals",
            "total:",
            "grand total",
            "subtotal",
            "sum",
            "count",
            "total rows",
            "end of report",
        ];
        let missing = self.table.columns.iter().zip(&header.positions).any(|(column, at)| {
            column.required
                && at.is_none_or(|at| record.cell(at).is_none_or(|cell| cell.trim_ascii().is_empty()))
        });
        let first = record.cells().map(decode).find(|cell| !cell.trim().is_empty()).unwrap_or_default();
        let first = first.trim();
        if missing && TOTALS.contains(&first.to_lowercase().as_str()) {
            let issue =
                Issue::new(Code::TotalRow, self.name, "a row of the table in every line below the header");
            return Some(issue.at(record.line).field(self.table.columns[0].name).value(first));
        }
        let code = match record.len().cmp(&header.width) {
            std::cmp::Ordering::Less => Code::TooFewCells,
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => Code::TooManyCells,
        };
        let expected = format!("{} cells, as the header has", header.width);
        let field = self.table.columns[0].name;
        Some(
            Issue::new(code, self.name, expected)
                .at(record.line)
                .field(field)
                .value(&format!("{} cells", record.len())),
        )
    }

    fn notice(&mut self, seen: &Seen) {
        if seen.rows == 0 {
            self.warning(Code::NoRows, "at least one row below the header")
                .with(|issue| issue.at(1).value("the header alone"))
                .report();
        }
        if let Some(line) = seen.first_blank {
            self.warning(Code::BlankRows, "rows that hold something")
                .with(|issue| issue.at(line).value(&format!("{} such rows, this is the first", seen.blank)))
                .report();
        }
        if let Some(line) = seen.first_legacy {
            self.warning(Code::Windows1252, "UTF-8 text")
                .with(|issue| issue.at(line).value("bytes that are not UTF-8; this is the first such row"))
                .report();
        }
    }
}

/// A name without what is easily mistyped.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
