//! Random policies: one to five scheduled tiers, two care types.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use rebook::model::{
    BankHolidays, CareType, ContactRoute, DeliveryChannel, FlagWeight, Inconvenience, NoticeHours, Policy,
    Reserve, Target, TargetFrom, Tier,
};
use rust_decimal::Decimal;

use super::{Dice, Themes, days_from};
use crate::build::{care_type, gp_policy, tags, tier};

pub(super) const ROLES: [&str; 3] = ["gp", "anp", "nurse"];
pub(super) const NEEDS: [&str; 3] = ["step-free", "bsl", "cervical-sampling"];
pub(super) const LABELS: [&str; 3] = ["urgent", "recovery", "open"];

pub(super) fn random_policy(dice: &mut Dice, themes: Themes, start: NaiveDate) -> Policy {
    let midnight = start.and_hms_opt(0, 0, 0).expect("midnight");
    let late = dice.percent(if themes.reserve { 40 } else { 0 });
    let moments = if late { [540, 550, 555, 560, 570, 580] } else { [-720, 0, 420, 420, 550, 1_440 + 560] };
    let as_of = midnight + TimeDelta::minutes(dice.pick(&moments));
    let horizon_days = dice.pick(&[2, 3, 4, 5, 6, 7, 8, 9, 10, 12]);
    Policy {
        start,
        as_of,
        horizon_days,
        unplaced_days: dice.pick(&[1, 5, 20, 365]),
        wait_per_day: dice.pick(&[1, 10, 10, 10, 30]),
        travel_minutes: dice.pick(&[10, 30, 30, 60]),
        together_gap_minutes: dice.pick(&[0, 10, 30]),
        window_rank: dice.pick(&[1, 1, 2, 3, 4]),
        place_after_window: dice.percent(65),
        place_needs: tags(if dice.percent(80) { &["step-free"] } else { &[] }),
        bank_holidays: if dice.percent(75) {
            BankHolidays::England
        } else {
            let within = i64::from(horizon_days) - 1;
            BankHolidays::Listed((0..2).map(|_| days_from(start, dice.from_to(0, within))).collect())
        },
        max_weight: dice.pick(&[100, 150, 200, 1000]),
        min_notice_hours: notice(dice, themes),
        tiers: tiers(dice, themes),
        care_types: vec![one_care_type(dice, themes, "bloods"), one_care_type(dice, themes, "consult")],
        max_contacts_day: if themes.caps && dice.percent(60) {
            ROLES.iter().map(|role| ((*role).to_owned(), dice.from_to(1, 5) as u32)).collect()
        } else {
            BTreeMap::new()
        },
        reserves: if themes.reserve { reserves(dice) } else { Vec::new() },
        inconvenience: Inconvenience {
            other_practitioner: dice.pick(&[0, 5, 30]),
            other_site: dice.pick(&[0, 5, 20]),
            role_step: dice.pick(&[0, 3, 10]),
            wasted_minute: dice.pick(&[0, 1, 1, 2]),
            moved: dice.pick(&[0, 15, 140]),
        },
        weights: if themes.weights {
            vec![
                FlagWeight { flag: "learning-disability".to_owned(), percent: dice.pick(&[33, 120, 133]) },
                FlagWeight { flag: "carer".to_owned(), percent: dice.pick(&[1, 50, 115, 300]) },
            ]
        } else {
            Vec::new()
        },
        ..gp_policy()
    }
}

fn notice(dice: &mut Dice, themes: Themes) -> NoticeHours {
    let mut by_route = BTreeMap::new();
    if themes.notice {
        by_route.insert(ContactRoute::Phone, dice.pick(&[0, 2, 4]));
        by_route.insert(ContactRoute::Sms, dice.pick(&[0, 3, 24]));
        by_route.insert(ContactRoute::App, dice.pick(&[2, 10]));
        by_route.insert(ContactRoute::Letter, dice.pick(&[4, 24, 48]));
    }
    NoticeHours { default: if themes.notice { dice.pick(&[0, 1, 3]) } else { 0 }, by_route }
}

