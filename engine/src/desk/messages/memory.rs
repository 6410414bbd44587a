//! What an earlier list said to patients in writing: whoever sends the new one sees who would be told twice, or otherwise.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::told::Means;
use crate::calendar::format_moment;
use crate::desk::{Earlier, Entry};
use crate::tables::unguard;

/// The sheet of those who are told in writing, in the folder of an earlier run.
const SHEET: &str = "sheets/written-to.csv";
/// The places that were opened for booking, there too.
pub(super) const POOL: &str = "messages/pool.csv";

/// What is done with a place of a pool: it is opened for booking, kept for whoever finds nothing, or closed again.
pub(super) const OPEN: &str = "open";
pub(super) const KEEP: &str = "keep";
pub(super) const CLOSE: &str = "close";

/// What an earlier list said.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By request.
    rows: BTreeMap<String, Row>,
    /// The places that it had opened for booking, or said were to be closed.
    pool: Vec<Place>,
    /// Whether that list was of this very plan: then what it says of lists before it still holds.
    same_plan: bool,
}

/// A place of an earlier pool: the cells of its row by the names of their columns.
type Place = BTreeMap<String, String>;

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
        let rows = table(earlier, SHEET, &["request_id", "how_told", "start", "book_by", "told_before"]);
        let row = |mut cells: BTreeMap<String, String>| {
            let mut take = |name: &str| cells.remove(name).unwrap_or_default();
            let id = take("request_id");
            let (how, start) = (take("how_told"), take("start"));
            (id, Row { how, start, book_by: take("book_by"), told_before: take("told_before") })
        };
        let pool = table(earlier, POOL, &["slot_ids", "start", "use"]);
        Self { rows: rows.into_iter().map(row).collect(), pool, same_plan: earlier.same_plan }
    }

    /// The places that an earlier pool has opened, still ahead and not opened now: links that are out would find them, and
    /// the plan may have given them to others.
    pub fn to_close(&self, opened: &BTreeSet<(String, String)>, as_of: NaiveDateTime) -> Vec<&Place> {
        let wanted = if self.same_plan { CLOSE } else { OPEN };
        let as_of = format_moment(as_of);
        let is_open = |place: &&Place| {
            let [slots, start] = ["slot_ids", "start"].map(|name| place[name].clone());
            place["use"] == wanted && start >= as_of && !opened.contains(&(slots, start))
        };
        self.pool.iter().filter(is_open).collect()
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

/// The rows of a table of an earlier run, by column; none where one of these columns is missing. A spreadsheet may have put
/// another mark between the cells.
fn table(earlier: &Earlier, name: &str, columns: &[&str]) -> Vec<BTreeMap<String, String>> {
    let read = |bytes: &[u8]| [b',', b';', b'\t'].iter().find_map(|&mark| rows(bytes, mark, columns));
    earlier.get(name).and_then(read).unwrap_or_default()
}

fn rows(bytes: &[u8], mark: u8, columns: &[&str]) -> Option<Vec<BTreeMap<String, String>>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(mark).flexible(true).from_reader(bytes);
    let text = |cell: &[u8]| unguard(String::from_utf8_lossy(cell).trim()).to_owned();
    let header: Vec<String> = reader.byte_headers().ok()?.iter().map(text).collect();
    if !columns.iter().all(|name| header.iter().any(|own| own == name)) {
        return None;
    }
    let row = |record: csv::ByteRecord| {
        let cells = (0..header.len()).map(|at| text(record.get(at).unwrap_or_default()));
        header.iter().cloned().zip(cells).collect()
    };
    Some(reader.byte_records().filter_map(Result::ok).map(row).collect())
}
