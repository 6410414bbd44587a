//! A file in pieces that can be read side by side: each ends where a record ends.
//!
//! Where a record ends can only be told from the beginning, because a quote decides what a line break means. A
//! piece without any quote is cut at its last line end; any other is scanned once to find where to cut, by the
//! same scanner that reads it afterwards. What is held does not grow with the file: a record that has no end
//! within [`RECORD_LIMIT`] is a fault, and nothing is read after a fault.

use std::io::{self, Read};

use super::scan::{Fault, RECORD_LIMIT, Record, Scanner};

/// Bytes read at a time.
pub const PIECE: usize = 512 * 1024;

/// Whole records of a file, one after the other.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The line of the file on which they begin, first line = 1.
    pub line: u64,
}

/// Where some bytes of a file can be cut.
enum Cut {
    /// Before this position.
    At(usize),
    /// Their one record goes on beyond them.
    Later,
    /// Nowhere, whatever follows: there is a fault in them.
    Never,
}

/// Cuts a file into pieces.
pub struct Cutter<R> {
    input: R,
    size: usize,
    /// What was read after the last cut.
    tail: Vec<u8>,
    line: u64,
    ended: bool,
    /// What ended it, told when everything before has been handed out.
    error: Option<io::Error>,
}

impl<R: Read> Cutter<R> {
    /// A cutter that reads so many bytes at a time.
    pub fn new(input: R, size: usize) -> Self {
        Self { input, size: size.max(1), tail: Vec::new(), line: 1, ended: false, error: None }
    }

    /// The next piece; nothing at the end of the file, or behind a fault.
    ///
    /// # Errors
    /// The system's.
    pub fn next(&mut self) -> io::Result<Option<Piece>> {
        if self.ended {
            return self.error.take().map_or(Ok(None), Err);
        }
        let mut bytes = std::mem::take(&mut self.tail);
        loop {
            let wanted = self.size as u64;
            match self.input.by_ref().take(wanted).read_to_end(&mut bytes) {
                Ok(more) if more as u64 == wanted => {}
                Ok(_) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    self.ended = true;
                    self.error = Some(error);
                }
            }
            match cut(&bytes) {
                Cut::Later if self.error.is_some() => {
                    bytes.clear();
                    break;
                }
                Cut::Later => {}
                Cut::Never => {
                    self.ended = true;
                    break;
                }
                Cut::At(at) => {
                    self.tail.extend_from_slice(&bytes[at..]);
                    bytes.truncate(at);
                    break;
                }
            }
        }
        if bytes.is_empty() {
            return self.error.take().map_or(Ok(None), Err);
        }
        let line = self.line;
        if !self.ended {
            self.line += line_ends(&bytes);
        }
        Ok(Some(Piece { bytes, line }))
    }
}

/// The last place where bytes that begin with a record can be cut.
fn cut(bytes: &[u8]) -> Cut {
    if bytes.contains(&b'"') { scanned_cut(bytes) } else { plain_cut(bytes) }
}

/// As [`cut`], without a quote in the bytes.
fn plain_cut(bytes: &[u8]) -> Cut {
    // A carriage return at the very end may be the first half of a CRLF.
    let last = bytes.len().saturating_sub(1);
    let ends = |&at: &usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && at < last);
    match (0..bytes.len()).rev().take(RECORD_LIMIT + 2).find(ends) {
        Some(at) => Cut::At(at + 1),
        None if bytes.len() > RECORD_LIMIT + 1 => Cut::Never,
        None => Cut::Later,
    }
}

/// As [`cut`], by scanning all of it.
fn scanned_cut(bytes: &[u8]) -> Cut {
    let mut scanner = Scanner::new(bytes);
    let mut record = Record::default();
    let mut found = 0;
    loop {
        match scanner.next(&mut record) {
            Ok(true) => {
                let at = bytes.len() - scanner.rest().len();
                found = match (bytes[at - 1], bytes.get(at)) {
                    (b'\r', Some(b'\n')) => at + 1,
                    (b'\n', _) | (b'\r', Some(_)) => at,
                    _ => found,
                };
            }
            // What is not closed yet may be closed later.
            Ok(false) | Err(Fault::Unclosed(_)) => break,
            Err(_) => return Cut::Never,
        }
    }
    if found > 0 { Cut::At(found) } else { Cut::Later }
}

