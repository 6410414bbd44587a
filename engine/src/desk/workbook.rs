//! The sheets as a workbook: no formula, no macro, no link; what comes from data is text and nothing else.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

use super::sheet::{Cell, Kind, Sheet};
use super::view::Desk;
use crate::error::{Error, Result};
use crate::tables::{OutputFile, guard};

/// Its name.
pub const FILE: &str = "rebooking.xlsx";

/// Rows above the table: the name of the sheet, what it is for, and the titles of the columns.
const TITLES: u32 = 2;

/// What a worksheet takes, less some.
const MOST_ROWS: usize = 1_000_000;
const MOST_CHARACTERS: usize = 32_000;
const MOST_BREAKS: usize = 1_000;

/// Height of a line, and most lines that a row is made high for.
const POINTS: u16 = 15;
const MOST_LINES: u16 = 27;

/// Paper of this number is A4.
const A4: u8 = 9;

/// The sheets as a workbook.
///
/// # Errors
/// [`Error::Internal`] if it cannot be written.
pub fn workbook(desk: &Desk<'_>, sheets: &[Sheet<'_>]) -> Result<OutputFile> {
    let bytes =
        write(desk, sheets).map_err(|error| Error::Internal(format!("{FILE} cannot be written: {error}")))?;
    Ok(OutputFile { name: FILE.to_owned(), bytes })
}

fn write(desk: &Desk<'_>, sheets: &[Sheet<'_>]) -> std::result::Result<Vec<u8>, XlsxError> {
    let as_of = desk.case.policy.as_of;
    let mut workbook = Workbook::new();
    // The moment of the book, not of the machine: the same plan gives the same bytes.
    let properties =
        DocProperties::new().set_title("Rebooking plan (proposed)").set_creation_datetime(&moment_of(as_of)?);
    workbook.set_properties(&properties);
    let formats = Formats::new();
    for sheet in sheets {
        put(sheet, as_of, &formats, workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

/// As the properties of a workbook take it.
fn moment_of(moment: NaiveDateTime) -> std::result::Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = (moment.year(), moment.month(), moment.day());
    // A workbook knows no date before 1900.
    let date =
        ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(1900).max(1900), month as u8, day as u8)?;
    date.and_hms(moment.hour() as u16, moment.minute() as u8, moment.second())
}

/// How cells look.
struct Formats {
    title: Format,
    about: Format,
    header: Format,
    text: Format,
    whole: Format,
    percent: Format,
    date: Format,
    moment: Format,
    fill: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Hair).set_align(FormatAlign::Top);
        let wrapped = cell.clone().set_text_wrap();
        Self {
            title: Format::new().set_bold().set_font_size(16),
            about: Format::new().set_italic().set_text_wrap().set_align(FormatAlign::Top),
            header: cell
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0x00D8_DDE0)),
            text: wrapped.clone().set_num_format("@"),
            whole: cell.clone().set_num_format("0").set_align(FormatAlign::Center),
            percent: cell.clone().set_num_format("0\\%").set_align(FormatAlign::Center),
            date: cell.clone().set_num_format("ddd d mmm yyyy").set_align(FormatAlign::Left),
            moment: cell.set_num_format("ddd d mmm hh:mm").set_align(FormatAlign::Left),
            fill: wrapped
                .set_num_format("@")
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0x00FF_F9C4))
                .set_unlocked(),
        }
    }
}

fn put(
    sheet: &Sheet<'_>,
    as_of: NaiveDateTime,
    formats: &Formats,
    to: &mut Worksheet,
) -> std::result::Result<(), XlsxError> {
    to.set_name(sheet.name)?;
    to.write_string_with_format(0, 0, sheet.name, &formats.title)?;
    put_about(sheet, formats, to)?;
    to.set_row_height(TITLES, 2 * POINTS + 2)?;
    let last_column = sheet.columns.len().saturating_sub(1) as u16;
    for (at, column) in (0u16..).zip(&sheet.columns) {
        to.write_string_with_format(TITLES, at, shortened(&guard(&column.title)), &formats.header)?;
        to.set_column_width(at, column.width)?;
    }
    for (row, cells) in (TITLES + 1..).zip(sheet.rows.iter().take(MOST_ROWS)) {
        let mut lines = 1;
        for ((at, column), cell) in (0u16..).zip(&sheet.columns).zip(cells) {
            put_cell(cell, column.kind, formats, (row, at), to)?;
            if let Cell::Text(text) = cell {
                lines = lines.max(lines_of(text, column.width));
            }
        }
        // Not every program finds the height of wrapped text by itself.
        if lines > 1 {
            to.set_row_height(row, POINTS * lines.min(MOST_LINES))?;
        }
    }
    let shown = sheet.rows.len().min(MOST_ROWS) as u32;
    if sheet.rows.is_empty() {
        to.write_string_with_format(TITLES + 1, 0, "Nothing here.", &formats.about)?;
    } else if sheet.rows.len() > MOST_ROWS {
        let rest = format!("{} more rows are in sheets/{}", sheet.rows.len() - MOST_ROWS, sheet.file());
        to.write_string(TITLES + 1 + shown, 0, rest)?;
    }
    let last_row = TITLES + shown.max(1);
    to.set_freeze_panes(TITLES + 1, 0)?;
    to.autofilter(TITLES, 0, last_row, last_column)?;
    for (at, column) in (0u16..).zip(&sheet.columns) {
        if let Kind::Choice(choices) = column.kind
            && !sheet.rows.is_empty()
        {
            let list = DataValidation::new()
                .allow_list_strings(choices)?
                .set_error_title("Outcome")?
                .set_error_message("Choose one of the list, or leave the cell empty.")?;
            to.add_data_validation(TITLES + 1, at, last_row, at, &list)?;
        }
        if let Some(form) = column.form.filter(|_| !sheet.rows.is_empty()) {
            let prompt = DataValidation::new().set_input_title(&*column.title)?.set_input_message(form)?;
            to.add_data_validation(TITLES + 1, at, last_row, at, &prompt)?;
        }
    }
    print_set_up(sheet, as_of, last_row, to)
}

