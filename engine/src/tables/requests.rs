//! Rows of `requests.csv`: no row is ever lost, whatever its cells hold.

use std::collections::HashMap;

use super::cells::Cells;
use super::log::Log;
use super::schema::REQUESTS;
use super::sheet::Row;
use crate::issue::{Code, Issue, Severity};
use crate::model::{
    CancelledBy, ContactRoute, Continuity, DeliveryChannel, GenderWish, Reconciliation, Request,
};
use crate::units::CareTypeIdx;

/// Separates the cells in [`Request::content`]; no cell can hold it.
pub const CONTENT_SEPARATOR: char = '\u{1f}';

/// A request, its site not yet looked up.
pub struct RequestRow {
    /// The request; its `site` is still open.
    pub request: Request,
    /// The patient's own site as the row names it.
    pub site_id: Option<String>,
}

/// Reads a row. What cannot be read is a defect, and a warning where planning does not need it.
pub fn read(row: &Row<'_>, care_types: Option<&HashMap<&str, CareTypeIdx>>, log: &mut Log) -> RequestRow {
    let mut cells = Cells::new(row);
    let request_id = cells.id("request_id").unwrap_or_default();
    let patient_id = cells.id("patient_id").unwrap_or_default();
    let site_id = cells.id("site_id");
    let care_type = cells.text("care_type").zip(care_types).and_then(|(code, care_types)| {
        let known = care_types.get(code.as_str()).copied();
        if known.is_none() {
            let near = care_types.keys().filter(|known| known.eq_ignore_ascii_case(&code)).min().copied();
            let issue = cells.problem("care_type", Code::UnknownCareType, &code, "a care type of the policy");
            if let Some(near) = near {
                issue.help = format!("Write it {near:?}: codes are case-sensitive.");
            }
        }
        known
    });
    let before = cells.problems.len();
    let preferred = cells.id("preferred_practitioner_id");
    let preferred_unreadable = cells.problems.len() > before;
    let default = if preferred.is_some() { Continuity::Preferred } else { Continuity::None };
    let mut request = Request {
        line: row.line(),
        request_id,
        patient_id,
        site: None,
        care_type,
        priority: cells.text("priority"),
        duration_minutes: cells.whole("duration_minutes"),
        original_start: cells.moment("original_start"),
        waiting_since: cells.date("waiting_since"),
        earliest_date: cells.date("earliest_date"),
        due_date: cells.date("due_date"),
        latest_date: cells.date("latest_date"),
        delivery_channels: cells.words("delivery_channels", DeliveryChannel::parse),
        preferred_practitioner_id: preferred,
        continuity: cells.word("continuity", Continuity::parse).unwrap_or(default),
        practitioner_gender: cells.word("practitioner_gender", GenderWish::parse).unwrap_or(GenderWish::Any),
        needs: cells.tags("needs"),
        available: cells.windows("available"),
        unavailable_dates: cells.dates("unavailable_dates"),
        after_request_id: cells.id("after_request_id"),
        after_min_days: cells.whole("after_min_days").unwrap_or(5),
        after_max_days: cells.whole("after_max_days").unwrap_or(21),
        together_id: cells.id("together_id"),
        contact_route: cells.word("contact_route", ContactRoute::parse).unwrap_or(ContactRoute::Phone),
        sms_permitted: cells.boolean("sms_permitted").unwrap_or(false),
        safe_to_contact: cells.boolean("safe_to_contact").unwrap_or(true),
        reconciliation: cells
            .word("reconciliation", Reconciliation::parse)
            .unwrap_or(Reconciliation::Unknown),
        cancelled_by: cells.word("cancelled_by", CancelledBy::parse).unwrap_or(CancelledBy::Unknown),
        times_cancelled: 1,
        outcome: None,
        imd_decile: None,
        flags: Vec::new(),
        defects: Vec::new(),
        content: content(row),
        kept: row.kept().collect(),
    };
    contradictions(&request, preferred_unreadable, &mut cells);
    request.defects = std::mem::take(&mut cells.problems);

    request.times_cancelled = cells.whole("times_cancelled").unwrap_or(1);
    request.imd_decile = cells.whole("imd_decile").and_then(|decile| u8::try_from(decile).ok());
    request.flags = cells.tags("flags");
    let mut equity = std::mem::take(&mut cells.problems);
    if let Some(fault) = &row.fault {
        // Cells may not stand where they belong: the one true problem, not its many consequences.
        request.defects = vec![fault.clone()];
        equity.clear();
    }
    let code = Code::EquityUnreadable;
    log.warnings.extend(equity.into_iter().map(|issue| Issue {
        code,
        help: code.help().to_owned(),
        ..issue
    }));
    debug_assert!(request.defects.iter().all(|issue| issue.severity() == Severity::Row));
    RequestRow { request, site_id }
}

/// What each cell says for itself, but not together.
fn contradictions(request: &Request, preferred_unreadable: bool, cells: &mut Cells<'_>) {
    let dates = [
        ("earliest_date", request.earliest_date),
        ("due_date", request.due_date),
        ("latest_date", request.latest_date),
    ];
    let given: Vec<_> = dates.iter().filter_map(|(name, date)| date.map(|date| (*name, date))).collect();
    for pair in given.windows(2) {
        let ((before, first), (after, second)) = (pair[0], pair[1]);
        if first > second {
            let expected = format!("{after} on or after {before} ({first})");
            cells.problem(after, Code::DatesOutOfOrder, &second.to_string(), expected);
        }
    }
    if request.continuity == Continuity::Required
        && request.preferred_practitioner_id.is_none()
        && !preferred_unreadable
    {
        let expected = "a preferred_practitioner_id beside it";
        cells.problem("continuity", Code::ContinuityWithoutPractitioner, "required", expected);
    }
    if request.after_request_id.is_some() && request.after_min_days > request.after_max_days {
        let expected = format!("at most after_max_days ({})", request.after_max_days);
        let value = request.after_min_days.to_string();
        cells.problem("after_min_days", Code::LinkDaysOutOfOrder, &value, expected);
    }
}

/// The trimmed known cells.
fn content(row: &Row<'_>) -> String {
    let mut content = String::with_capacity(row.length() + REQUESTS.columns.len());
    for column in 0..REQUESTS.columns.len() {
        if column > 0 {
            content.push(CONTENT_SEPARATOR);
        }
        content.push_str(&row.trimmed(column));
    }
    content
}
