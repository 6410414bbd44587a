//! The report as a sheet.

use super::{Equity, Numbers, Outcome};
use crate::desk::sheet::{Cell, Column, Kind, Sheet};

const ABOUT: &str = "How places, lateness and waits fall on groups of patients by this plan, and by first come, first \
    served with the same requests, book and rules but without urgency. Waits are in days from the date on which the wait \
    began; whoever has no place waits longer than all others, so a wait may read \"no place\"; the longest wait is of those \
    with a place. Shares are of all requests of the group; \
    a request is late where its place is after its target date. Differences are the plan less first come, first served. \
    Groups of fewer than 5 patients are suppressed, and others where they would give those away. Nothing recorded means \
    unknown, not none. Ethnicity and missed appointments are never read, neither here nor by the plan.";

/// What stands where a number would be about a few people.
const SUPPRESSED: &str = "suppressed";

/// What stands where the wait that is meant is that of somebody without a place.
const NO_PLACE: &str = "no place";

fn columns() -> Vec<Column> {
    let outcome = |titles: [&'static str; 7]| {
        let [placed, placed_share, late_share, median, p85, p95, longest] = titles;
        [
            Column::new(placed, Kind::Whole, 10),
            Column::new(placed_share, Kind::Percent, 10),
            Column::new(late_share, Kind::Percent, 10),
            Column::new(median, Kind::Whole, 10),
            Column::new(p85, Kind::Whole, 10),
            Column::new(p95, Kind::Whole, 10),
            Column::new(longest, Kind::Whole, 10),
        ]
    };
    let mut columns = vec![
        Column::new("Dimension", Kind::Text, 14),
        Column::new("Group", Kind::Text, 24),
        Column::new("Requests", Kind::Whole, 10),
        Column::new("Patients", Kind::Whole, 10),
    ];
    columns.extend(outcome([
        "Placed",
        "Placed share",
        "Late share",
        "Median wait",
        "P85 wait",
        "P95 wait",
        "Longest wait",
    ]));
    columns.extend(outcome([
        "First come placed",
        "First come placed share",
        "First come late share",
        "First come median wait",
        "First come P85 wait",
        "First come P95 wait",
        "First come longest wait",
    ]));
    columns.extend([
        Column::new("Placed share difference", Kind::Whole, 11),
        Column::new("Late share difference", Kind::Whole, 11),
        Column::new("Median wait difference", Kind::Whole, 11),
    ]);
    columns
}

impl Equity {
    /// The report as a sheet: everybody first, then each dimension with its groups.
    pub fn sheet(&self) -> Sheet<'static> {
        let mut sheet = Sheet::new("Equity", ABOUT, columns());
        let width = sheet.columns.len();
        sheet.push(row("all", "all", self.all.as_ref(), width));
        for dimension in &self.dimensions {
            for group in &dimension.groups {
                sheet.push(row(dimension.name, &group.name, Some(&group.numbers), width));
            }
            if dimension.suppressed {
                sheet.push(row(dimension.name, "small groups", None, width));
            }
        }
        sheet
    }
}

fn row(dimension: &'static str, group: &str, numbers: Option<&Numbers>, width: usize) -> Vec<Cell<'static>> {
    let mut row = vec![Cell::text(dimension), Cell::text(group.to_owned())];
    let Some(numbers) = numbers else {
        row.resize(width, Cell::text(SUPPRESSED));
        return row;
    };
    row.extend([Cell::count(numbers.requests), Cell::count(numbers.patients)]);
    row.extend(outcome(&numbers.plan));
    row.extend(outcome(&numbers.first_come));
    row.extend([
        Cell::Whole(numbers.placed_share_difference()),
        Cell::Whole(numbers.late_share_difference()),
        wait(numbers.median_difference()),
    ]);
    row
}

fn outcome(outcome: &Outcome) -> [Cell<'static>; 7] {
    [
        Cell::count(outcome.placed),
        Cell::Whole(outcome.placed_share),
        Cell::Whole(outcome.late_share),
        wait(outcome.median),
        wait(outcome.p85),
        wait(outcome.p95),
        wait(outcome.longest),
    ]
}

fn wait(days: Option<i64>) -> Cell<'static> {
    days.map_or(Cell::text(NO_PLACE), Cell::Whole)
}
