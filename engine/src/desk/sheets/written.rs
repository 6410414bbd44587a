//! Who is told by text or letter, and what came of it.

use super::super::messages::Told;
use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::Desk;
use super::{answers, kept_cells, kept_columns, offer};
use crate::model::Outcome;

const ABOUT: &str = "Texts and letters, by the day on which they go out; the column File says what to send. Choose an outcome when the \
    patient answers or books by the link: it is read back when you plan again. Where another place was booked than the one proposed, \
    choose accepted and put the slots booked into Slot ids.";

/// Those who are told in writing, in the order in which it is sent.
pub fn sheet<'d>(desk: &'d Desk<'_>, told: &'d [Told]) -> Sheet<'d> {
    let mut columns = vec![
        Column::new("How told", Kind::Text, 9),
        Column::new("Send by", Kind::Date, 16),
        Column::new("Book by", Kind::Date, 16),
        Column::new("Patient id", Kind::Text, 11),
        Column::new("Request id", Kind::Text, 9),
    ];
    columns.extend(kept_columns(desk));
    columns.extend([
        Column::new("Tier", Kind::Text, 6),
        Column::new("Before sending", Kind::Text, 18),
        Column::new("Told before", Kind::Text, 15),
        Column::new("Proposed", Kind::Text, 30),
    ]);
    columns.extend(answers(Outcome::OF_ONE_PLACE));
    columns.extend([
        Column::on_screen("File", Kind::Text, 30),
        Column::on_screen("Start", Kind::Moment, 17),
        Column::on_screen("Session id", Kind::Text, 14),
        Column::on_screen("Slot ids", Kind::Text, 14),
    ]);
    let mut sheet = Sheet::new("Written to", ABOUT, columns);
    for one in told {
        let entry = &desk.entries[one.entry];
        let mut row = vec![
            Cell::text(one.how.as_str()),
            Cell::Date(one.on),
            Cell::date(one.book_by),
            Cell::text(&entry.row.patient_id),
            Cell::text(&entry.row.request_id),
        ];
        row.extend(kept_cells(desk, entry));
        row.extend([
            Cell::text(&entry.row.tier),
            Cell::text(&one.before),
            Cell::text(&one.told_before),
            Cell::text(offer(desk, &entry.placed)),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::text(&one.file),
            Cell::Moment(entry.row.start),
            Cell::text(&entry.row.session_id),
            Cell::text(entry.row.slot_ids.join(";")),
        ]);
        sheet.push(row);
    }
    sheet
}
