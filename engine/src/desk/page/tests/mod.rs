//! The page of the practice in `fixtures/`, with sheets made for these tests.

mod escaping;
mod shape;
mod told;

use std::path::Path;
use std::sync::OnceLock;

use super::page;
use crate::candidates::Context;
use crate::desk::{Cell, Column, Desk, Kind, Sheet};
use crate::model::{Case, PlanFiles};
use crate::prepare::prepare;
use crate::report::{RunNote, files};
use crate::solve::{Effort, solve};
use crate::tables::{ReadOptions, read_case};

/// The practice and its plan, made once.
fn practice() -> &'static (Case, PlanFiles) {
    static MADE: OnceLock<(Case, PlanFiles)> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/practice");
        let case = read_case(&folder, &ReadOptions::default()).unwrap();
        let (context, prepared) = (Context::new(&case), prepare(&case));
        let solution = solve(&context, &prepared, Effort { pivots: 20_000_000, stop: &|| false });
        // The smallest changes are not what these tests are about.
        let plan = files(&context, &prepared, &solution, &RunNote::default(), &|| true);
        (case, plan)
    })
}

/// What `look` sees of the practice, changed before.
fn with_desk<T>(change: impl FnOnce(&mut Case, &mut PlanFiles), look: impl FnOnce(&Desk<'_>) -> T) -> T {
    let (mut case, mut plan) = practice().clone();
    change(&mut case, &mut plan);
    let prepared = prepare(&case);
    look(&Desk::new(&case, &prepared, &plan).unwrap())
}

fn unchanged(_: &mut Case, plan: &mut PlanFiles) {
    plan.summary.run.interrupted = false;
}

/// The page as text.
fn told(desk: &Desk<'_>, sheets: &[Sheet<'_>]) -> String {
    let file = page(desk, sheets);
    assert_eq!(file.name, "report.html");
    String::from_utf8(file.bytes).unwrap()
}

/// Sheets with every kind of column, a text of the caller's in every text.
fn sheets(text: &str) -> Vec<Sheet<'_>> {
    let column = Column::new;
    let mut escalate = Sheet::new(
        "Escalate",
        "First.",
        vec![column("Why", Kind::Text, 30), column("Request id", Kind::Text, 12)],
    );
    escalate.push(vec![Cell::text(text), Cell::text("R1")]);
    let choices = Kind::Choice(&["accepted", "declined"]);
    let mut calls = Sheet::new(
        "Call list",
        "In this order.",
        vec![
            column("Order", Kind::Whole, 6),
            column("Request", Kind::Text, 12),
            column("Call by", Kind::Date, 12),
            column("Appointment", Kind::Moment, 18),
            column("Outcome", choices, 16),
            column("Notes", Kind::Fill, 30),
            Column { title: text.to_owned().into(), ..column("", Kind::Text, 12) },
            Column::on_screen("Offer", Kind::Text, 12),
            Column::on_screen("Called by", Kind::Fill, 12),
        ],
    );
    for order in [1, 2] {
        let at: chrono::NaiveDateTime = "2024-07-22T09:05:00".parse().unwrap();
        let mut row = vec![Cell::Whole(order), Cell::text(text), Cell::Date(at.date()), Cell::Moment(at)];
        row.extend([Cell::Empty, Cell::Empty, Cell::text(text), Cell::text(text), Cell::Empty]);
        calls.push(row);
    }
    let mut by_clinician = Sheet::new(
        "Plan by clinician",
        "A page each.",
        vec![
            column("Clinician", Kind::Text, 12),
            column("Day", Kind::Date, 12),
            column("Start", Kind::Moment, 17),
        ],
    );
    by_clinician.pages_by = vec![0, 1];
    for start in ["2024-07-22T09:05:00", "2024-07-22T09:20:00", "2024-07-23T09:35:00"] {
        let start: chrono::NaiveDateTime = start.parse().unwrap();
        by_clinician.push(vec![Cell::text(text), Cell::Date(start.date()), Cell::Moment(start)]);
    }
    let mut equity = Sheet::new(
        "Equity",
        "By group.",
        vec![column("Group", Kind::Text, 20), column("Late", Kind::Percent, 8)],
    );
    equity.push(vec![Cell::text(text), Cell::Whole(7)]);
    let nobody = Sheet::new("Unplaced", "Nobody.", vec![column("Request", Kind::Text, 12)]);
    vec![escalate, calls, by_clinician, nobody, equity]
}
