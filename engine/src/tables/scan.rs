//! Records of a comma-separated file, in bounded memory and without guessing.
//!
//! A strict reader of its own, because a lenient one loses rows in silence: where a quote is not closed, or is
//! followed by text, rows in between become part of a cell. Those are faults here, with their line.

use std::io::{self, BufRead};

/// Longest record, in bytes.
pub const RECORD_LIMIT: usize = 256 * 1024;

/// Longest cell, in bytes.
pub const CELL_LIMIT: usize = 64 * 1024;

/// Why a file cannot be cut into records.
#[derive(Debug)]
pub enum Fault {
    /// The system's fault.
    Io(io::Error),
    /// The record that begins on this line is longer than [`RECORD_LIMIT`].
    TooLong(u64),
    /// The quote opened on this line is never closed.
    Unclosed(u64),
    /// On this line text follows a closing quote.
    Misplaced(u64),
    /// On this line there is a NUL byte.
    Nul(u64),
}

/// One record, used again for the next.
#[derive(Debug, Default)]
pub struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Line on which it begins, first line = 1.
    pub line: u64,
    /// Whether a quoted cell goes over more than one line.
    pub breaks: bool,
    /// Spaces between a closing quote and the next comma: they count as bytes of the record.
    padding: usize,
}

impl Record {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all its cells.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The cell at this position.
    #[inline]
    pub fn cell(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        Some(&self.bytes[start..end])
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|index| self.cell(index))
    }

    /// Whether every byte is ASCII.
    pub fn is_ascii(&self) -> bool {
        self.bytes.is_ascii()
    }

    /// Whether there is nothing in it but separators and spaces.
    pub fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// The cell that was being read when a fault ended the record.
    pub fn unfinished(&self) -> &[u8] {
        &self.bytes[self.ends.last().copied().unwrap_or_default()..]
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.breaks = false;
        self.padding = 0;
    }

    /// An empty record that stands on this line.
    pub fn begin(&mut self, line: u64) {
        self.clear();
        self.line = line;
    }

    /// Adds bytes to the cell that is not ended yet.
    pub fn push(&mut self, bytes: &[u8]) {
        self.breaks |= bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        self.bytes.extend_from_slice(bytes);
    }

    /// Ends a cell.
    #[inline]
    pub fn end_cell(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// Whether it is longer than [`RECORD_LIMIT`].
    #[inline]
    pub fn is_too_long(&self) -> bool {
        self.bytes.len() + self.ends.len() + self.padding > RECORD_LIMIT
    }
}

#[cfg(feature = "parquet")]
impl io::Write for Record {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where in a cell the scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a cell.
    Start,
    /// In a cell without quotes.
    Bare,
    /// Between quotes.
    Quoted,
    /// After a quote inside quotes: its end, or the first half of a doubled one.
    Closed,
    /// After spaces that follow the end of a quoted cell.
    Padded,
}

/// Cuts bytes into records.
#[derive(Debug)]
pub struct Scanner<R> {
    input: R,
    line: u64,
    after_return: bool,
}

impl<R: BufRead> Scanner<R> {
    /// A scanner at the start of a file.
    pub fn new(input: R) -> Self {
        Self::at(input, 1)
    }

