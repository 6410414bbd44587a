//! Random sites, practitioners, sessions and slots.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
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
        let apart = *site_id == "H" && dice.percent(50);
        if apart {
            site.practice = None;
        } else if themes.roomy {
            site.practice = Some("X".to_owned());
        } else if dice.percent(90) {
            site.practice = Some(dice.pick(&["X", "X", "X", "X", "X", "Y"]).to_owned());
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
            let calls = if themes.roomy { [1, 1, 1, 2, 2, 3] } else { [0, 1, 1, 1, 2, 2] };
            site.calls_per_day = Some(dice.pick(&calls));
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
    let number = match (themes.requests > 7, themes.crowd) {
        (true, _) => 4,
        (_, true) => dice.from_to(2, 3) as usize,
        _ => dice.from_to(1, 3) as usize,
    };
    for id in &["c1", "c2", "c3", "c4"][..number] {
        let role = dice.pick(&["gp", "gp", "anp", "nurse"]);
        debug_assert!(ROLES.contains(&role));
        let multiplier = if themes.long { dice.pick(&["1", "1", "1.5", "2", "1.05", "0.5"]) } else { "1" };
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
    let calendar = builder.policy.working_days();
    let hot = hot_dates(dice, themes, builder);
    // Many requests for many slots would be too many combinations, where all are looked at.
    let most = [40, 40, 40, 36, 30, 24, 20, 17].get(themes.requests).copied().unwrap_or(2 * themes.requests);
    let number =
        if themes.requests > 7 { dice.from_to(6, 14) } else { dice.pick(&[1, 2, 3, 4, 4, 5, 6, 7, 8]) };
    let number = if themes.roomy { number.max(4) } else { number };
    for index in 0..number {
        if builder.sessions.iter().map(|draft| draft.slots.len()).sum::<usize>() >= most {
            break;
        }
        let id = format!("s{}", index + 1);
        let spot = spot(dice, themes, builder, &hot);
        let lengths = lengths(dice, themes);
        *builder = std::mem::replace(builder, CaseBuilder::gp())
            .session(&id, &spot.who, &spot.site, &format_moment(spot.at), &lengths)
            .edit_session(&id, |session| {
                dress(dice, themes, session);
                // Extra sessions are what a bank holiday is for.
                session.additional |= themes.additional && calendar.is_bank_holiday(spot.at.date());
            })
            .slots(&id, |slot| fill(dice, themes, slot));
        share_patients(dice, themes, builder);
        if !themes.roomy && dice.percent(3) {
            stray(builder);
        }
    }
    if themes.reserve {
        idle(dice, builder);
    }
}

/// A session beside another one, of the same role, that is free and yet does not count: its practitioner is away,
/// it is additional, or it is over.
fn idle(dice: &mut Dice, builder: &mut CaseBuilder) {
    let beside = dice.one(&builder.sessions).clone();
    let date = beside.session.start.date();
    let who = builder.clinicians.iter().find(|one| one.practitioner_id == beside.practitioner_id);
    let mut who = who.expect("a practitioner of that id").clone();
    "d1".clone_into(&mut who.practitioner_id);
    let why = dice.pick(&[0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
    if why == 0 {
        who.leave = DateSet::from_ranges(vec![(date, date)]);
    }
    let hour = if why == 2 { 6 } else { 14 };
    let at = date.and_hms_opt(hour, 0, 0).expect("an hour");
    builder.clinicians.push(who);
    *builder = std::mem::replace(builder, CaseBuilder::gp())
        .session("z1", "d1", &beside.site_id, &format_moment(at), &[10, 10, 10, 10])
        .edit_session("z1", |session| session.additional = why == 1);
}

/// The last slot of the last session is on the next day, or begins inside a minute.
fn stray(builder: &mut CaseBuilder) {
    let Some(slots) = builder.sessions.last_mut().map(|draft| &mut draft.slots) else { return };
    let odd = slots.len() % 2 == 1;
    if let Some(last) = slots.last_mut() {
        last.start += if odd { TimeDelta::days(1) } else { TimeDelta::seconds(30) };
    }
}

/// Most sessions fall on few dates, mostly working days, so that caps, visits and overlaps have something to bind.
fn hot_dates(dice: &mut Dice, themes: Themes, builder: &CaseBuilder) -> Vec<NaiveDate> {
    let calendar = builder.policy.working_days();
    let soon: Vec<NaiveDate> = (0..i64::from(builder.policy.horizon_days).min(7))
        .map(|days| days_from(builder.policy.start, days))
        .collect();
    let working: Vec<NaiveDate> =
        soon.iter().copied().filter(|&date| calendar.is_working_day(date)).collect();
    let number = if themes.requests > 7 { dice.from_to(3, 5) } else { dice.from_to(1, 3) };
    let mut hot: Vec<NaiveDate> = (0..number)
        .map(|_| {
            let any_day = working.is_empty() || dice.percent(8);
            dice.pick(if any_day { &soon } else { &working })
        })
        .collect();
    let holiday = soon.iter().find(|&&date| calendar.is_bank_holiday(date));
    hot.extend(holiday.filter(|_| themes.additional).copied());
    if themes.reserve && themes.requests <= 7 && dice.percent(55) {
        hot = vec![builder.policy.start];
    }
    hot
}

/// Who works where, from when on.
struct Spot {
    who: String,
    site: String,
    at: NaiveDateTime,
}

fn spot(dice: &mut Dice, themes: Themes, builder: &CaseBuilder, hot: &[NaiveDate]) -> Spot {
    let policy = &builder.policy;
    let any_date = days_from(policy.start, dice.from_to(-1, i64::from(policy.horizon_days)));
    let date = if dice.percent(88) { dice.pick(hot) } else { any_date };
    let minute = dice.pick(&[8 * 60 + 30, 9 * 60, 9 * 60, 9 * 60 + 30, 13 * 60]);
    let mut spot = Spot {
        who: dice.one(&builder.clinicians).practitioner_id.clone(),
        site: dice.one(&builder.sites).site_id.clone(),
        at: date.and_hms_opt(0, 0, 0).expect("midnight") + TimeDelta::minutes(minute),
    };
    if builder.sessions.is_empty() {
        return spot;
    }
    let other = dice.one(&builder.sessions);
    if themes.overlaps && dice.percent(if themes.requests > 7 { 20 } else { 60 }) {
        // Another session of the same practitioner at nearly the same time.
        spot.who.clone_from(&other.practitioner_id);
        spot.at = other.session.start + TimeDelta::minutes(dice.pick(&[0, 5, 10, 20]));
    } else if themes.crowd && dice.percent(if themes.pinch.is_some() { 90 } else { 60 }) {
        // Another practitioner beside them, at about the same time, often at another site.
        let offset = themes.pinch.unwrap_or_else(|| dice.pick(&[-20, 0, 0, 5, 10, 20, 40]));
        spot.at = other.session.start + TimeDelta::minutes(offset);
        let others: Vec<&str> = builder
            .clinicians
            .iter()
            .map(|one| one.practitioner_id.as_str())
            .filter(|id| *id != other.practitioner_id)
            .collect();
        if !others.is_empty() && dice.percent(70) {
            dice.pick(&others).clone_into(&mut spot.who);
        }
        if themes.pinch == Some(0) && dice.percent(70) {
            spot.site.clone_from(&other.site_id);
        } else if spot.site == other.site_id && dice.percent(50) {
            spot.site.clone_from(&dice.one(&builder.sites).site_id);
        }
    }
    spot
}

/// Slots of one length or of several, with a gap here and there.
fn lengths(dice: &mut Dice, themes: Themes) -> Vec<i64> {
    let usual = dice.pick(&[10, 10, 15, 20]);
    let mixed = dice.percent(35);
    let mut lengths = Vec::new();
    // Who must come at one time, or must not, is pressed only where there is little choice.
    let short = themes.pinch.is_some() || ((themes.couples || themes.visits) && dice.percent(50));
    let number = if short { dice.pick(&[1, 1, 1, 2]) } else { dice.pick(&[2, 2, 3, 3, 4, 4, 5, 6, 8]) };
    for _ in 0..number {
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
    if dice.percent(9) {
        session.care_types = dice.some(&["bloods", "consult"], 60);
    }
    if themes.needs {
        session.features = dice.some(&NEEDS, 25);
    }
    if themes.labels && dice.percent(30) {
        session.reserved_for = Some(dice.pick(&["urgent", "recovery"]).to_owned());
    }
    session.max_contacts = (themes.caps && dice.percent(45)).then(|| dice.from_to(0, 4) as u32);
    session.additional = themes.additional && dice.percent(45);
}

fn fill(dice: &mut Dice, themes: Themes, slot: &mut Slot) {
    let busy = if themes.roomy || !(themes.busy || themes.caps) { 4 } else { 20 };
    if dice.percent(busy) {
        slot.status = dice.pick(&[SlotStatus::Busy, SlotStatus::Busy, SlotStatus::BusyTentative]);
        slot.patient_id = dice.percent(75).then(|| dice.pick(&PATIENTS).into());
    } else if dice.percent(5) {
        slot.status = SlotStatus::BusyUnavailable;
    }
    if themes.labels && dice.percent(40) {
        slot.reserved_for = Some(dice.pick(&LABELS).to_owned());
    }
    if themes.groups && dice.percent(40) {
        if slot.status == SlotStatus::Free {
            slot.places = Some(dice.pick(&[0, 1, 2, 2, 2, 3]));
        }
        slot.places_taken = dice.pick(&[0, 0, 1, 2]);
    }
}

/// Neighbouring busy slots of the last session often hold one patient: a long appointment.
fn share_patients(dice: &mut Dice, themes: Themes, builder: &mut CaseBuilder) {
    let Some(draft) = builder.sessions.last_mut() else { return };
    for index in 1..draft.slots.len() {
        let (before, after) = draft.slots.split_at_mut(index);
        let (before, after) = (&before[index - 1], &mut after[0]);
        if before.status.is_taken() && after.status.is_taken() && dice.percent(60) {
            after.patient_id.clone_from(&before.patient_id);
        } else if before.status.is_taken() && themes.caps && dice.percent(35) {
            after.status = before.status;
            after.places = None;
            after.patient_id.clone_from(&before.patient_id);
        }
    }
}
