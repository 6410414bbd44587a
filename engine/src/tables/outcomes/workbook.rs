//! Call lists in workbooks, as Excel and LibreOffice save them.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::super::scan::Record;
use super::read::{List, are_titles, column};
use crate::issue::{Code, Issue};

/// The sheets of our workbook in which outcomes are noted.
const SHEETS: [&str; 2] = ["Call list", "Written to"];

/// The cells of a sheet that hold something: by row and column, first = 0.
type Grid = BTreeMap<u32, BTreeMap<u32, String>>;

/// The rows of each sheet in which outcomes are noted, the titles first: ours where it has titles, else the first that has.
/// Cells outside the columns that have a title are left out.
pub fn lists(name: &str, bytes: &[u8]) -> Result<Vec<List>, Box<Issue>> {
    let unreadable = |error: &XlsxError| {
        let issue = Issue::new(Code::WorkbookUnreadable, name, "a workbook as Excel saves it (.xlsx)");
        Box::new(issue.value(&error.to_string()))
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut sheets = book.sheet_names();
    let is_ours = |sheet: &str| SHEETS.contains(&sheet);
    sheets.sort_by_key(|sheet| !is_ours(sheet));
    let mut found: Vec<List> = Vec::new();
    for sheet in &sheets {
        if !is_ours(sheet) && !found.is_empty() {
            break;
        }
        match grid(&mut book, sheet) {
            Ok(grid) => {
                let list = |records| List { name: called(name, sheet), records };
                found.extend(below_titles(&grid).map(list));
            }
            Err(error) if is_ours(sheet) => return Err(unreadable(&error)),
            // A sheet that holds no cells, such as one with a chart alone.
            Err(_) => {}
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let expected = "a sheet with the titles `Request id` and `Outcome` in one row";
    let issue = Issue::new(Code::WorkbookUnreadable, name, expected);
    Err(Box::new(issue.value(&format!("sheets {}", sheets.join(", ")))))
}

/// What issues call a sheet: the call list is what the workbook is given for.
fn called(name: &str, sheet: &str) -> String {
    if sheet == SHEETS[1] { format!("{name}, sheet {sheet}") } else { name.to_owned() }
}

/// Reads cell by cell: a sheet with one cell in its last corner is as small as any other.
fn grid(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Grid, XlsxError> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let mut grid = Grid::new();
    while let Some(cell) = cells.next_cell()? {
        let (row, at) = cell.get_position();
        let text = text(cell.get_value());
        if !text.trim().is_empty() {
            grid.entry(row).or_default().insert(at, text);
        }
    }
    Ok(grid)
}

/// What a cell shows, dates as the tables write them.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute) == (0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}") }
        }
    }
}

/// The row with the titles and those below it; nothing where no row has them.
fn below_titles(grid: &Grid) -> Option<Vec<Record>> {
    let named = |cells: &BTreeMap<u32, String>| cells.values().map(|text| column(text)).collect::<Vec<_>>();
    let (&first, titles) =
        grid.iter().find(|(_, cells)| are_titles(named(cells).iter().map(String::as_str)))?;
    let record = |(&row, cells): (&u32, &BTreeMap<u32, String>)| {
        let mut record = Record::default();
        record.begin(u64::from(row) + 1);
        for at in titles.keys() {
            record.push(cells.get(at).map(String::as_bytes).unwrap_or_default());
            record.end_cell();
        }
        record
    };
    Some(grid.range(first..).map(record).collect())
}
