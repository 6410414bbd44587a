//! The sheets: the same in the workbook, on the page and as CSV.

mod calls;
mod clinicians;
mod escalate;
mod fix;
mod others;
mod start;

use super::sheet::Sheet;
use super::view::{Desk, asks_interpreter};
use crate::explain::words;
use crate::model::DeliveryChannel;
use crate::solve::Placed;

/// The flag of those whose record is looked at first.
const CHECK_FIRST: &str = "check-first";
/// The flag of those whose window has passed.
const WINDOW_PASSED: &str = "window-passed";

/// Every sheet in the order of the workbook; the alternatives are those of each row of the plan, in its order.
pub fn sheets<'d>(desk: &'d Desk<'_>, alternatives: &'d [Vec<Placed>]) -> Vec<Sheet<'d>> {
    let escalate = escalate::sheet(desk);
    let fix = fix::sheet(desk);
    let calls = calls::sheet(desk, alternatives);
    vec![
        start::sheet(desk, &escalate, &calls, &fix),
        escalate,
        calls,
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

/// Whether a flag is set.
fn has(flags: &[String], flag: &str) -> bool {
    flags.iter().any(|own| own == flag)
}

/// The languages and other help needed to speak with a patient.
fn interpreter(needs: &[String]) -> String {
    let needs: Vec<&str> = needs.iter().map(String::as_str).filter(|need| asks_interpreter(need)).collect();
    needs.join(", ")
}
