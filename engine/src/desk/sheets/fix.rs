//! What is to be put right in the data: rows that could not be planned, and what is worth a look.

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::{Desk, Left};
use crate::issue::Issue;
use crate::prepare::ExcludeReason;
use crate::report::what_to_do;

const ABOUT: &str = "Rows that could not be planned come first: their patients still need you. Correct them where the list came \
    from, export it and plan again.";

/// What is said first where another row says that the patient has died or left.
const MAY_BE_GONE: &str = "Look at the record first: another row says that the patient has died or left. ";

/// One row for each problem of a row that is not planned, the most urgent tier first, then the warnings of the files; and how
/// many requests are not planned because of such problems.
pub fn sheet<'d>(desk: &'d Desk<'_>) -> (Sheet<'d>, usize) {
    let columns = vec![
        Column::new("Where", Kind::Text, 14),
        Column::new("Line", Kind::Whole, 8),
        Column::new("Request id", Kind::Text, 12),
        Column::new("Patient id", Kind::Text, 14),
        Column::new("Tier", Kind::Text, 7),
        Column::new("Field", Kind::Text, 20),
        Column::new("Found", Kind::Text, 18),
        Column::new("What is wrong", Kind::Text, 42),
        Column::new("What to do", Kind::Text, 42),
        Column::new("Code", Kind::Text, 8),
    ];
    let mut sheet = Sheet::new("Fix list", ABOUT, columns);
    let needs_you = |left: &&Left<'_>| {
        matches!(left.reason, Some(ExcludeReason::InvalidRow | ExcludeReason::NeedsClinicalReview))
    };
    // Nobody has to correct the row of somebody who has died or left.
    let mut rows: Vec<&Left<'_>> = desk.excluded.iter().filter(|left| !left.is_gone()).collect();
    let tiers = &desk.case.policy.tiers;
    let first = |left: &Left<'_>| needs_you(&left) || left.reason == Some(ExcludeReason::EscalateNow);
    rows.sort_by_key(|left| (!first(left), tiers.iter().position(|tier| tier.code == tier_of(left))));
    let to_put_right = rows.iter().filter(|left| needs_you(left)).count();
    for left in rows {
        let row = left.row;
        let defects = left.request.map_or(&[][..], |request| request.defects.as_slice());
        let whose = [Cell::text(&row.request_id), Cell::text(&row.patient_id), Cell::text(tier_of(left))];
        // Whoever corrects the row may ring about it.
        let look = if desk.gone.contains(row.patient_id.as_str()) { MAY_BE_GONE } else { "" };
        for defect in defects {
            sheet.push(of_issue(defect, whose.clone(), look));
        }
        // A row can be wrong beside others: an id that is there twice, a circle of links.
        let Some(reason) = left.reason.filter(|_| defects.is_empty() && needs_you(&left)) else { continue };
        let [request_id, patient_id, tier] = whose;
        sheet.push(vec![
            Cell::text("requests.csv"),
            Cell::Whole(i64::try_from(row.line).unwrap_or(i64::MAX)),
            request_id,
            patient_id,
            tier,
            Cell::text(&row.field),
            Cell::Empty,
            Cell::text(if row.detail.is_empty() { &row.reason_code } else { &row.detail }),
            Cell::text(format!("{look}{}", what_to_do(reason))),
            Cell::Empty,
        ]);
    }
    for warning in &desk.case.warnings {
        sheet.push(of_issue(warning, [Cell::Empty, Cell::Empty, Cell::Empty], ""));
    }
    (sheet, to_put_right)
}

/// The tier as its row names it.
fn tier_of<'d>(left: &Left<'d>) -> &'d str {
    left.request.and_then(|request| request.priority.as_deref()).unwrap_or_default()
}

fn of_issue<'d>(
    issue: &'d Issue,
    [request_id, patient_id, tier]: [Cell<'d>; 3],
    look: &str,
) -> Vec<Cell<'d>> {
    vec![
        Cell::text(&issue.file),
        issue.line.map_or(Cell::Empty, |line| Cell::Whole(i64::try_from(line).unwrap_or(i64::MAX))),
        request_id,
        patient_id,
        tier,
        Cell::text(issue.field.as_deref().unwrap_or_default()),
        Cell::text(issue.value.as_deref().unwrap_or_default()),
        Cell::text(format!("{}; expected {}", issue.code.title(), issue.expected)),
        Cell::text(format!("{look}{}", issue.help)),
        Cell::text(issue.code.as_str()),
    ]
}