    /// A scanner of what begins with this line of a file.
    pub fn at(input: R, line: u64) -> Self {
        Self { input, line, after_return: false }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &R {
        &self.input
    }

    /// Line of the next byte.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next record that is not a blank line; false at the end of the file.
    ///
    /// # Errors
    /// What makes it impossible to tell where records begin and end; nothing can be read after it.
    pub fn next(&mut self, record: &mut Record) -> Result<bool, Fault> {
        record.clear();
        record.line = self.line;
        let mut state = State::Start;
        let mut quote_line = self.line;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Fault::Io(error)),
            };
            if chunk.is_empty() {
                if state == State::Quoted {
                    return Err(Fault::Unclosed(quote_line));
                }
                let any = !record.ends.is_empty() || state != State::Start;
                if any {
                    record.end_cell();
                }
                return Ok(any);
            }
            let mut used = 0;
            let mut done = false;
            while used < chunk.len() && !done {
                let byte = chunk[used];
                used += 1;
                // The second half of a CRLF belongs to the line before.
                let second_half = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if second_half {
                    if state == State::Quoted {
                        record.bytes.push(byte);
                    }
                    continue;
                }
                match (byte, state) {
                    (0, _) => return Err(Fault::Nul(self.line)),
                    (b'\n' | b'\r', State::Quoted) => {
                        record.bytes.push(byte);
                        record.breaks = true;
                        self.line += 1;
                    }
                    (b'\n' | b'\r', _) => {
                        self.line += 1;
                        let blank = record.ends.is_empty() && state == State::Start;
                        if blank {
                            record.line = self.line;
                        } else {
                            record.end_cell();
                            done = true;
                        }
                    }
                    (b'"', State::Start) => {
                        quote_line = self.line;
                        state = State::Quoted;
                    }
                    (b'"', State::Quoted) => state = State::Closed,
                    (b'"', State::Closed) => {
                        record.bytes.push(byte);
                        state = State::Quoted;
                    }
                    (_, State::Quoted) => record.bytes.push(byte),
                    (b',', _) => {
                        record.end_cell();
                        state = State::Start;
                    }
                    (b' ' | b'\t', State::Closed | State::Padded) => {
                        record.padding += 1;
                        state = State::Padded;
                    }
                    (_, State::Closed | State::Padded) => return Err(Fault::Misplaced(self.line)),
                    (_, State::Start | State::Bare) => {
                        // Plain text up to the next byte that means something.
                        let rest = &chunk[used - 1..];
                        let plain = rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r' | 0));
                        let plain = plain.unwrap_or(rest.len());
                        record.bytes.extend_from_slice(&rest[..plain]);
                        used += plain - 1;
                        state = State::Bare;
                    }
                }
                if record.is_too_long() {
                    return Err(Fault::TooLong(record.line));
                }
            }
            self.input.consume(used);
            if done {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Result<Vec<(u64, Vec<String>)>, Fault> {
        // A tiny buffer, so that every state meets the end of a chunk.
        let mut scanner = Scanner::new(io::BufReader::with_capacity(3, text.as_bytes()));
        let mut record = Record::default();
        let mut rows = Vec::new();
        while scanner.next(&mut record)? {
            let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            rows.push((record.line, cells));
        }
        Ok(rows)
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let expected = vec![row(1, &["a", "b"]), row(4, &["1", ""]), row(5, &["", "2"])];
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "", "1,", ",2", ""].join(end);
            assert_eq!(scan(&text).unwrap(), expected, "{end:?}");
        }
    }

    #[test]
    fn quotes_hold_commas_quotes_and_line_breaks() {
        let rows = scan("\"a,b\" ,\"say \"\"hi\"\"\"\n\"x\r\ny\",5\" nail\nlast").unwrap();
        assert_eq!(
            rows,
            vec![row(1, &["a,b", "say \"hi\""]), row(2, &["x\r\ny", "5\" nail"]), row(4, &["last"])]
        );
    }

    #[test]
    fn what_would_lose_rows_is_a_fault() {
        assert!(matches!(scan("a\n\"b,c\nd,e\n"), Err(Fault::Unclosed(2))));
        assert!(matches!(scan("a\n\"b\"c\n"), Err(Fault::Misplaced(2))));
        assert!(matches!(scan("a\nb\n\0"), Err(Fault::Nul(3))));
        assert!(matches!(scan(&format!("a\n{}", "x".repeat(RECORD_LIMIT + 1))), Err(Fault::TooLong(2))));
    }

    #[test]
    fn what_is_accepted_is_read_as_any_other_reader_reads_it() {
        use rand::{RngExt, SeedableRng};
        let mut random = rand_pcg::Pcg64::seed_from_u64(1);
        let mut compared = 0;
        for _ in 0..200_000 {
            let length = random.random_range(0..14);
            let text: String =
                (0..length).map(|_| char::from(b"aa\",,\n\r "[random.random_range(0..8)])).collect();
            let Ok(rows) = scan(&text) else { continue };
            let mut reader =
                csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
            let trimmed = |cells: Vec<String>| -> Vec<String> {
                cells.iter().map(|cell| cell.trim_matches(' ').to_owned()).collect()
            };
            let other: Vec<Vec<String>> = reader
                .records()
                .map(|record| trimmed(record.unwrap().iter().map(str::to_owned).collect()))
                .collect();
            let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| trimmed(cells)).collect();
            assert_eq!(rows, other, "{text:?}");
            compared += 1;
        }
        assert!(compared > 50_000, "{compared}");
    }

    #[test]
    fn spaces_after_a_quoted_cell_are_bytes_of_the_record() {
        let padded = |spaces: usize| scan(&format!("a\n\"b\"{}\n", " ".repeat(spaces)));
        assert_eq!(padded(RECORD_LIMIT - 2).unwrap().len(), 2);
        assert!(matches!(padded(RECORD_LIMIT + 1), Err(Fault::TooLong(2))));
    }

    #[test]
    fn a_quoted_empty_cell_at_the_end_is_a_row() {
        assert_eq!(scan("\"\"").unwrap(), vec![row(1, &[""])]);
        assert_eq!(scan("a,").unwrap(), vec![row(1, &["a", ""])]);
    }
}
