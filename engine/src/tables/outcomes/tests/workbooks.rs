//! Call lists in workbooks.

use rust_xlsxwriter::{Format, Workbook};

use super::*;

fn after(mut book: Workbook) -> Result<Case> {
    with_outcomes(case(), &[("calls.xlsx".to_owned(), book.save_to_buffer().unwrap())])
}

/// A sheet with a title and an explanation above its titles in the third row, a column in.
fn sheet(book: &mut Workbook, name: &str, titles: &[&str], rows: &[&[&str]]) {
    let sheet = book.add_worksheet().set_name(name).unwrap();
    sheet.write(0, 0, "Outcome of calls").unwrap();
    for (row, cells) in std::iter::once(&titles).chain(rows).enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32 + 2, column as u16 + 1, *cell).unwrap();
        }
    }
}

#[test]
fn the_sheet_is_found_and_so_are_its_titles() {
    let mut book = Workbook::new();
    sheet(&mut book, "Start here", &["Request id", "Outcome"], &[&["R1", "declined"]]);
    let titles = ["Call by", "Request id", "Patient id", "Slot ids", "Outcome", "Can come", "Cannot come"];
    let rows: [&[&str]; 3] = [
        &["", "R1", "P1", "T1", "Accepted", "", ""],
        &["", "R2", "P2", "T2", "", "", ""],
        &["", "R4", "P4", "G1", "wants other time", "Wed 14:00-18:00", "2024-07-31"],
    ];
    sheet(&mut book, "Call list", &titles, &rows);
    let sheet = book.worksheet_from_name("Call list").unwrap();
    // A remark beside the table, a cell far away, and dates that are dates.
    sheet.write(3, 12, "rang twice").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let day = chrono::NaiveDate::from_ymd_opt(2024, 7, 30).unwrap();
    sheet.write_with_format(4, 7, &day, &date).unwrap();
    sheet.write_with_format(4, 1, &day.and_hms_opt(9, 30, 0).unwrap(), &date).unwrap();
    let case = after(book).unwrap();
    assert_eq!(slot(&case, "T1").patient_id.as_deref(), Some("P1"));
    assert_eq!(request(&case, "R4").available, Availability::parse("Wed 14:00-18:00").unwrap());
    assert!(request(&case, "R4").unavailable_dates.contains("2024-07-31".parse().unwrap()));
    assert!(request(&case, "R2").unavailable_dates.contains(day));
    assert!(codes(&case).is_empty());
    assert_eq!(case.files.iter().find(|file| file.name == "outcomes/1").unwrap().rows, 3);
}

#[test]
fn another_sheet_with_the_titles_will_do_and_numbers_are_ids() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Call list").unwrap().write(0, 0, "moved").unwrap();
    sheet(&mut book, "Calls", &["OUTCOME", "request_id", "Slot ids"], &[&["accepted", "R1", "T1"]]);
    assert_eq!(slot(&after(book).unwrap(), "T1").patient_id.as_deref(), Some("P1"));
    let mut book = Workbook::new();
    sheet(&mut book, "Calls", &["Outcome", "Request id", "Slot ids"], &[&["accepted", "R1"]]);
    book.worksheet_from_name("Calls").unwrap().write(3, 3, 7).unwrap();
    let Err(Error::Unusable(issues)) = after(book) else { panic!("zeros are lost") };
    assert_eq!(
        (issues[0].code, issues[0].value.as_deref(), issues[0].line),
        (Code::LeadingZerosLost, Some("7"), Some(4))
    );
}

#[test]
fn both_sheets_in_which_outcomes_are_noted_count_whatever_their_order() {
    let mut book = Workbook::new();
    let titles = ["Request id", "Patient id", "Outcome", "Slot ids"];
    sheet(&mut book, "Notes", &titles, &[&["R5", "P5", "declined", ""]]);
    sheet(
        &mut book,
        "Written to",
        &titles,
        &[&["R2", "P2", "no longer needed", "T2"], &["R4", "P4", "", "G1"]],
    );
    sheet(&mut book, "Call list", &titles, &[&["R1", "P1", "accepted", "T1"]]);
    let case = after(book).unwrap();
    assert_eq!(slot(&case, "T1").patient_id.as_deref(), Some("P1"));
    assert_eq!(request(&case, "R2").reconciliation, Reconciliation::Resolved);
    assert_eq!(request(&case, "R5").reconciliation, Reconciliation::NotSeen, "a sheet of somebody's own");
    assert_eq!(case.files.iter().find(|file| file.name == "outcomes/1").unwrap().rows, 3);
    // Nothing in one of the two is not worth a word; what is wrong in either is told with its name.
    assert!(codes(&case).is_empty());
    let mut book = Workbook::new();
    sheet(&mut book, "Call list", &titles, &[&["R1", "P1", "perhaps", "T1"]]);
    sheet(&mut book, "Written to", &titles, &[&["R2", "P2", "later", "T2"]]);
    let Err(Error::Unusable(issues)) = after(book) else { panic!("no such outcomes") };
    let told: Vec<&str> = issues.iter().map(|issue| issue.file.as_str()).collect();
    assert_eq!(told, ["calls.xlsx", "calls.xlsx, sheet Written to"]);
}

#[test]
fn what_is_wrong_is_told_with_its_row() {
    let mut book = Workbook::new();
    sheet(&mut book, "Call list", &["Request id", "Outcome"], &[&["R1", ""], &["R2", "later"]]);
    let Err(Error::Unusable(issues)) = after(book) else { panic!("no such outcome") };
    assert_eq!(
        (issues[0].code, issues[0].line, issues[0].file.as_str()),
        (Code::UnknownWord, Some(5), "calls.xlsx")
    );
    let mut book = Workbook::new();
    sheet(&mut book, "Call list", &["Request", "Outcome"], &[&["R1", "declined"]]);
    let Err(Error::Unusable(issues)) = after(book) else { panic!("no titles") };
    assert_eq!(
        (issues[0].code, issues[0].value.as_deref()),
        (Code::WorkbookUnreadable, Some("sheets Call list"))
    );
}
