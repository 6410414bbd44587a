//! Who has no place, and who is not planned.

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::{Desk, Left};
use crate::report::what_to_do;

/// The rows of `unplaced.csv`.
pub fn unplaced<'d>(desk: &'d Desk<'_>) -> Sheet<'d> {
    let about = "They have no place in this plan, and what would give them one. They are still waiting: nobody here is closed.";
    let columns = vec![
        Column::new("Request id", Kind::Text, 12),
        Column::new("Patient id", Kind::Text, 14),
        Column::new("Tier", Kind::Text, 7),
        Column::new("Target date", Kind::Date, 16),
        Column::new("Latest date", Kind::Date, 16),
        Column::new("Care type", Kind::Text, 20),
        Column::new("Site id", Kind::Text, 12),
        Column::new("Reason code", Kind::Text, 18),
        Column::new("Reason", Kind::Text, 46),
        Column::new("Smallest change", Kind::Text, 46),
        Column::new("What was done", Kind::Fill, 18),
    ];
    let mut sheet = Sheet::new("Unplaced", about, columns);
    for one in &desk.waiting {
        sheet.push(vec![
            Cell::text(&one.row.request_id),
            Cell::text(&one.row.patient_id),
            Cell::text(&one.row.tier),
            Cell::Date(one.row.target_date),
            Cell::date(one.row.latest_date),
            Cell::text(&desk.case.policy.care_types[one.planned.care_type.index()].code),
            Cell::text(&one.home.site_id),
            Cell::text(&one.row.reason_code),
            Cell::text(&one.row.reason),
            Cell::text(&one.row.smallest_change),
            Cell::Empty,
        ]);
    }
    sheet
}

/// The rows of `excluded.csv`.
pub fn excluded<'d>(desk: &'d Desk<'_>) -> Sheet<'d> {
    let about = "No appointment is proposed for anybody here: DO NOT CALL, text or write to them about one, but for what is said under What to \
                 do. They are here so that the counts add up.";
    let columns = vec![
        Column::new("Reason code", Kind::Text, 24),
        Column::new("Request id", Kind::Text, 12),
        Column::new("Patient id", Kind::Text, 14),
        Column::new("Field", Kind::Text, 18),
        Column::new("Detail", Kind::Text, 44),
        Column::new("What to do", Kind::Text, 44),
        Column::new("Line", Kind::Whole, 8),
    ];
    let mut sheet = Sheet::new("Excluded", about, columns);
    for Left { row, reason, .. } in &desk.excluded {
        sheet.push(vec![
            Cell::text(&row.reason_code),
            Cell::text(&row.request_id),
            Cell::text(&row.patient_id),
            Cell::text(&row.field),
            Cell::text(&row.detail),
            Cell::text(reason.map_or("", what_to_do)),
            Cell::Whole(i64::try_from(row.line).unwrap_or(i64::MAX)),
        ]);
    }
    sheet
}
