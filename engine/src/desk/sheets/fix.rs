//! What is to be put right in the data: rows that could not be planned, and what is worth a look.

use std::collections::BTreeMap;

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::Desk;
use crate::issue::Issue;
use crate::model::Request;
use crate::prepare::ExcludeReason;
use crate::report::what_to_do;

const ABOUT: &str = "Rows that could not be planned come first: their patients still need you. Correct them where the list came \
    from, export it and plan again.";

/// One row for each problem of a row that is not planned, then the warnings of the files.
pub fn sheet<'d>(desk: &'d Desk<'_>) -> Sheet<'d> {
    let columns = vec![
        Column::new("Where", Kind::Text, 14),
        Column::new("Line", Kind::Whole, 8),
        Column::new("Request id", Kind::Text, 12),
        Column::new("Patient id", Kind::Text, 14),
        Column::new("Field", Kind::Text, 20),
        Column::new("Found", Kind::Text, 18),
        Column::new("What is wrong", Kind::Text, 42),
        Column::new("What to do", Kind::Text, 42),
        Column::new("Code", Kind::Text, 8),
    ];
    let mut sheet = Sheet::new("Fix list", ABOUT, columns);
    let by_line: BTreeMap<u64, &Request> =
        desk.case.requests.iter().map(|request| (request.line, request)).collect();
    for row in desk.excluded() {
        let reason = [ExcludeReason::InvalidRow, ExcludeReason::NeedsClinicalReview]
            .into_iter()
            .find(|reason| reason.as_str() == row.reason_code);
        let request = by_line.get(&row.line);
        let defects = request.map_or(&[][..], |request| request.defects.as_slice());
        let whose = [Cell::text(&row.request_id), Cell::text(&row.patient_id)];
        for defect in defects {
            sheet.push(of_issue(defect, whose.clone()));
        }
        // A row can be wrong beside others: an id that is there twice, a circle of links.
        let Some(reason) = reason.filter(|_| defects.is_empty()) else { continue };
        let [request_id, patient_id] = whose;
        sheet.push(vec![
            Cell::text("requests.csv"),
            Cell::Whole(i64::try_from(row.line).unwrap_or(i64::MAX)),
            request_id,
            patient_id,
            Cell::text(&row.field),
            Cell::Empty,
            Cell::text(if row.detail.is_empty() { &row.reason_code } else { &row.detail }),
            Cell::text(what_to_do(reason)),
            Cell::Empty,
        ]);
    }
    for warning in &desk.case.warnings {
        sheet.push(of_issue(warning, [Cell::Empty, Cell::Empty]));
    }
    sheet
}

fn of_issue<'d>(issue: &'d Issue, [request_id, patient_id]: [Cell<'d>; 2]) -> Vec<Cell<'d>> {
    vec![
        Cell::text(&issue.file),
        issue.line.map_or(Cell::Empty, |line| Cell::Whole(i64::try_from(line).unwrap_or(i64::MAX))),
        request_id,
        patient_id,
        Cell::text(issue.field.as_deref().unwrap_or_default()),
        Cell::text(issue.value.as_deref().unwrap_or_default()),
        Cell::text(format!("{}; expected {}", issue.code.title(), issue.expected)),
        Cell::text(&issue.help),
        Cell::text(issue.code.as_str()),
    ]
}
