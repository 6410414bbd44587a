//! Conservation on reading: whatever the bytes, no request row is lost.

use std::collections::BTreeMap;

use rebook::Error;
use rebook::model::Case;
use rebook::tables::{ReadOptions, read_case_files};

/// The files of a case by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Reads the case and checks that every data row of `requests.csv` became a request, if the case can be used at
/// all. Nothing may panic.
///
/// The rows are counted by another reader of such files, which shares nothing with the engine's.
///
/// # Panics
/// If rows were lost or invented, or if an unusable case has no problems to show.
pub fn check(files: &Files) -> Option<Case> {
    match read_case_files(files, &ReadOptions::default()) {
        Ok(case) => {
            let rows = data_rows(&files["requests.csv"]);
            assert_eq!(case.requests.len(), rows, "rows in, requests out");
            assert!(case.warnings.iter().all(|issue| !issue.expected.is_empty() && !issue.help.is_empty()));
            Some(case)
        }
        Err(Error::Unusable(issues)) => {
            assert!(!issues.is_empty(), "an unusable case says why");
            assert!(issues.is_sorted(), "sorted by file, line and field");
            None
        }
        Err(other) => panic!("{other}"),
    }
}

/// Rows below the header that hold anything but separators and spaces.
pub fn data_rows(bytes: &[u8]) -> usize {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
    let filled = |record: &csv::ByteRecord| !record.as_slice().trim_ascii().is_empty();
    let rows = reader.byte_records().map_while(Result::ok).filter(filled).count();
    rows.saturating_sub(1)
}
