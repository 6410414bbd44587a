//! A plain policy for hand-made cases.

use std::collections::BTreeMap;

use rebook::model::{
    BankHolidays, CareType, DeliveryChannel, Inconvenience, NoticeHours, Policy, Target, TargetFrom, Tier,
};

use super::{day, moment, tags};

/// A scheduled tier with defaults as in the SPEC.
pub fn tier(code: &str, target: Target) -> Tier {
    Tier {
        code: code.to_owned(),
        target,
        target_from: TargetFrom::Start,
        may_use: Vec::new(),
        schedule: true,
        call: false,
        urgent: false,
        shares_rank: false,
        weight: 100,
        escalate_after_days: 0,
        min_notice_hours: None,
    }
}

/// A care type of 15 minutes, in person.
pub fn care_type(code: &str, roles: &[&str]) -> CareType {
    CareType {
        code: code.to_owned(),
        roles: tags(roles),
        duration_minutes: 15,
        delivery_channels: vec![DeliveryChannel::InPerson],
        priority: None,
        needs: Vec::new(),
        start_after: None,
        finish_by: None,
    }
}

/// Tiers GP0 (never scheduled) to GP6, the care types `consult` (gp, then anp) and `bloods` (hca, then nurse);
/// inconvenience as in the SPEC; no reserve, caps, weights or notice.
pub fn gp_policy() -> Policy {
    let working = Target::WorkingDays;
    let mut tiers = vec![
        tier("GP0", working(0)),
        tier("GP1", working(0)),
        tier("GP2", working(2)),
        tier("GP3", working(5)),
        tier("GP4", working(10)),
        tier("GP5", Target::Days(28)),
        tier("GP6", Target::Days(84)),
    ];
    tiers[0].schedule = false;
    tiers[1].urgent = true;
    tiers[1].may_use = tags(&["urgent"]);
    let mut consult = care_type("consult", &["gp", "anp"]);
    consult.delivery_channels = vec![DeliveryChannel::InPerson, DeliveryChannel::Telephone];
    Policy {
        name: "general practice".to_owned(),
        version: "1".to_owned(),
        approved_by: String::new(),
        start: day("2024-07-22"),
        as_of: moment("2024-07-22 00:00"),
        horizon_days: 28,
        unplaced_days: 365,
        wait_per_day: 10,
        travel_minutes: 30,
        together_gap_minutes: 30,
        slot_minutes: 15,
        window_rank: 3,
        place_after_window: true,
        place_needs: tags(&["step-free", "hoist", "hearing-loop"]),
        bank_holidays: BankHolidays::England,
        max_weight: 200,
        min_notice_hours: NoticeHours { default: 0, by_route: BTreeMap::new() },
        tiers,
        care_types: vec![care_type("bloods", &["hca", "nurse"]), consult],
        max_contacts_day: BTreeMap::new(),
        reserves: Vec::new(),
        inconvenience: Inconvenience {
            other_practitioner: 30,
            other_site: 20,
            role_step: 10,
            wasted_minute: 1,
            moved: 140,
        },
        weights: Vec::new(),
    }
}
