//! Random sites, practitioners, sessions and slots.

use chrono::{NaiveDate, TimeDelta};
use rebook::calendar::{DateSet, format_moment};
use rebook::model::{Gender, Session, Site, Slot, SlotStatus};
use rust_decimal::Decimal;

use super::policy::{LABELS, NEEDS, ROLES, random_channels};
use super::{Dice, Themes, days_from};
use crate::build::CaseBuilder;

pub(super) const PATIENTS: [&str; 5] = ["p1", "p2", "p3", "p4", "p5"];

pub(super) fn add_sites(dice: &mut Dice, themes: Themes, builder: &mut CaseBuilder) {
    let number = if themes.sites { dice.from_to(2, 3) as usize } else { 1 };
    let (start, horizon) = (builder.policy.start, i64::from(builder.policy.horizon_days));
    for site_id in &["A", "B", "H"][..number] {
        let mut site = Site { site_id: (*site_id).to_owned(), listed: true, ..Site::default() };
        if dice.percent(80) {
            site.practice = Some(dice.pick(&["X", "X", "X", "Y"]).to_owned());
        }
        if dice.percent(70) {
            site.pcn = Some(dice.pick(&["N", "N", "M"]).to_owned());
        }
        site.hub = *site_id == "H" && dice.percent(80);
        if *site_id == "H" && dice.percent(50) {
            site.serves = dice.some(&["A", "B"], 60);
        }
        if themes.needs {
            site.features = dice.some(&NEEDS, 45);
        }
        if themes.closures && dice.percent(50) {
            site.closed_dates = random_dates(dice, start, horizon);
        }
        if themes.calls {
            site.calls_per_day = Some(dice.pick(&[0, 1, 1, 1, 2, 2]));
        }
        builder.sites.push(site);
    }
}

/// One date or a short range, in the plannable range.
pub(super) fn random_dates(dice: &mut Dice, start: NaiveDate, horizon: i64) -> DateSet {
    let first = days_from(start, dice.from_to(0, horizon - 1));
    DateSet::from_ranges(vec![(first, days_from(first, dice.pick(&[0, 0, 1, 2])))])
}

pub(super) fn add_clinicians(dice: &mut Dice, themes: Themes, builder: &mut CaseBuilder) {
    let (start, horizon) = (builder.policy.start, i64::from(builder.policy.horizon_days));
    for id in &["c1", "c2", "c3"][..dice.from_to(1, 3) as usize] {
        let role = dice.pick(&["gp", "gp", "anp", "nurse"]);
        debug_assert!(ROLES.contains(&role));
        let multiplier = if themes.long { dice.pick(&["1", "1", "1.5", "2", "1.05"]) } else { "1" };
        *builder = std::mem::replace(builder, CaseBuilder::gp()).clinician(id, role, |one| {
            one.gender = dice.pick(&[
                None,
                Some(Gender::Female),
                Some(Gender::Female),
                Some(Gender::Female),
                Some(Gender::Male),
            ]);
            one.skills = if themes.needs { dice.some(&NEEDS, 55) } else { Vec::new() };
            one.max_contacts_day = (themes.caps && dice.percent(50)).then(|| dice.from_to(1, 4) as u32);
            one.duration_multiplier = multiplier.parse::<Decimal>().expect("a decimal");
            if themes.closures && dice.percent(50) {
                one.leave = random_dates(dice, start, horizon);
            }
        });
    }
}

