//! The sheets: the same in the workbook, on the page and as CSV.

mod calls;
mod clinicians;
mod escalate;
mod fix;
mod others;
mod start;
mod written;

use super::messages::Told;
use super::sheet::{Cell, Column, Kind, Sheet};
use super::view::{Desk, Entry, asks_interpreter};
use crate::explain::words;
use crate::model::DeliveryChannel;
use crate::solve::Placed;

/// Every sheet in the order of the workbook; the alternatives are those of each row of the plan, in its order, and `told` are
/// those who are told in writing.
pub fn sheets<'d>(desk: &'d Desk<'_>, alternatives: &'d [Vec<Placed>], told: &'d [Told]) -> Vec<Sheet<'d>> {
    let escalate = escalate::sheet(desk);
    let (fix, to_put_right) = fix::sheet(desk);
    let calls = calls::sheet(desk, alternatives, told);
    let first = start::First { escalate: escalate.rows.len(), written: told.len(), to_put_right };
    vec![
        start::sheet(desk, &first),
        escalate,
        calls,
        written::sheet(desk, told),
        clinicians::sheet(desk),
        others::unplaced(desk),
        fix,
        others::excluded(desk),
    ]
}

/// How an appointment is held, as it is said to a patient.
fn how(channel: DeliveryChannel) -> &'static str {
    match channel {
        DeliveryChannel::InPerson => "in person",
        DeliveryChannel::Telephone => "by telephone",
        DeliveryChannel::Video => "by video",
        DeliveryChannel::HomeVisit => "at home",
    }
}

/// When and how: `Tue 23 Jul at 09:15, in person, 15 min`.
fn offer(desk: &Desk<'_>, placed: &Placed) -> String {
    let start = desk.case.slots[placed.run.first.index()].start;
    format!("{}, {}, {} min", words::moment(start), how(placed.offer.channel), placed.offer.needed)
}

/// With whom and where, by their ids.
fn with_whom(desk: &Desk<'_>, placed: &Placed) -> String {
    let session = &desk.case.sessions[placed.offer.session.index()];
    format!(
        "with {} at {}",
        desk.case.clinicians[session.clinician.index()].practitioner_id,
        desk.case.sites[session.site.index()].site_id
    )
}

/// What whoever tells a patient fills in.
fn answers(outcomes: &'static [&'static str]) -> [Column; 4] {
    let filled_in = |title, form| Column { form: Some(form), ..Column::new(title, Kind::Fill, 12) };
    [
        Column::new("Outcome", Kind::Choice(outcomes), 14),
        filled_in(
            "Can come",
            "Weekdays and the 24-hour clock, such as Mon-Fri 15:00-18:00; Tue 09:00-12:00. Leave empty: any time.",
        ),
        filled_in("Cannot come", "Dates, or first and last day, such as 2024-07-25; 2024-08-01..2024-08-09."),
        Column::new("Note", Kind::Fill, 14),
    ]
}

/// The columns that the user chose to keep.
fn kept_columns(desk: &Desk<'_>) -> impl Iterator<Item = Column> {
    let names = desk.case.kept_columns.iter();
    names.map(|name| Column { title: name.clone().into(), ..Column::new("", Kind::Text, 12) })
}

/// What stands in them.
fn kept_cells<'d>(desk: &Desk<'_>, entry: &'d Entry<'_>) -> impl Iterator<Item = Cell<'d>> {
    let row = entry.row;
    (0..desk.case.kept_columns.len()).map(|at| Cell::text(row.kept.get(at).map_or("", String::as_str)))
}

/// The languages needed to speak with a patient.
fn interpreter(needs: &[String]) -> String {
    let said = |need: &String| match need.strip_prefix("language:") {
        Some(code) => format!("language {code}"),
        None => "British Sign Language".to_owned(),
    };
    let needs: Vec<String> = needs.iter().filter(|need| asks_interpreter(need)).map(said).collect();
    needs.join(", ")
}
