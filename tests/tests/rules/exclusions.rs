//! SPEC section 1: who is excluded, for the first reason that holds, and who is flagged.

use rebook::model::{CancelledBy, Continuity, Reconciliation};
use rebook_tests::build::{CaseBuilder, moment};

use super::{one_slot, plan};

#[test]
fn what_became_of_it_excludes() {
    for (became, code) in [
        (Reconciliation::Died, "died"),
        (Reconciliation::Deregistered, "deregistered"),
        (Reconciliation::SeenOnPaper, "seen-on-paper"),
        (Reconciliation::SeenElsewhere, "seen-elsewhere"),
        (Reconciliation::Resolved, "resolved"),
        (Reconciliation::Declined, "declined"),
    ] {
        plan(one_slot().request("R1", |r| r.became(became))).excluded(&[(2, code)]).placed(&[]);
    }
    for kept in [Reconciliation::NotSeen, Reconciliation::Unknown] {
        plan(one_slot().request("R1", |r| r.became(kept))).excluded(&[]).placed(&[("R1", "S/1")]);
    }
}

#[test]
fn who_cancelled_excludes_the_dead_and_those_who_cancelled_themselves() {
    for (by, excluded) in [
        (CancelledBy::Death, Some("died")),
        (CancelledBy::Patient, Some("cancelled-by-patient")),
        (CancelledBy::Provider, None),
        (CancelledBy::OtherService, None),
        (CancelledBy::Unknown, None),
    ] {
        let expected: Vec<(u64, &str)> = excluded.map(|code| (2, code)).into_iter().collect();
        plan(one_slot().request("R1", |r| r.set(|row| row.cancelled_by = by))).excluded(&expected);
    }
}

#[test]
fn a_place_booked_by_now_is_resolved() {
    let case = |booked_for: &str| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15, 15])
            .busy("S/1", "p-R1")
            .busy("S/2", booked_for)
            .request("R1", |r| r.minutes(30))
            .previously("R1", &["S/1", "S/2"])
    };
    plan(case("p-R1")).excluded(&[(2, "resolved")]);
    // Half of it is somebody else's: not booked.
    plan(case("p-other")).excluded(&[]).unplaced(&[("R1", "no-candidate")]);
}

#[test]
fn a_tentative_booking_counts_and_a_free_slot_does_not() {
    let case = || one_slot().request("R1", |r| r).previously("R1", &["S/1"]);
    let tentative = case().busy("S/1", "p-R1").slot("S/1", |slot| {
        slot.status = rebook::model::SlotStatus::BusyTentative;
    });
    plan(tentative).excluded(&[(2, "resolved")]);
    plan(case()).excluded(&[]).placed(&[("R1", "S/1")]);
}

#[test]
fn what_is_readable_excludes_whatever_else_is_not() {
    let case = one_slot()
        .request("R1", |r| r.became(Reconciliation::SeenOnPaper).unreadable("duration_minutes"))
        .request("R2", |r| r.tier("GP0").unreadable("duration_minutes"))
        .request("R3", |r| r.became(Reconciliation::Declined).unreadable("duration_minutes"));
    plan(case).excluded(&[(2, "seen-on-paper"), (3, "escalate-now"), (4, "invalid-row")]);
}

#[test]
fn a_tier_that_is_never_scheduled_is_escalated_given_or_by_care_type() {
    let by_care_type =
        || one_slot().care_type("consult", |care_type| care_type.priority = Some("GP0".to_owned()));
    plan(one_slot().request("R1", |r| r.tier("GP0"))).excluded(&[(2, "escalate-now")]);
    let without = |r: &mut rebook::model::Request| r.priority = None;
    plan(by_care_type().request("R1", |r| r.set(without))).excluded(&[(2, "escalate-now")]);
    // The tier that is given wins.
    plan(by_care_type().request("R1", |r| r.tier("GP4"))).excluded(&[]);
}

#[test]
fn the_dead_come_before_the_escalated() {
    let case = one_slot().request("R1", |r| r.tier("GP0").became(Reconciliation::Died));
    plan(case).excluded(&[(2, "died")]);
}

