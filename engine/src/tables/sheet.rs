//! One table file, row by row: in one pass, in bounded memory, with a digest of all its bytes.

use std::borrow::Cow;
use std::io::{self, BufReader, Cursor, Read};

use sha2::{Digest, Sha256};

use super::header::{Header, Keep};
use super::log::Log;
use super::scan::{Record, Scanner};
use super::schema::Table;
use super::shape::{self, Seen};
use super::text::{decode, unguard};
use crate::issue::{Code, Issue};
use crate::model::InputFile;

/// One row of a table file.
pub struct Row<'a> {
    /// Its table.
    pub table: &'static Table,
    /// The problem of the row as a whole, if there is one: cells may not stand where they belong.
    pub fault: Option<Issue>,
    header: &'a Header,
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

    /// The trimmed text of a column of the schema, readable or not.
    pub fn trimmed(&self, column: usize) -> Cow<'_, str> {
        match decode(self.raw(column)) {
            Cow::Borrowed(text) => Cow::Borrowed(unguard(text.trim()).trim()),
            Cow::Owned(text) => Cow::Owned(unguard(text.trim()).trim().to_owned()),
        }
    }

    /// The cells to keep, as they were meant, spaces and all.
    pub fn kept(&self) -> impl Iterator<Item = String> {
        let cell = |at: usize| decode(self.record.cell(at).unwrap_or_default());
        self.header.kept.iter().map(move |&at| unguard(&cell(at)).to_owned())
    }
}

/// Reads that go through a digest.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
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
    each: impl FnMut(Row<'_>, &mut Log),
) -> Option<(InputFile, Header)> {
    match try_read(table, name, input, keep, log, each) {
        Ok(read) => read,
        Err(issue) => {
            log.problems.push(*issue);
            None
        }
    }
}

/// As [`read`]; an error is the one problem after which nothing of the file can be told.
fn try_read(
    table: &'static Table,
    name: &str,
    input: Box<dyn Read + '_>,
    keep: Keep<'_>,
    log: &mut Log,
    mut each: impl FnMut(Row<'_>, &mut Log),
) -> Result<Option<(InputFile, Header)>, Box<Issue>> {
    let mut digesting = Digesting { inner: input, digest: Sha256::new() };
    let mut head = Vec::with_capacity(8);
    digesting
        .by_ref()
        .take(8)
        .read_to_end(&mut head)
        .map_err(|error| Box::new(shape::unreadable(name, &error)))?;
    if let Some(issue) = shape::foreign(name, &head) {
        return Err(Box::new(issue));
    }
    let bom = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let body = Cursor::new(head[bom..].to_vec()).chain(digesting.by_ref());
    let mut scanner = Scanner::new(BufReader::with_capacity(1 << 16, body));
    let mut record = Record::default();
    if !scanner.next(&mut record).map_err(|fault| Box::new(shape::fault(name, &fault, &record)))? {
        let found = if head.is_empty() { "no bytes" } else { "blank lines" };
        let issue = Issue::new(Code::FileEmpty, name, "a header line and one line per row");
        return Err(Box::new(issue.value(found)));
    }
    let Some(header) = Header::read(table, name, &record, keep, log) else { return Ok(None) };
    let mut seen = Seen::default();
    while scanner.next(&mut record).map_err(|fault| Box::new(shape::fault(name, &fault, &record)))? {
        if record.is_blank() {
            seen.blank += 1;
            seen.first_blank.get_or_insert(record.line);
            continue;
        }
        seen.rows += 1;
        if !record.is_ascii() && record.cells().any(|cell| std::str::from_utf8(cell).is_err()) {
            seen.first_legacy.get_or_insert(record.line);
        }
        if let Some(issue) = shape::broken(table, name, &record, &header) {
            log.problems.push(issue);
            continue;
        }
        let fault = shape::fault_of_row(table, name, &record, &header);
        each(Row { table, fault, header: &header, record: &record }, log);
    }
    log.warnings.extend(seen.warnings(name));
    drop(scanner);
    let sha256 = hexadecimal(&digesting.digest.finalize());
    Ok(Some((InputFile { name: name.to_owned(), sha256, rows: seen.rows }, header)))
}