fn tiers(dice: &mut Dice, themes: Themes) -> Vec<Tier> {
    let scheduled = dice.pick(&[1, 2, 2, 3, 3, 4, 5]);
    let mut tiers: Vec<Tier> = (0..scheduled).map(|index| one_tier(dice, themes, index)).collect();
    // The tiers that are never scheduled stand first, or in the middle.
    let mut never = tier("T0", Target::WorkingDays(0));
    never.schedule = false;
    let at = if dice.percent(80) { 0 } else { dice.below(tiers.len() + 1) };
    tiers.insert(at, never);
    tiers
}

fn one_tier(dice: &mut Dice, themes: Themes, index: i64) -> Tier {
    let days = (index + dice.from_to(0, 3)) as u32;
    let target = if dice.percent(50) { Target::Days(days) } else { Target::WorkingDays(days) };
    let mut one = tier(&format!("T{}", index + 1), target);
    if dice.percent(25) {
        one.target_from = TargetFrom::WaitingSince;
        one.target = Target::Days(days + dice.pick(&[0, 5, 20]));
    }
    one.may_use = if themes.labels { dice.some(&["urgent", "recovery"], 40) } else { Vec::new() };
    one.call = dice.percent(20);
    one.urgent = if index == 0 { dice.percent(75) } else { dice.percent(15) };
    one.shares_rank = dice.percent(20);
    if themes.weights {
        one.weight = dice.pick(&[50, 100, 100, 150]);
    }
    one.escalate_after_days = dice.pick(&[0, 0, 3, 10]);
    if themes.notice && dice.percent(30) {
        one.min_notice_hours = Some(dice.pick(&[0, 1, 6, 30]));
    }
    one
}

fn one_care_type(dice: &mut Dice, themes: Themes, code: &str) -> CareType {
    let mut one = care_type(code, &[]);
    // Best first: a random order of some of the roles.
    let mut roles = ROLES.to_vec();
    for index in (1..roles.len()).rev() {
        roles.swap(index, dice.below(index + 1));
    }
    roles.truncate(if themes.roomy { 3 } else { dice.pick(&[2, 3, 3, 3, 3]) });
    one.roles = tags(&roles);
    one.duration_minutes = dice.pick(&[10, 10, 10, 15, 20]);
    one.delivery_channels = random_channels(dice, themes);
    if dice.percent(30) {
        one.priority = Some(dice.pick(&["T1", "T1", "T1", "T1", "T2", "T0"]).to_owned());
    }
    if themes.needs {
        one.needs = dice.some(&NEEDS, 15);
    }
    if themes.times {
        one.start_after = dice.percent(40).then(|| dice.pick(&[9 * 60, 9 * 60 + 20, 10 * 60]));
        one.finish_by = dice.percent(40).then(|| dice.pick(&[9 * 60 + 50, 10 * 60, 13 * 60]));
    }
    one
}

/// One to three channels, best first.
pub(super) fn random_channels(dice: &mut Dice, themes: Themes) -> Vec<DeliveryChannel> {
    use DeliveryChannel::{HomeVisit, InPerson, Telephone, Video};
    if !themes.channels {
        let remote = themes.couples && themes.sites && dice.percent(50);
        let both = if remote { [Telephone, InPerson] } else { [InPerson, Telephone] };
        return both[..if dice.percent(70) { 1 } else { 2 }].to_vec();
    }
    let mut all = vec![InPerson, Telephone, Video, HomeVisit];
    for index in (1..all.len()).rev() {
        all.swap(index, dice.below(index + 1));
    }
    all.truncate(dice.pick(&[1, 2, 2, 3]));
    all
}

fn reserves(dice: &mut Dice) -> Vec<Reserve> {
    let fractions = ["0", "0.25", "0.4", "0.5", "0.333333333333", "0.6666666667", "1"];
    let mut reserves = Vec::new();
    for role in ROLES {
        if dice.percent(70) {
            let fraction: Decimal = dice.pick(&fractions).parse().expect("a decimal");
            reserves.push(Reserve { role: role.to_owned(), fraction });
        }
    }
    reserves
}
