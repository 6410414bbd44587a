//! SPEC section 5: the window entry, right after the lateness of the ranks up to `window_rank`.

use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

#[test]
fn only_ranks_worse_than_window_rank_count() {
    for (tier, missed) in [("GP3", 0), ("GP4", 100)] {
        let case = CaseBuilder::gp().request("R1", |r| r.tier(tier).latest("2024-07-23"));
        plan(case).window(missed);
    }
}

#[test]
fn it_counts_by_weight() {
    let case = CaseBuilder::gp()
        .tier("GP4", |tier| tier.weight = 150)
        .request("R1", |r| r.tier("GP4").latest("2024-07-23"));
    plan(case).window(150);
}

#[test]
fn a_missed_window_is_worse_than_lateness_of_a_rank_after_it() {
    // R1 (rank 4) would be very late; R2 (rank 5) would miss its window.
    let case = |window_rank: u32| {
        one_slot()
            .policy(|policy| policy.window_rank = window_rank)
            .request("R1", |r| r.tier("GP4").due("2024-07-10"))
            .request("R2", |r| r.tier("GP5").latest("2024-07-23"))
    };
    plan(case(3)).placed(&[("R2", "S/1")]).window(0);
    // With window_rank 4 the lateness of rank 4 comes first.
    plan(case(4)).placed(&[("R1", "S/1")]).window(100);
}

#[test]
fn the_position_counts_tiers_and_the_entry_ranks() {
    // Position 4 is GP4, of rank 3 as it shares it with GP3: GP5 is of rank 4, and counts.
    let case = |tier: &str| {
        CaseBuilder::gp()
            .policy(|policy| policy.window_rank = 4)
            .tier("GP4", |its| its.shares_rank = true)
            .request("R1", |r| r.tier(tier).latest("2024-07-23"))
    };
    plan(case("GP4")).window(0);
    plan(case("GP5")).window(100);
}

#[test]
fn beyond_the_tiers_it_is_the_last_rank() {
    let case = CaseBuilder::gp()
        .policy(|policy| policy.window_rank = 9)
        .request("R1", |r| r.tier("GP6").latest("2024-07-23"));
    plan(case).window(0);
}

#[test]
fn an_escalated_request_counts_by_its_new_rank() {
    let case = CaseBuilder::gp()
        .tier("GP4", |tier| tier.escalate_after_days = 1)
        .request("R1", |r| r.latest("2024-07-23"));
    plan(case).rank("R1", 3).window(0);
}

#[test]
fn a_placed_request_misses_nothing() {
    plan(one_slot().request("R1", |r| r.latest("2024-07-22"))).window(0);
}