pub(super) fn add_sessions(dice: &mut Dice, themes: Themes, builder: &mut CaseBuilder) {
    let start = builder.policy.start;
    let horizon = i64::from(builder.policy.horizon_days);
    // Most sessions fall on few dates, so that caps, visits and overlaps have something to bind.
    let calendar = builder.policy.working_days();
    let soon: Vec<NaiveDate> = (0..horizon.min(7)).map(|days| days_from(start, days)).collect();
    let working: Vec<NaiveDate> =
        soon.iter().copied().filter(|&date| calendar.is_working_day(date)).collect();
    let hot: Vec<NaiveDate> = (0..dice.from_to(1, 3))
        .map(|_| {
            let any_day = working.is_empty() || dice.percent(8);
            dice.pick(if any_day { &soon } else { &working })
        })
        .collect();
    for index in 0..dice.pick(&[1, 2, 3, 3, 4, 4, 5, 6]) {
        let id = format!("s{}", index + 1);
        let mut date =
            if dice.percent(88) { dice.pick(&hot) } else { days_from(start, dice.from_to(-1, horizon)) };
        let mut who = dice.one(&builder.clinicians).practitioner_id.clone();
        let mut minute = dice.pick(&[8 * 60 + 30, 9 * 60, 9 * 60, 9 * 60 + 30, 13 * 60]);
        if themes.overlaps && !builder.sessions.is_empty() && dice.percent(60) {
            // Another session of the same practitioner at nearly the same time.
            let other = dice.one(&builder.sessions);
            (date, who) = (other.session.start.date(), other.practitioner_id.clone());
            let offset = dice.pick(&[0, 5, 10, 20]);
            minute =
                (other.session.start - date.and_hms_opt(0, 0, 0).expect("midnight")).num_minutes() + offset;
        }
        if themes.crowd && !builder.sessions.is_empty() && dice.percent(60) {
            // Another practitioner beside them, at about the same time.
            let other = dice.one(&builder.sessions);
            date = other.session.start.date();
            minute = (other.session.start - date.and_hms_opt(0, 0, 0).expect("midnight")).num_minutes()
                + dice.pick(&[-20, 0, 10, 20, 40]);
        }
        let site = dice.one(&builder.sites).site_id.clone();
        let at = date.and_hms_opt(0, 0, 0).expect("midnight") + TimeDelta::minutes(minute);
        let lengths = lengths(dice);
        *builder = std::mem::replace(builder, CaseBuilder::gp())
            .session(&id, &who, &site, &format_moment(at), &lengths)
            .edit_session(&id, |session| dress(dice, themes, session))
            .slots(&id, |slot| fill(dice, themes, slot));
        share_patients(dice, builder);
    }
}

/// Slots of one length or of several, with a gap here and there.
fn lengths(dice: &mut Dice) -> Vec<i64> {
    let usual = dice.pick(&[10, 10, 15, 20]);
    let mixed = dice.percent(35);
    let mut lengths = Vec::new();
    for _ in 0..dice.pick(&[2, 2, 3, 3, 4, 5, 6, 8]) {
        if !lengths.is_empty() && dice.percent(12) {
            lengths.push(-dice.pick(&[5, 10, 30]));
        }
        lengths.push(if mixed { dice.pick(&[5, 10, 15, 20]) } else { usual });
    }
    lengths
}

fn dress(dice: &mut Dice, themes: Themes, session: &mut Session) {
    if themes.channels {
        session.delivery_channels = random_channels(dice, themes);
    }
    if dice.percent(12) {
        session.care_types = dice.some(&["bloods", "consult"], 60);
    }
    if themes.needs {
        session.features = dice.some(&NEEDS, 25);
    }
    if themes.labels && dice.percent(30) {
        session.reserved_for = Some(dice.pick(&["urgent", "recovery"]).to_owned());
    }
    session.max_contacts = (themes.caps && dice.percent(45)).then(|| dice.from_to(0, 4) as u32);
    session.additional = themes.additional && dice.percent(50);
}

fn fill(dice: &mut Dice, themes: Themes, slot: &mut Slot) {
    let busy = if themes.busy || themes.caps { 25 } else { 4 };
    if dice.percent(busy) {
        slot.status = dice.pick(&[SlotStatus::Busy, SlotStatus::Busy, SlotStatus::BusyTentative]);
        slot.patient_id = dice.percent(75).then(|| dice.pick(&PATIENTS).to_owned());
    } else if dice.percent(5) {
        slot.status = SlotStatus::BusyUnavailable;
    }
    if themes.labels && dice.percent(40) {
        slot.reserved_for = Some(dice.pick(&LABELS).to_owned());
    }
    if themes.groups && dice.percent(35) {
        if slot.status == SlotStatus::Free {
            slot.places = Some(dice.pick(&[0, 1, 1, 2, 2, 3]));
        }
        slot.places_taken = dice.pick(&[0, 0, 1, 2]);
        slot.duration_minutes = slot.duration_minutes.max(dice.pick(&[5, 10, 10]));
    }
}

/// Neighbouring busy slots of the last session often hold one patient: a long appointment.
fn share_patients(dice: &mut Dice, builder: &mut CaseBuilder) {
    let Some(draft) = builder.sessions.last_mut() else { return };
    for index in 1..draft.slots.len() {
        let (before, after) = draft.slots.split_at_mut(index);
        let (before, after) = (&before[index - 1], &mut after[0]);
        if before.status.is_taken() && after.status.is_taken() && dice.percent(60) {
            after.patient_id.clone_from(&before.patient_id);
        }
    }
}
