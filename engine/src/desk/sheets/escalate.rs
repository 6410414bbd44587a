//! Who must be looked at by a clinician before anything else.

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::{Desk, Entry, Left, NO_ANSWER, WINDOW_PASSED, Waiting};
use super::{offer, with_whom};
use crate::model::{ContactRoute, Outcome};
use crate::prepare::ExcludeReason;

const ABOUT: &str =
    "Before anything else: a clinician looks at every row. An appointment further down does not settle it.";

/// Why somebody is on the sheet, in the order of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    EscalateNow,
    MayBeGone,
    WindowPassed,
    Unreadable,
    OnlyClinician,
    NoAnswer,
    NoPlace,
    LastDateMissed,
    Late,
    Refused,
    NoTier,
}

impl Why {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::EscalateNow => "Escalate now",
            Self::MayBeGone => "May have died or left",
            Self::WindowPassed => "Window passed",
            Self::Unreadable => "Row cannot be read",
            Self::OnlyClinician => "Only a clinician may call",
            Self::NoAnswer => "No answer",
            Self::NoPlace => "No place",
            Self::LastDateMissed => "No place before the last date",
            Self::Late => "Later than the target",
            Self::Refused => "Does not want it",
            Self::NoTier => "No tier",
        }
    }

    fn what_to_do(self) -> &'static str {
        match self {
            Self::EscalateNow => "See or speak to the patient now: an appointment is not what is needed.",
            Self::MayBeGone => {
                "Look at the record before anybody makes contact: another row says that the patient has died or left."
            }
            Self::WindowPassed => {
                "Decide what is to be done: the last date has passed, so the care itself may change."
            }
            Self::Unreadable => "Put the row right today (sheet Fix list) and plan again, or book by hand.",
            Self::OnlyClinician => {
                "Speak to the patient: it is not safe for anybody else to make contact, so reception does not call."
            }
            Self::NoAnswer => "Decide how to reach the patient. The request stays open.",
            Self::NoPlace => {
                "Find a place by hand or take another way; see Unplaced for what would give one."
            }
            Self::LastDateMissed => {
                "Decide whether a later date will do; see Unplaced for what would give a place."
            }
            Self::Late => "Agree with the date, or find an earlier place by hand.",
            Self::Refused => "Decide whether that can stand: it was urgent, and nobody has asked why.",
            Self::NoTier => "Give it a tier of the policy; then plan again.",
        }
    }
}

