//! What an earlier list said to patients in writing: whoever sends the new one sees who would be told twice, or otherwise.

use std::collections::BTreeMap;

use super::told::Means;
use crate::calendar::format_moment;
use crate::desk::{Earlier, Entry};
use crate::tables::unguard;

/// The sheet of those who are told in writing, in the folder of an earlier run.
const SHEET: &str = "sheets/written-to.csv";

/// What an earlier list said.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By request.
    rows: BTreeMap<String, Row>,
    /// Whether that list was of this very plan: then what it says of lists before it still holds.
    same_plan: bool,
}

#[derive(Debug)]
struct Row {
    how: String,
    start: String,
    book_by: String,
    told_before: String,
}

impl Memory {
    /// What an earlier run left; nothing where there is no list, or one that cannot be read: no message depends on it.
    pub fn of(earlier: &Earlier) -> Self {
        let rows = earlier
            .get(SHEET)
            .and_then(|bytes| [b',', b';', b'\t'].iter().find_map(|&mark| rows(bytes, mark)));
        Self { rows: rows.unwrap_or_default(), same_plan: earlier.same_plan }
    }

    /// What the patient was told before, if anything: `the same`, `link until 2024-07-28` or `text: 2024-08-01T09:00`.
    pub fn told_before(&self, entry: &Entry<'_>, how: Means) -> String {
        let Some(row) = self.rows.get(&entry.row.request_id) else { return String::new() };
        if self.same_plan {
            row.told_before.clone()
        } else if row.how == Means::Link.as_str() {
            format!("link until {}", row.book_by)
        } else if row.how == how.as_str() && row.start == format_moment(entry.row.start) {
            "the same".to_owned()
        } else {
            format!("{}: {}", row.how, row.start)
        }
    }
}

/// The rows by request; nothing where a column is missing, as with another mark between the cells.
fn rows(bytes: &[u8], mark: u8) -> Option<BTreeMap<String, Row>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(mark).flexible(true).from_reader(bytes);
    let header = reader.byte_headers().ok()?.clone();
    let column = |name: &str| header.iter().position(|cell| cell.trim_ascii() == name.as_bytes());
    let (id, how, start) = (column("request_id")?, column("how_told")?, column("start")?);
    let (book_by, told_before) = (column("book_by")?, column("told_before")?);
    let mut rows = BTreeMap::new();
    for record in reader.byte_records().filter_map(Result::ok) {
        let cell = |at: usize| {
            let bytes = record.get(at).unwrap_or_default();
            unguard(String::from_utf8_lossy(bytes).trim()).to_owned()
        };
        let row = Row {
            how: cell(how),
            start: cell(start),
            book_by: cell(book_by),
            told_before: cell(told_before),
        };
        rows.insert(cell(id), row);
    }
    Some(rows)
}