/// How many lines end in these bytes, whatever ends them.
fn line_ends(bytes: &[u8]) -> u64 {
    let count = |wanted: u8| bytes.iter().map(|&byte| usize::from(byte == wanted)).sum::<usize>();
    let feeds = count(b'\n');
    if !bytes.contains(&b'\r') {
        return feeds as u64;
    }
    let both = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    (feeds + count(b'\r') - both) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees: the line and cells of each record up to the first fault, and that fault.
    type Seen = (Vec<(u64, Vec<Vec<u8>>)>, String);

    fn scan(bytes: &[u8], line: u64, seen: &mut Seen) -> bool {
        let mut scanner = Scanner::at(bytes, line);
        let mut record = Record::default();
        loop {
            match scanner.next(&mut record) {
                Ok(true) => seen.0.push((record.line, record.cells().map(<[u8]>::to_vec).collect())),
                Ok(false) => return true,
                Err(fault) => {
                    seen.1 = format!("{fault:?}");
                    return false;
                }
            }
        }
    }

    fn whole(bytes: &[u8]) -> Seen {
        let mut seen = Seen::default();
        scan(bytes, 1, &mut seen);
        seen
    }

    /// As [`whole`], in pieces of so many bytes; and how many pieces there were.
    fn in_pieces(bytes: &[u8], size: usize) -> (Seen, usize) {
        let mut cutter = Cutter::new(bytes, size);
        let mut seen = Seen::default();
        let mut pieces = 0;
        while let Some(piece) = cutter.next().unwrap() {
            pieces += 1;
            if !scan(&piece.bytes, piece.line, &mut seen) {
                break;
            }
        }
        (seen, pieces)
    }

    #[test]
    fn wherever_a_piece_ends_the_records_are_the_same() {
        let texts: [&[u8]; 6] = [
            b"a,b\r\n\"x\r\ny\",\"say \"\"hi\"\"\"\r\n\r\n\r\n5\" nail,\"\" \r\nlast,1",
            b"a,b\n\n\"1\n\n2\"\n,\n\"\"\"\"\n",
            b"a\rb\r\r\"c\rd\"\re",
            b"a\n\"b\" c\nd\n",
            b"a\n\xe9\xff,\"\xe9\n\"\n\0\n",
            b"a\n\"b\nc\nd\n",
        ];
        for text in texts {
            for size in 1..=text.len() + 1 {
                assert_eq!(in_pieces(text, size).0, whole(text), "{:?} by {size}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn whatever_the_bytes_the_records_are_the_same() {
        use rand::{RngExt, SeedableRng};
        let mut random = rand_pcg::Pcg64::seed_from_u64(2);
        let (mut cut, mut faults) = (0, 0);
        for _ in 0..100_000 {
            let length = random.random_range(0..24);
            let text: Vec<u8> =
                (0..length).map(|_| b"aa\"\",\n\n\r \0"[random.random_range(0..10)]).collect();
            let expected = whole(&text);
            let (seen, pieces) = in_pieces(&text, random.random_range(1..10));
            assert_eq!(seen, expected, "{:?}", text.escape_ascii());
            cut += usize::from(pieces > 1);
            faults += usize::from(!seen.1.is_empty());
        }
        assert!(cut > 20_000 && faults > 10_000, "{cut} {faults}");
    }

    /// Bytes without an end that are never held: those read are counted.
    struct Endless<'a>(&'a [u8], u64);

    impl Read for Endless<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.1 += count as u64;
            Ok(count)
        }
    }

    #[test]
    fn whole_records_before_a_broken_disk_are_handed_out() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        for (text, whole) in [("", ""), ("a", ""), ("a\nb\nc", "a\nb\n"), ("\"a\n\"\n\"b\n", "\"a\n\"\n")] {
            for size in 1..9 {
                let mut cutter = Cutter::new(text.as_bytes().chain(Broken), size);
                let mut seen = Vec::new();
                let error = loop {
                    match cutter.next() {
                        Ok(piece) => seen.extend(piece.expect("the error first").bytes),
                        Err(error) => break error,
                    }
                };
                assert_eq!((seen.as_slice(), error.to_string().as_str()), (whole.as_bytes(), "broken"));
                assert!(cutter.next().is_ok_and(|piece| piece.is_none()));
            }
        }
    }

    #[test]
    fn a_row_without_an_end_is_not_read_to_its_end() {
        let long = [&b"x"[..], b"x,", b"\"\",", b"\"\"", b"\"\"   ", b"\0"];
        for text in long.map(|text| text.repeat(1000)) {
            let mut cutter = Cutter::new(Endless(&text, 0), 4096);
            let mut last = Vec::new();
            while let Some(piece) = cutter.next().unwrap() {
                last = piece.bytes;
            }
            let mut seen = Seen::default();
            assert!(!scan(&last, 1, &mut seen), "{:?}", &text[..4]);
            assert!(cutter.input.1 < 8 * RECORD_LIMIT as u64, "{:?}: {}", &text[..4], cutter.input.1);
        }
    }
}
