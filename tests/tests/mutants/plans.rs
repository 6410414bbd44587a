//! Somebody changed the rows of a plan.

use rebook::verify::Rule;

use super::Mutant;
use super::folder::Folder;

/// A row of the plan takes the slots of another.
fn take(folder: &mut Folder, id: &str, from: &str) {
    for column in ["session_id", "slot_ids", "practitioner_id", "site_id", "start", "end"] {
        let value = folder.cell("plan/plan.csv", from, column);
        folder.plan_cell(id, column, &value);
    }
}

/// Changes of `plan.csv`, `unplaced.csv` and `excluded.csv`.
pub const MUTANTS: &[Mutant] = &[
    (Rule::ExcludedRow, "the patient of another", |f| {
        f.set("plan/excluded.csv", "X1", "patient_id", "p-X2");
    }),
    (Rule::ExcludedOrder, "escalate-now is not the first", |f| {
        f.change("plan/excluded.csv", |rows| rows.reverse());
    }),
    (Rule::Excluded, "another reason", |f| f.set("plan/excluded.csv", "X1", "reason_code", "died")),
    (Rule::Rank, "another rank", |f| f.plan_cell("R1", "rank", "1")),
    (Rule::Rank, "another rank of one left out", |f| f.set("plan/unplaced.csv", "L1", "rank", "4")),
    (Rule::Windowed, "not windowed", |f| f.set("plan/unplaced.csv", "L2", "windowed", "false")),
    (Rule::Target, "another target", |f| f.plan_cell("R1", "target_date", "2024-07-30")),
    (Rule::Run, "two slots where one would do", |f| f.plan_cell("R8", "slot_ids", "S/2;S/3")),
    (Rule::Run, "slots of another order", |f| f.plan_cell("R8", "slot_ids", "S/3;S/2")),
    (Rule::Practitioner, "a practitioner of another role", |f| take(f, "R1", "R4")),
    (Rule::Channel, "another channel", |f| f.plan_cell("R1", "delivery_channel", "telephone")),
    (Rule::Time, "another time of the day", |f| f.swap_places("R1", "R2")),
    (Rule::Capacity, "one slot for two", |f| take(f, "R8", "R2")),
    (Rule::Capacity, "one request on two rows", |f| {
        f.change("plan/plan.csv", |rows| rows.push(rows[0].clone()));
    }),
    (Rule::Visits, "half of a visit", |f| f.leave_out("R6")),
    (Rule::Links, "the first of a link left out", |f| f.leave_out("R4")),
    (Rule::GuaranteeA, "late, though there is a place", |f| f.leave_out("R1")),
    (Rule::GuaranteeB, "the less urgent is seen first", |f| f.swap_places("R8", "R9")),
    (Rule::Conservation, "a row of the plan is lost", |f| {
        f.change("plan/plan.csv", |rows| rows.truncate(rows.len() - 1));
    }),
    (Rule::Conservation, "a row of the unplaced is lost", |f| {
        f.change("plan/unplaced.csv", |rows| rows.truncate(rows.len() - 1));
    }),
    (Rule::Conservation, "a row of the excluded is lost", |f| {
        f.change("plan/excluded.csv", |rows| rows.truncate(rows.len() - 1));
    }),
    (Rule::Conservation, "placed and unplaced", |f| {
        f.leave_out("R9");
        f.change("plan/unplaced.csv", |rows| rows.push(rows[rows.len() - 1].clone()));
    }),
    (Rule::Row, "another practitioner", |f| f.plan_cell("R1", "practitioner_id", "g2")),
    (Rule::Row, "another end", |f| f.plan_cell("R1", "end", "2024-07-22T10:20")),
    (Rule::Row, "not proposed", |f| f.plan_cell("R1", "status", "booked")),
    (Rule::Flags, "a flag too many", |f| f.plan_cell("R1", "flags", "check-first")),
    (Rule::CallBy, "called later", |f| f.plan_cell("R1", "call_by", "2024-07-23")),
    (Rule::CallBy, "not called", |f| f.plan_cell("R1", "call_by", "")),
    (Rule::CallOrder, "called last", |f| f.plan_cell("R1", "call_order", "99")),
    (Rule::UnplacedOrder, "passed windows are not the first", |f| {
        f.change("plan/unplaced.csv", |rows| rows.reverse());
    }),
    (Rule::UnplacedReason, "a reason that does not hold", |f| {
        f.set("plan/unplaced.csv", "L1", "reason_code", "reserve");
    }),
    (Rule::UnplacedReason, "no reason at all", |f| f.set("plan/unplaced.csv", "L1", "reason_code", "whim")),
];
