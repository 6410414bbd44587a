//! Who sees whom: a page for each clinician and day.

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::{Desk, Entry};
use super::how;

const ABOUT: &str = "Proposed appointments beside what is in the book already. Book only in the live system.";

/// The rows of the plan by clinician, date and start.
pub fn sheet<'d>(desk: &'d Desk<'_>) -> Sheet<'d> {
    let columns = vec![
        Column::new("Practitioner id", Kind::Text, 14),
        Column::new("Role", Kind::Text, 12),
        Column::new("Date", Kind::Date, 16),
        Column::new("Start", Kind::Moment, 17),
        Column::new("End", Kind::Moment, 17),
        Column::new("Minutes", Kind::Whole, 8),
        Column::new("Site id", Kind::Text, 12),
        Column::new("How", Kind::Text, 12),
        Column::new("Patient id", Kind::Text, 14),
        Column::new("Request id", Kind::Text, 12),
        Column::new("Tier", Kind::Text, 7),
        Column::new("Care type", Kind::Text, 17),
        Column::new("Needs", Kind::Text, 16),
        Column::new("Flags", Kind::Text, 16),
        Column::on_screen("Session id", Kind::Text, 14),
        Column::on_screen("Slot ids", Kind::Text, 16),
    ];
    let mut sheet = Sheet::new("Plan by clinician", ABOUT, columns);
    sheet.pages_by = vec![0, 2];
    let mut entries: Vec<&Entry<'_>> = desk.entries.iter().collect();
    entries.sort_by_key(|entry| (&entry.row.practitioner_id, entry.row.start, &entry.row.request_id));
    for entry in entries {
        sheet.push(vec![
            Cell::text(&entry.row.practitioner_id),
            Cell::text(&entry.clinician.role),
            Cell::Date(entry.row.start.date()),
            Cell::Moment(entry.row.start),
            Cell::Moment(entry.row.end),
            Cell::Whole((entry.row.end - entry.row.start).num_minutes()),
            Cell::text(&entry.row.site_id),
            Cell::text(how(entry.placed.offer.channel)),
            Cell::text(&entry.row.patient_id),
            Cell::text(&entry.row.request_id),
            Cell::text(&entry.row.tier),
            Cell::text(&desk.case.policy.care_types[entry.planned.care_type.index()].code),
            Cell::text(entry.planned.needs.join(", ")),
            Cell::text(entry.row.flags.join(", ")),
            Cell::text(&entry.row.session_id),
            Cell::text(entry.row.slot_ids.join(";")),
        ]);
    }
    sheet
}
