//! SPEC section 5: points of waiting and of inconvenience.

use rebook::model::{Continuity, DeliveryChannel, Target};
use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

/// The points of R1, which is of tier GP1 and weight 100 and alone.
fn points(case: CaseBuilder, expected: i64) {
    plan(case).wait(&[100 * expected, 0, 0, 0, 0, 0]);
}

#[test]
fn ten_points_a_day_from_the_start() {
    let case =
        CaseBuilder::gp().session("S", "g1", "A", "2024-07-25 10:00", &[15]).request("R1", |r| r.tier("GP1"));
    points(case, 30);
}

#[test]
fn the_unplaced_wait_to_the_end_and_have_no_inconvenience() {
    let case = CaseBuilder::gp().request("R1", |r| r.tier("GP1").prefers("g1", Continuity::Preferred));
    points(case, 3_920);
}

#[test]
fn another_practitioner_than_the_preferred() {
    let with = |id: &'static str, continuity| {
        one_slot().request("R1", move |r| r.tier("GP1").prefers(id, continuity))
    };
    points(with("g9", Continuity::Preferred), 30);
    points(with("g1", Continuity::Preferred), 0);
    points(with("g1", Continuity::Required), 0);
    points(with("g9", Continuity::None), 0);
    // Preferred, without saying whom.
    let nobody =
        one_slot().request("R1", |r| r.tier("GP1").set(|row| row.continuity = Continuity::Preferred));
    points(nobody, 0);
}

#[test]
fn another_site_in_person() {
    let at_b = |channels: &'static [DeliveryChannel]| {
        CaseBuilder::gp()
            .site("A", |site| site.practice = Some("X".to_owned()))
            .site("B", |site| site.practice = Some("X".to_owned()))
            .session("S", "g1", "B", "2024-07-22 10:00", &[15])
            .edit_session("S", |session| session.delivery_channels = DeliveryChannel::ALL.to_vec())
            .request("R1", move |r| r.tier("GP1").by(channels))
    };
    points(at_b(&[DeliveryChannel::InPerson]), 20);
    points(at_b(&[DeliveryChannel::Telephone]), 0);
    points(at_b(&[DeliveryChannel::Video]), 0);
    points(at_b(&[DeliveryChannel::HomeVisit]), 0);
}

#[test]
fn a_step_for_each_role_further_down_the_list() {
    let of_role = |role: &'static str| {
        CaseBuilder::gp()
            .care_type("consult", |care| care.roles = ["gp", "anp", "nurse"].map(str::to_owned).to_vec())
            .clinician("c1", role, |_| {})
            .session("S", "c1", "A", "2024-07-22 10:00", &[15])
            .request("R1", |r| r.tier("GP1"))
    };
    points(of_role("gp"), 0);
    points(of_role("anp"), 10);
    points(of_role("nurse"), 20);
}

#[test]
fn minutes_of_slots_beyond_those_needed() {
    let of = |minutes: u32| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15, 20])
            .request("R1", move |r| r.tier("GP1").minutes(minutes))
    };
    points(of(15), 0);
    points(of(10), 5);
    points(of(16), 4);
    points(of(21), 14);
    let group =
        one_slot().slot("S/1", |slot| slot.places = Some(3)).request("R1", |r| r.tier("GP1").minutes(10));
    points(group, 0);
}

#[test]
fn needed_minutes_are_those_with_this_practitioner() {
    // 10 minutes by 1.5 and by 1.05 are 15 and 11.
    for (multiplier, wasted) in [("1.5", 0), ("1.05", 4), ("1", 5)] {
        let case = one_slot()
            .clinician("g1", "gp", |one| one.duration_multiplier = multiplier.parse().expect("a decimal"))
            .request("R1", |r| r.tier("GP1").minutes(10));
        points(case, wasted);
    }
}

#[test]
fn moved_to_another_session_or_start() {
    let previously = |slot: &'static str| {
        CaseBuilder::gp()
            .clinician("g2", "gp", |_| {})
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .session("T", "g2", "A", "2024-07-22 10:00", &[15, 15])
            .busy("T/1", "somebody")
            .busy("T/2", "somebody")
            .request("R1", |r| r.tier("GP1"))
            .previously("R1", &[slot])
    };
    points(previously("S/1"), 0);
    points(previously("T/1"), 140);
    points(previously("T/2"), 140);
    // In the same session at another start.
    let later = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15])
        .busy("S/2", "somebody")
        .request("R1", |r| r.tier("GP1"))
        .previously("R1", &["S/2"]);
    points(later, 140);
}

#[test]
fn the_shortest_run_of_equal_waste_is_not_forced_on_the_next() {
    // R2 fits into S/1 alone without waste; R1 wastes five minutes there and none in S/2.
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 10])
        .request("R1", |r| r.tier("GP1").minutes(10))
        .request("R2", |r| r.tier("GP2").minutes(15));
    plan(case).placed(&[("R1", "S/2"), ("R2", "S/1")]).wait(&[0; 6]);
}

#[test]
fn waiting_costs_what_the_policy_says() {
    let case = CaseBuilder::gp()
        .policy(|policy| policy.wait_per_day = 7)
        .session("S", "g1", "A", "2024-07-25 10:00", &[15])
        .request("R1", |r| r.tier("GP1"));
    points(case, 21);
}

#[test]
fn staying_at_the_same_start_of_a_session_is_not_moving() {
    // Both slots are equally good but for the place that R1 had.
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15])
        .request("R1", |r| r.tier("GP1"))
        .previously("R1", &["S/2"]);
    plan(case).placed(&[("R1", "S/2")]).wait(&[0; 6]);
}

#[test]
fn staying_is_worth_two_weeks_of_waiting() {
    let case = |sooner: &str| {
        CaseBuilder::gp()
            .tier("GP4", |tier| tier.target = Target::Days(28))
            .session("S", "g1", "A", "2024-08-08 10:00", &[15])
            .session("T", "g1", "A", sooner, &[15])
            .request("R1", |r| r)
            .previously("R1", &["S/1"])
    };
    plan(case("2024-07-26 10:00")).placed(&[("R1", "S/1")]);
    plan(case("2024-07-24 10:00")).placed(&[("R1", "T/1")]);
}

#[test]
fn a_day_of_waiting_against_a_strange_practitioner() {
    let case = |known: &str| {
        CaseBuilder::gp()
            .clinician("g2", "gp", |_| {})
            .session("S", "g2", "A", "2024-07-22 10:00", &[15])
            .session("T", "g1", "A", known, &[15])
            .request("R1", |r| r.prefers("g1", Continuity::Preferred))
    };
    // 20 points of waiting are less than 30, 40 are more.
    plan(case("2024-07-24 10:00")).placed(&[("R1", "T/1")]);
    plan(case("2024-07-26 10:00")).placed(&[("R1", "S/1")]);
}