/// What the sheet is for, over the whole width that is printed.
fn put_about(sheet: &Sheet<'_>, formats: &Formats, to: &mut Worksheet) -> std::result::Result<(), XlsxError> {
    let printed = sheet.columns.iter().filter(|column| column.printed);
    let (columns, width) =
        printed.fold((0u16, 0u16), |(count, width), column| (count + 1, width.saturating_add(column.width)));
    let (guarded, lines) = (guard(&sheet.about), lines_of(&sheet.about, width).min(MOST_LINES));
    to.set_row_height(1, POINTS * lines + 2)?;
    if columns > 1 {
        to.merge_range(1, 0, 1, columns - 1, &shortened(&guarded), &formats.about)?;
    } else {
        to.write_string_with_format(1, 0, shortened(&guarded), &formats.about)?;
    }
    Ok(())
}

fn print_set_up(
    sheet: &Sheet<'_>,
    as_of: NaiveDateTime,
    last_row: u32,
    to: &mut Worksheet,
) -> std::result::Result<(), XlsxError> {
    let printed = sheet.columns.iter().filter(|column| column.printed).count().max(1) as u16 - 1;
    to.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    to.set_margins(0.3, 0.3, 0.6, 0.6, 0.3, 0.3);
    to.set_repeat_rows(0, TITLES)?;
    to.set_print_area(0, 0, last_row, printed)?;
    let as_of = as_of.format("%d %b %Y %H:%M");
    to.set_header(format!("&L{}&RPROPOSED, book as of {as_of}", sheet.name));
    to.set_footer("&LBook only in the live system&RPage &P of &N");
    let breaks: Vec<u32> = sheet.page_starts().map(|row| TITLES + 1 + row as u32).take(MOST_BREAKS).collect();
    if !breaks.is_empty() {
        to.set_page_breaks(&breaks)?;
    }
    Ok(())
}

fn put_cell(
    cell: &Cell<'_>,
    kind: Kind,
    formats: &Formats,
    (row, column): (u32, u16),
    to: &mut Worksheet,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Empty => {
            let empty =
                if matches!(kind, Kind::Choice(_) | Kind::Fill) { &formats.fill } else { &formats.text };
            to.write_blank(row, column, empty)?;
        }
        Cell::Text(text) => {
            to.write_string_with_format(row, column, shortened(&guard(text)), &formats.text)?;
        }
        Cell::Whole(number) => {
            let format = if kind == Kind::Percent { &formats.percent } else { &formats.whole };
            match i32::try_from(*number) {
                Ok(number) => to.write_number_with_format(row, column, number, format)?,
                Err(_) => to.write_string_with_format(row, column, number.to_string(), &formats.text)?,
            };
        }
        Cell::Date(date) if is_known(*date) => {
            to.write_date_with_format(row, column, date, &formats.date)?;
        }
        Cell::Moment(moment) if is_known(moment.date()) => {
            to.write_datetime_with_format(row, column, moment, &formats.moment)?;
        }
        Cell::Date(date) => {
            to.write_string_with_format(row, column, date.to_string(), &formats.text)?;
        }
        Cell::Moment(moment) => {
            to.write_string_with_format(row, column, moment.to_string(), &formats.text)?;
        }
    }
    Ok(())
}

/// Lines that a text takes in a column so many characters wide.
fn lines_of(text: &str, width: u16) -> u16 {
    let width = usize::from(width.max(4)) - 1;
    let (mut lines, mut used) = (1u16, 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines = lines.saturating_add(1);
            used = 0;
        }
        // A word longer than the column goes on in the next line.
        lines = lines.saturating_add(u16::try_from(length.saturating_sub(1) / width).unwrap_or(u16::MAX));
        used = if used > 0 { used + 1 + length } else { (length.saturating_sub(1) % width) + 1 };
    }
    lines
}

/// Whether workbooks have such a date: they begin with 1900.
fn is_known(date: NaiveDate) -> bool {
    (1900..=9999).contains(&date.year())
}

/// What fits into a cell; the whole of it is in the CSV file.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => Cow::Owned(format!("{} ...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
