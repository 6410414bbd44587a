//! A table of comma-separated values.

use std::io::{Cursor, Read};

use super::cut::{Cutter, Piece};
use super::digest::Digesting;
use super::header::{Header, Keep};
use super::log::Log;
use super::scan::{Record, Scanner};
use super::schema::Table;
use super::shape;
use super::sheet::{Fault, Progress, Row, Sheet};
use crate::issue::{Code, Issue};
use crate::model::InputFile;

/// A file to be read.
pub struct Delimited<'a> {
    /// Its table.
    pub table: &'static Table,
    /// What issues call it.
    pub name: &'a str,
    /// Its bytes.
    pub input: Box<dyn Read + Send + 'a>,
    /// Bytes to be read at a time; the result does not depend on it.
    pub piece: usize,
}

impl Delimited<'_> {
    /// Reads the table, each row by `each`. `None` where the file cannot be used; the log then says why.
    ///
    /// # Errors
    /// The one problem after which nothing of the file can be told.
    pub fn read<T: Send>(
        self,
        keep: Keep<'_>,
        log: &mut Log,
        progress: Progress<'_>,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> Result<Option<(InputFile, Header, Vec<T>)>, Fault> {
        let Self { table, name, input, piece } = self;
        let unreadable = |error| Box::new(shape::unreadable(name, &error));
        let mut digesting = Digesting::new(input);
        let mut head = Vec::with_capacity(8);
        digesting.by_ref().take(8).read_to_end(&mut head).map_err(unreadable)?;
        if let Some(issue) = shape::foreign(name, &head) {
            return Err(Box::new(issue));
        }
        let bom = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let empty = head.is_empty();
        let mut cutter = Cutter::new(Cursor::new(head.split_off(bom)).chain(digesting.by_ref()), piece);

        let mut record = Record::default();
        let mut body = loop {
            let Some(piece) = cutter.next().map_err(unreadable)? else {
                let found = if empty { "no bytes" } else { "blank lines" };
                let issue = Issue::new(Code::FileEmpty, name, "a header line and one line per row");
                return Err(Box::new(issue.value(found)));
            };
            if let Some(body) = after_header(name, piece, &mut record)? {
                break Some(body);
            }
        };
        let Some(header) = Header::read(table, name, &record, keep, log) else { return Ok(None) };

        let sheet = Sheet { table, name, header: &header, progress };
        let next = || match body.take() {
            Some(piece) => Ok(Some(piece)),
            None => cutter.next().map_err(unreadable),
        };
        let (rows, count) = sheet.read(log, next, |piece, each| records(name, &piece, each), each)?;
        let sha256 = digesting.finish();
        Ok(Some((InputFile { name: name.to_owned(), sha256, rows: count }, header, rows)))
    }
}

/// Reads the header and gives what follows it; nothing where the piece holds but blank lines.
fn after_header(name: &str, mut piece: Piece, record: &mut Record) -> Result<Option<Piece>, Fault> {
    let mut scanner = Scanner::at(piece.bytes.as_slice(), piece.line);
    if !scanner.next(record).map_err(|fault| Box::new(shape::fault(name, &fault, record)))? {
        return Ok(None);
    }
    let line = scanner.line();
    let mut at = piece.bytes.len() - scanner.rest().len();
    if piece.bytes[at - 1] == b'\r' && piece.bytes.get(at) == Some(&b'\n') {
        at += 1;
    }
    Ok(Some(Piece { bytes: piece.bytes.split_off(at), line }))
}

/// Hands on the records of a piece.
fn records(name: &str, piece: &Piece, each: &mut dyn FnMut(&Record)) -> Result<(), Fault> {
    let mut scanner = Scanner::at(piece.bytes.as_slice(), piece.line);
    let mut record = Record::default();
    while scanner.next(&mut record).map_err(|fault| Box::new(shape::fault(name, &fault, &record)))? {
        each(&record);
    }
    Ok(())
}
