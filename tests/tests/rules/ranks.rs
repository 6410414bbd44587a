//! SPEC section 2: ranks.

use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

#[test]
fn position_among_the_scheduled_tiers() {
    let case = one_slot().request("R1", |r| r.tier("GP1")).request("R2", |r| r.tier("GP6"));
    plan(case).rank("R1", 1).rank("R2", 6).tiers(&["GP1", "GP2", "GP3", "GP4", "GP5", "GP6"]);
}

#[test]
fn a_tier_never_scheduled_in_the_middle_does_not_count() {
    let case = one_slot().tier("GP2", |tier| tier.schedule = false).request("R1", |r| r.tier("GP3"));
    plan(case).rank("R1", 2).tiers(&["GP1", "GP3", "GP4", "GP5", "GP6"]);
}

#[test]
fn a_shared_rank_leaves_no_gap() {
    let case = one_slot()
        .tier("GP3", |tier| tier.shares_rank = true)
        .tier("GP4", |tier| tier.shares_rank = true)
        .request("R1", |r| r.tier("GP4"))
        .request("R2", |r| r.tier("GP5"));
    plan(case).rank("R1", 2).rank("R2", 3).tiers(&["GP1", "GP2+GP3+GP4", "GP5", "GP6"]);
}

#[test]
fn the_first_scheduled_tier_has_nothing_to_share() {
    let case = one_slot().tier("GP1", |tier| tier.shares_rank = true).request("R1", |r| r.tier("GP2"));
    plan(case).rank("R1", 2);
}

#[test]
fn in_a_shared_rank_weight_alone_decides() {
    // Both are late on the second day; GP3 weighs more.
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .tier("GP2", |tier| tier.weight = 50)
        .tier("GP3", |tier| tier.shares_rank = true)
        .request("R1", |r| r.tier("GP2").due("2024-07-22"))
        .request("R2", |r| r.tier("GP3").due("2024-07-22"));
    plan(case).placed(&[("R2", "S/1")]);
}

fn escalated(tier: &str, since: &str, expected: u32) {
    let case = one_slot()
        .tier(tier, |its| its.escalate_after_days = 10)
        .request("R1", |r| r.tier(tier).since(since));
    plan(case).rank("R1", expected);
}

#[test]
fn waiting_lifts_one_rank() {
    escalated("GP5", "2024-07-12", 4);
    escalated("GP5", "2024-01-01", 4);
    escalated("GP5", "2024-07-13", 5);
}

#[test]
fn waiting_never_lifts_above_rank_2() {
    escalated("GP3", "2024-01-01", 2);
    escalated("GP2", "2024-01-01", 2);
    escalated("GP1", "2024-01-01", 1);
}

#[test]
fn who_is_lifted_is_flagged() {
    let case = |since: &'static str| {
        one_slot()
            .tier("GP5", |tier| tier.escalate_after_days = 10)
            .request("R1", move |r| r.tier("GP5").since(since))
    };
    plan(case("2024-07-12")).flags("R1", &["escalated"]);
    plan(case("2024-07-13")).flags("R1", &[]);
}

#[test]
fn without_a_date_of_its_own_the_wait_began_with_the_cancelled_appointment() {
    // Cancelled on 2024-07-19: three days.
    for (days, rank) in [(3, 4), (4, 5)] {
        let case =
            one_slot().tier("GP5", |tier| tier.escalate_after_days = days).request("R1", |r| r.tier("GP5"));
        plan(case).rank("R1", rank);
    }
}

#[test]
fn labels_and_target_stay_those_of_the_tier() {
    // Escalated to rank 2; still not entitled to urgent slots, target of GP3.
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .slots("S", |slot| slot.reserved_for = Some("soon".to_owned()))
        .tier("GP2", |tier| tier.may_use = vec!["soon".to_owned()])
        .tier("GP3", |tier| tier.escalate_after_days = 1)
        .request("R1", |r| r.tier("GP3"));
    plan(case).rank("R1", 2).target("R1", "2024-07-29").unplaced(&[("R1", "no-candidate")]);
}
