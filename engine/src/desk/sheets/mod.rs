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

/// The flag of those whose record is looked at first.
const CHECK_FIRST: &str = "check-first";
/// The flag of those whose window has passed.
const WINDOW_PASSED: &str = "window-passed";
/// The flag of those who did not answer.
const NO_ANSWER: &str = "no-answer";
/// The flag of those whose place was given away after they had accepted it.
const PLACE_TAKEN: &str = "place-taken";

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

/// Whether a flag is set.
fn has(flags: &[String], flag: &str) -> bool {
    flags.iter().any(|own| own == flag)
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
