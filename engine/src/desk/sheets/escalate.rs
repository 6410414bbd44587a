//! Who must be looked at by a clinician before anything else.

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::{Desk, Entry, Waiting};
use super::{WINDOW_PASSED, has, offer, with_whom};
use crate::model::ExcludedRow;
use crate::prepare::ExcludeReason;

/// The flag of those who did not answer.
const NO_ANSWER: &str = "no-answer";

const ABOUT: &str =
    "Before anything else: a clinician looks at every row. An appointment further down does not settle it.";

/// Why somebody is on the sheet, in the order of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    EscalateNow,
    MayBeGone,
    WindowPassed,
    NoAnswer,
    NoPlace,
    LastDateMissed,
    Late,
    NoTier,
}

impl Why {
    fn words(self) -> &'static str {
        match self {
            Self::EscalateNow => "Escalate now",
            Self::MayBeGone => "May have died or left",
            Self::WindowPassed => "Window passed",
            Self::NoAnswer => "No answer",
            Self::NoPlace => "No place",
            Self::LastDateMissed => "No place before the last date",
            Self::Late => "Later than the target",
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
            Self::NoAnswer => "Decide how to reach the patient. The request stays open.",
            Self::NoPlace => {
                "Find a place by hand or take another way; see Unplaced for what would give one."
            }
            Self::LastDateMissed => {
                "Decide whether a later date will do; see Unplaced for what would give a place."
            }
            Self::Late => "Agree with the date, or find an earlier place by hand.",
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
    let excluded = desk.excluded().iter().filter_map(|row| Some((why_excluded(row)?, of_excluded(row))));
    let or_gone = |patient_id: &str, why: Option<Why>| {
        if desk.gone.contains(patient_id) { Some(Why::MayBeGone) } else { why }
    };
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

fn why_excluded(row: &ExcludedRow) -> Option<Why> {
    let is = |reason: ExcludeReason| row.reason_code == reason.as_str();
    if is(ExcludeReason::EscalateNow) {
        Some(Why::EscalateNow)
    } else {
        is(ExcludeReason::NeedsClinicalReview).then_some(Why::NoTier)
    }
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

fn why_placed(desk: &Desk<'_>, entry: &Entry<'_>) -> Option<Why> {
    if has(&entry.row.flags, WINDOW_PASSED) {
        Some(Why::WindowPassed)
    } else if has(&entry.row.flags, NO_ANSWER) {
        Some(Why::NoAnswer)
    } else {
        (entry.row.days_late > 0 && entry.planned.rank <= desk.prepared.window_rank).then_some(Why::Late)
    }
}

fn of_excluded(row: &ExcludedRow) -> Vec<Cell<'_>> {
    let mut cells = vec![Cell::text(&row.request_id), Cell::text(&row.patient_id)];
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
