//! The rows of a call list: below the row with the titles, wherever that stands.

use super::super::cells::Cells;
use super::super::header::{Header, Keep};
use super::super::log::Log;
use super::super::scan::{Record, Scanner};
use super::super::schema::CALL_LIST;
use super::super::shape;
use super::super::sheet::{Row, Sheet};
use super::super::text::{decode, unguard};
use super::Call;
#[cfg(feature = "desk")]
use super::workbook;
use crate::issue::{Code, Issue};
use crate::model::Outcome;

/// The columns in which people write what came of a call.
const FILLED_IN: [&str; 3] = ["outcome", "can_come", "cannot_come"];

/// The rows in which something was filled in, and how many rows there are.
pub fn calls(name: &str, bytes: &[u8], log: &mut Log) -> Option<(Vec<Call>, usize)> {
    let lists = match lists(name, bytes) {
        Ok(lists) => lists,
        Err(issue) => {
            log.problems.push(*issue);
            return None;
        }
    };
    let of_list = |list: List| of_list(&list.name, list.records, log);
    // Every list is read, so that all that is wrong is said at once.
    let read: Vec<Option<(Vec<Call>, usize)>> = lists.into_iter().map(of_list).collect();
    let read: Vec<(Vec<Call>, usize)> = read.into_iter().collect::<Option<_>>()?;
    let rows = read.iter().map(|(_, rows)| rows).sum();
    let calls: Vec<Call> = read.into_iter().flat_map(|(calls, _)| calls).collect();
    if calls.is_empty() {
        let issue = Issue::new(Code::NoOutcomes, name, "an outcome in at least one row");
        log.warnings.push(issue.field("outcome").value(&format!("nothing filled in in {rows} row(s)")));
    }
    Some((calls, rows))
}

/// The rows of a call list, one of them that with the titles.
pub struct List {
    /// What issues call it.
    pub name: String,
    /// The first is in line 1, but for those that were left out because they are blank.
    pub records: Vec<Record>,
}

fn of_list(name: &str, records: Vec<Record>, log: &mut Log) -> Option<(Vec<Call>, usize)> {
    let (header, records) = below_titles(records)?;
    let titles = header.line;
    let header = Header::read(&CALL_LIST, name, &header, Keep::Rest, log)?;
    if !header.has(&CALL_LIST, "outcome") {
        let issue = Issue::new(Code::ColumnMissing, name, "a column \"outcome\": what came of the call");
        log.problems.push(issue.at(titles).field("outcome").value("no such title in any row"));
        return None;
    }
    let sheet = Sheet { table: &CALL_LIST, name, header: &header, progress: &|_, _| {} };
    // What a spreadsheet leaves behind, such as blank rows, is none of the user's business in a list of ours.
    let mut own = Log::default();
    let mut part = Some(records);
    let call = |row: &Row<'_>, log: &mut Log| call(name, row, log);
    let read = sheet.read(
        &mut own,
        || Ok(part.take()),
        |records: Vec<Record>, each| {
            records.iter().for_each(each);
            Ok(())
        },
        call,
    );
    let sound = own.problems.is_empty();
    log.problems.append(&mut own.problems);
    let (calls, rows) = log.read(read.map(Some))?;
    sound.then_some((calls, rows))
}

/// The lists of a file: a CSV file is one, a workbook may have several.
fn lists(name: &str, bytes: &[u8]) -> Result<Vec<List>, Box<Issue>> {
    if bytes.starts_with(b"PK\x03\x04") {
        #[cfg(feature = "desk")]
        return workbook::lists(name, bytes);
        #[cfg(not(feature = "desk"))]
        return Err(Box::new(
            Issue::new(Code::WorkbookUnreadable, name, "a call list as CSV")
                .value("a workbook")
                .help("This build reads CSV only: save the sheet `Call list` as CSV UTF-8."),
        ));
    }
    let head = &bytes[..bytes.len().min(8)];
    if let Some(issue) = shape::foreign(name, head) {
        return Err(Box::new(issue));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(issue) = separated_otherwise(name, text) {
        return Err(Box::new(issue));
    }
    let mut scanner = Scanner::new(text);
    let mut records = Vec::new();
    loop {
        let mut record = Record::default();
        match scanner.next(&mut record) {
            Ok(true) => records.push(record),
            Ok(false) => break,
            Err(fault) => return Err(Box::new(shape::fault(name, &fault, &record))),
        }
    }
    if records.is_empty() {
        let issue = Issue::new(Code::FileEmpty, name, "a line with the titles and one line per call");
        return Err(Box::new(issue.value("nothing but blank lines")));
    }
    Ok(vec![List { name: name.to_owned(), records }])
}

/// The titles stand in a line that is not separated by commas. Looked for in the lines as they are: where nothing is
/// separated by commas, quotes stand where a record has none.
fn separated_otherwise(name: &str, text: &[u8]) -> Option<Issue> {
    let are_known = |titles: &[&str]| {
        let names: Vec<String> = titles.iter().map(|title| column(title)).collect();
        are_titles(names.iter().map(String::as_str))
    };
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        let line = decode(line);
        let line = line.trim();
        let by_commas: Vec<&str> = line.split(',').map(|title| title.trim().trim_matches('"')).collect();
        if are_known(&by_commas) {
            return None;
        }
        let found = shape::separated_otherwise(name, number, line, are_known);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The titles as names of columns, and the rows below them. Where no row has the titles, the first is taken for it, so that
/// what is wrong with it is said.
fn below_titles(mut records: Vec<Record>) -> Option<(Record, Vec<Record>)> {
    let names = |record: &Record| record.cells().map(|cell| column(&decode(cell))).collect::<Vec<_>>();
    let at = records.iter().position(|record| are_titles(names(record).iter().map(String::as_str)));
    let rows = records.split_off(at.unwrap_or_default() + 1);
    let titles = records.pop()?;
    let mut header = Record::default();
    header.begin(titles.line);
    for name in names(&titles) {
        header.push(name.as_bytes());
        header.end_cell();
    }
    Some((header, rows))
}

/// Whether these names of columns are those of a call list.
pub fn are_titles<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let (mut request, mut outcome) = (false, false);
    for name in names {
        request |= name == "request_id";
        outcome |= name == "outcome";
    }
    request && outcome
}

/// The name of the column with this title.
pub fn column(title: &str) -> String {
    let words = unguard(title.trim()).split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase()
}

/// Reads a row; nothing where nobody has filled anything in.
fn call(list: &str, row: &Row<'_>, log: &mut Log) -> Option<Call> {
    let position = |name: &&str| row.table.position(name);
    let filled_in = FILLED_IN.iter().filter_map(position).any(|column| !row.trimmed(column).is_empty());
    if let Some(fault) = &row.fault
        && (filled_in || fault.code != Code::TotalRow)
    {
        // Cells may not stand where they belong: then nobody knows whether something was filled in.
        log.problems.push(fault.clone());
        return None;
    }
    if !filled_in {
        return None;
    }
    let mut cells = Cells::new(row);
    let call = Call {
        list: list.to_owned(),
        line: row.line(),
        request_id: cells.id("request_id").unwrap_or_default(),
        patient_id: cells.id("patient_id"),
        slot_ids: cells.tags("slot_ids"),
        alternatives: [cells.tags("alternative_1_slots"), cells.tags("alternative_2_slots")],
        outcome: cells.word("outcome", Outcome::read),
        can_come: cells.windows("can_come"),
        cannot_come: cells.dates("cannot_come"),
    };
    let sound = cells.problems.is_empty();
    log.problems.append(&mut cells.problems);
    sound.then_some(call)
}