/// Everybody whom a clinician must look at, the most pressing reason first.
pub fn sheet<'d>(desk: &'d Desk<'_>) -> Sheet<'d> {
    let columns = vec![
        Column::new("Why", Kind::Text, 18),
        Column::new("Request id", Kind::Text, 12),
        Column::new("Patient id", Kind::Text, 14),
        Column::new("Tier", Kind::Text, 7),
        Column::new("Target date", Kind::Date, 16),
        Column::new("Latest date", Kind::Date, 16),
        Column::new("Days late", Kind::Whole, 6),
        Column::new("What is proposed", Kind::Text, 34),
        Column::new("What to do", Kind::Text, 38),
        Column::new("Decision", Kind::Fill, 22),
        Column::new("Decided by", Kind::Fill, 12),
    ];
    let mut sheet = Sheet::new("Escalate", ABOUT, columns);
    let or_gone = |patient_id: &str, why: Option<Why>| {
        if desk.gone.contains(patient_id) { Some(Why::MayBeGone) } else { why }
    };
    let excluded = desk.excluded.iter().filter_map(|left| {
        let why = if needs_somebody(left) {
            or_gone(&left.row.patient_id, why_excluded(desk, left))
        } else {
            why_excluded(desk, left)
        };
        Some((why?, of_excluded(left)))
    });
    let waiting = desk.waiting.iter().filter_map(|one| {
        let why = or_gone(&one.row.patient_id, why_waiting(desk, one))?;
        Some((why, of_waiting(one)))
    });
    let placed = desk.entries.iter().filter_map(|entry| {
        let why = or_gone(&entry.row.patient_id, why_placed(desk, entry))?;
        Some((why, of_placed(desk, entry)))
    });
    let mut rows: Vec<(Why, Vec<Cell<'d>>)> = excluded.chain(waiting).chain(placed).collect();
    // Stable: within a reason they stay in the order of the plan's files.
    rows.sort_by_key(|(why, _)| *why);
    for (why, mut row) in rows {
        row.insert(0, Cell::text(why.words()));
        row.extend([Cell::text(why.what_to_do()), Cell::Empty, Cell::Empty]);
        sheet.push(row);
    }
    sheet
}

/// Whether somebody is to act for a patient who is not planned.
fn needs_somebody(left: &Left<'_>) -> bool {
    use ExcludeReason::{EscalateNow, InvalidRow, NeedsClinicalReview};
    matches!(left.reason, Some(EscalateNow | InvalidRow | NeedsClinicalReview))
}

fn why_excluded(desk: &Desk<'_>, left: &Left<'_>) -> Option<Why> {
    let is_upper = || is_upper(desk, left);
    match left.reason? {
        ExcludeReason::EscalateNow => Some(Why::EscalateNow),
        ExcludeReason::NeedsClinicalReview => Some(Why::NoTier),
        ExcludeReason::InvalidRow => is_upper().then_some(Why::Unreadable),
        // What was said on the telephone, not what a clinician has settled.
        ExcludeReason::Declined | ExcludeReason::Resolved => {
            let outcome = left.request?.outcome?;
            let refused = matches!(outcome, Outcome::Declined | Outcome::NoLongerNeeded);
            (refused && is_upper()).then_some(Why::Refused)
        }
        _ => None,
    }
}

/// Whether the tier that its row names is one of the upper ranks, or one that is never scheduled.
fn is_upper(desk: &Desk<'_>, left: &Left<'_>) -> bool {
    let code = left.request.and_then(|request| request.priority.as_deref());
    let tier = desk.case.policy.tiers.iter().position(|tier| Some(tier.code.as_str()) == code);
    tier.is_some_and(|tier| desk.prepared.ranks[tier].is_none_or(|rank| rank <= desk.prepared.window_rank))
}

fn why_waiting(desk: &Desk<'_>, one: &Waiting<'_>) -> Option<Why> {
    if one.planned.window_passed {
        Some(Why::WindowPassed)
    } else if one.planned.rank <= desk.prepared.window_rank {
        Some(Why::NoPlace)
    } else {
        one.planned.windowed.then_some(Why::LastDateMissed)
    }
}

/// Why a clinician looks at somebody who has a place, if any.
pub(super) fn why_placed(desk: &Desk<'_>, entry: &Entry<'_>) -> Option<Why> {
    let is_upper = entry.planned.rank <= desk.prepared.window_rank;
    if entry.is_flagged(WINDOW_PASSED) {
        Some(Why::WindowPassed)
    } else if is_upper && entry.route == ContactRoute::Clinician {
        Some(Why::OnlyClinician)
    } else if entry.is_flagged(NO_ANSWER) && (is_upper || entry.planned.windowed) {
        Some(Why::NoAnswer)
    } else {
        (entry.row.days_late > 0 && is_upper).then_some(Why::Late)
    }
}

fn of_excluded<'d>(left: &'d Left<'_>) -> Vec<Cell<'d>> {
    let tier = left.request.and_then(|request| request.priority.as_deref()).unwrap_or_default();
    let mut cells =
        vec![Cell::text(&left.row.request_id), Cell::text(&left.row.patient_id), Cell::text(tier)];
    cells.resize(6, Cell::Empty);
    cells.push(Cell::text("Not planned"));
    cells
}

fn of_waiting<'d>(one: &'d Waiting<'_>) -> Vec<Cell<'d>> {
    vec![
        Cell::text(&one.row.request_id),
        Cell::text(&one.row.patient_id),
        Cell::text(&one.row.tier),
        Cell::Date(one.row.target_date),
        Cell::date(one.row.latest_date),
        Cell::Empty,
        Cell::text("No place"),
    ]
}

fn of_placed<'d>(desk: &'d Desk<'_>, entry: &'d Entry<'_>) -> Vec<Cell<'d>> {
    vec![
        Cell::text(&entry.row.request_id),
        Cell::text(&entry.row.patient_id),
        Cell::text(&entry.row.tier),
        Cell::Date(entry.row.target_date),
        Cell::date(entry.row.latest_date),
        Cell::Whole(i64::from(entry.row.days_late)),
        Cell::text(format!("{}, {}", offer(desk, &entry.placed), with_whom(desk, &entry.placed))),
    ]
}