#[test]
fn no_tier_or_an_unknown_one_needs_review() {
    let case = one_slot()
        .request("R1", |r| r.set(|row| row.priority = None))
        .request("R2", |r| r.tier("GP9"))
        .request("R3", |r| r.tier("gp4"));
    let review = "needs-clinical-review";
    plan(case).excluded(&[(2, review), (3, review), (4, review)]);
}

#[test]
fn an_unknown_tier_is_not_replaced_by_the_care_types() {
    let case = one_slot()
        .care_type("consult", |care_type| care_type.priority = Some("GP2".to_owned()))
        .request("R1", |r| r.tier("GP9"));
    plan(case).excluded(&[(2, "needs-clinical-review")]);
}

#[test]
fn continuity_required_without_saying_whom_is_invalid() {
    let case = one_slot().request("R1", |r| {
        r.set(|row| row.continuity = Continuity::Required).unreadable("preferred_practitioner_id")
    });
    plan(case).excluded(&[(2, "invalid-row")]);
}

#[test]
fn one_id_with_two_contents_is_invalid_on_all_rows() {
    let case = one_slot().request("R1", |r| r).again(|r| r).again(|r| r.minutes(20));
    plan(case).excluded(&[(2, "invalid-row"), (3, "invalid-row"), (4, "invalid-row")]);
}

#[test]
fn a_clash_counts_even_with_a_row_that_is_excluded_before() {
    let case = one_slot().request("R1", |r| r).again(|r| r.became(Reconciliation::Died));
    plan(case).excluded(&[(2, "invalid-row"), (3, "died")]);
}

#[test]
fn the_same_row_again_is_a_duplicate() {
    let case = one_slot().request("R1", |r| r).again(|r| r);
    plan(case).excluded(&[(3, "duplicate-request")]).placed(&[("R1", "S/1")]);
}

#[test]
fn a_duplicate_comes_before_declined() {
    let case = one_slot().request("R1", |r| r.became(Reconciliation::Declined)).again(|r| r);
    plan(case).excluded(&[(2, "declined"), (3, "duplicate-request")]);
}

#[test]
fn an_unreadable_row_again_is_not_a_duplicate() {
    let case = one_slot().request("R1", |r| r.unreadable("duration_minutes")).again(|r| r);
    plan(case).excluded(&[(2, "invalid-row"), (3, "invalid-row")]);
}

#[test]
fn circles_of_links_are_invalid_and_what_hangs_on_them_waits() {
    let case = one_slot()
        .request("R1", |r| r.after("R1", 0, 5))
        .request("R2", |r| r.after("R3", 0, 5))
        .request("R3", |r| r.after("R2", 0, 5))
        .request("R4", |r| r.after("R2", 0, 5));
    plan(case).excluded(&[(2, "invalid-row"), (3, "invalid-row"), (4, "invalid-row")]).placed(&[]);
}

#[test]
fn circles_are_judged_on_all_rows() {
    let case = one_slot()
        .request("R1", |r| r.after("R2", 0, 5))
        .request("R2", |r| r.after("R1", 0, 5).became(Reconciliation::SeenOnPaper));
    plan(case).excluded(&[(2, "invalid-row"), (3, "seen-on-paper")]);
}

#[test]
fn doubtful_rows_are_kept_and_flagged() {
    let check = ["check-first"];
    plan(one_slot().request("R1", |r| r.became(Reconciliation::Unknown))).flags("R1", &check);
    plan(one_slot().request("R1", |r| r)).flags("R1", &[]);
    // The same appointment under another id, even where that one is excluded.
    let twice = one_slot()
        .request("R1", |r| r.patient("p1"))
        .request("R2", |r| r.patient("p1").became(Reconciliation::Declined));
    plan(twice).flags("R1", &check);
    let another = one_slot()
        .request("R1", |r| r.patient("p1"))
        .request("R2", |r| r.patient("p1").care("bloods").became(Reconciliation::Declined));
    plan(another).flags("R1", &[]);
}

#[test]
fn a_patient_who_is_in_the_book_later_is_flagged() {
    let case = |original: &str| {
        one_slot()
            .session("T", "g1", "A", "2024-07-23 10:00", &[15])
            .busy("T/1", "p1")
            .request("R1", |r| r.patient("p1").set(|row| row.original_start = Some(moment(original))))
    };
    plan(case("2024-07-19 10:00")).flags("R1", &["check-first"]);
    plan(case("2024-07-23 10:00")).flags("R1", &[]);
}
