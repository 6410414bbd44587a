//! From the text of a policy to a policy: defaults, limits and checks.
//!
//! The upper limits keep every later sum within 64 bits: with the largest weight (10,000 %), the longest wait
//! (about 40,000 days) and the most points, a million requests add up to less than 2 to the 63.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::Draft;
use super::keys::{Keys, Notes, date, whole};
use crate::issue::{Code, Issue};
use crate::model::{
    BankHolidays, CareType, ContactRoute, DeliveryChannel, FlagWeight, Inconvenience, NoticeHours, Policy,
    Reserve, Target, TargetFrom, Tier,
};
use crate::tables::schema::MOST_DAYS;

/// Largest weight, percent.
const MOST_WEIGHT: u32 = 10_000;
/// Most points of one kind of inconvenience.
const MOST_POINTS: u32 = 100_000;
/// Most points for a day of waiting.
const MOST_PER_DAY: u32 = 10_000;
/// Most minutes: a day.
const MOST_MINUTES: u32 = 1440;
/// Most hours of notice: a year.
const MOST_HOURS: u32 = 8784;

/// Reads a policy. What is not given comes from `base`; without it, tiers and care types must be there.
pub fn read(text: &str, file: &str, base: Option<&Policy>, issues: &mut Vec<Issue>) -> Option<Draft> {
    let mut notes = Notes { file, text, issues: Vec::new() };
    let (document, errors) = toml::de::DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let line = notes.line(span.start);
        let value = text.lines().nth(line as usize - 1).unwrap_or_default().trim();
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        notes.issues.push(
            Issue::new(Code::TomlBroken, file, "valid TOML")
                .at(line)
                .value(value)
                .help(format!("{message}. {}", Code::TomlBroken.help())),
        );
    }
    let draft = notes
        .issues
        .is_empty()
        .then(|| top(Keys::new(document.get_ref(), String::new(), 0..0), base, &mut notes));
    let sound = notes.issues.is_empty();
    issues.append(&mut notes.issues);
    draft.filter(|_| sound)
}

fn top(mut keys: Keys<'_>, base: Option<&Policy>, notes: &mut Notes<'_>) -> Draft {
    let slot_minutes = keys.whole("slot_minutes", 1, 480, notes).unwrap_or(15);
    let start = keys.date("start", notes);
    let as_of = keys.moment("as_of", notes);
    let first = start.unwrap_or_else(default_start);
    let tiers = keys.tables("tier", notes).filter(|tiers| !tiers.is_empty());
    let care_types = keys.table("care_types", notes);
    let name = keys.text("name", notes);
    let policy = Policy {
        name: name.unwrap_or_else(|| "general practice".to_owned()),
        version: keys.text("version", notes).unwrap_or_else(|| "1".to_owned()),
        approved_by: keys.text("approved_by", notes).unwrap_or_default(),
        start: first,
        as_of: as_of.unwrap_or_else(|| first.and_time(NaiveTime::MIN)),
        horizon_days: keys.whole("horizon_days", 1, MOST_DAYS, notes).unwrap_or(28),
        unplaced_days: keys.whole("unplaced_days", 0, 10 * MOST_DAYS, notes).unwrap_or(365),
        wait_per_day: keys.whole("wait_per_day", 1, MOST_PER_DAY, notes).unwrap_or(10),
        travel_minutes: keys.whole("travel_minutes", 0, MOST_MINUTES, notes).unwrap_or(30),
        together_gap_minutes: keys.whole("together_gap_minutes", 0, MOST_MINUTES, notes).unwrap_or(30),
        slot_minutes,
        window_rank: keys.whole("window_rank", 1, 1000, notes).unwrap_or(3),
        place_after_window: keys.boolean("place_after_window", notes).unwrap_or(true),
        place_needs: keys
            .texts("place_needs", notes)
            .unwrap_or_else(|| ["step-free", "hoist", "hearing-loop"].map(str::to_owned).to_vec()),
        bank_holidays: bank_holidays(&mut keys, notes),
        max_weight: keys.whole("max_weight", 100, MOST_WEIGHT, notes).unwrap_or(200),
        min_notice_hours: notice(keys.table("min_notice_hours", notes), notes),
        tiers: match tiers {
            Some(tiers) => self::tiers(tiers, notes),
            None => base.map(|base| base.tiers.clone()).unwrap_or_default(),
        },
        care_types: match care_types.filter(|table| table.entries().next().is_some()) {
            Some(table) => self::care_types(&table, slot_minutes, notes),
            None => base.map(|base| base.care_types.clone()).unwrap_or_default(),
        },
        max_contacts_day: caps(keys.table("max_contacts_day", notes).as_ref(), notes),
        reserves: reserves(keys.tables("reserve", notes), notes),
        inconvenience: inconvenience(keys.table("inconvenience", notes), notes),
        weights: weights(keys.tables("weight", notes), notes),
    };
    default_tiers(&policy, &mut keys, notes);
    keys.finish(notes);
    Draft { policy, start_given: start.is_some(), as_of_given: as_of.is_some() }
}

/// The first plannable date where nobody names one.
fn default_start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 7, 22).unwrap_or_default()
}

fn bank_holidays(keys: &mut Keys<'_>, notes: &mut Notes<'_>) -> BankHolidays {
    let Some(value) = keys.get("bank_holidays") else { return BankHolidays::England };
    let listed = value
        .get_ref()
        .as_array()
        .and_then(|items| items.iter().map(|item| date(item.get_ref())).collect::<Option<Vec<_>>>());
    if let Some(dates) = listed {
        return BankHolidays::Listed(dates);
    }
    if value.get_ref().as_str() != Some("england") {
        keys.refuse("bank_holidays", value, notes, "\"england\" or a list of dates");
    }
    BankHolidays::England
}

fn notice(keys: Option<Keys<'_>>, notes: &mut Notes<'_>) -> NoticeHours {
    let mut hours = NoticeHours { default: 2, by_route: BTreeMap::new() };
    for (route, most) in [
        (ContactRoute::Phone, 2),
        (ContactRoute::Sms, 24),
        (ContactRoute::App, 24),
        (ContactRoute::Letter, 120),
    ] {
        hours.by_route.insert(route, most);
    }
    if let Some(mut keys) = keys {
        hours.default = keys.whole("default", 0, MOST_HOURS, notes).unwrap_or(hours.default);
        for route in ContactRoute::ALL {
            if let Some(given) = keys.whole(route.as_str(), 0, MOST_HOURS, notes) {
                hours.by_route.insert(*route, given);
            }
        }
        keys.finish(notes);
    }
    hours
}

fn tiers(tables: Vec<Keys<'_>>, notes: &mut Notes<'_>) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    let mut any_scheduled = false;
    let span = tables.first().map(|keys| keys.span.clone()).unwrap_or(0..0);
    for mut keys in tables {
        let code = required_text(&mut keys, "code", notes);
        if !code.is_empty() && tiers.iter().any(|tier| tier.code == code) {
            twice(&keys, "code", &code, "a code that no tier before has", notes);
        }
        let schedule = keys.boolean("schedule", notes).unwrap_or(true);
        let first = schedule && !any_scheduled;
        any_scheduled |= schedule;
        let target = target(&mut keys, notes);
        let shares_rank = keys.boolean("shares_rank", notes).unwrap_or(false);
        if shares_rank && first {
            let name = keys.name("shares_rank");
            notes.note(Code::SharesRankFirst, &keys.span, &name, "false on the first tier that is scheduled");
        }
        tiers.push(Tier {
            code,
            target,
            target_from: target_from(&mut keys, notes),
            may_use: keys.texts("may_use", notes).unwrap_or_default(),
            schedule,
            call: keys.boolean("call", notes).unwrap_or(false),
            urgent: keys.boolean("urgent", notes).unwrap_or(first),
            shares_rank,
            weight: keys.whole("weight", 1, MOST_WEIGHT, notes).unwrap_or(100),
            escalate_after_days: keys.whole("escalate_after_days", 0, 10 * MOST_DAYS, notes).unwrap_or(0),
            min_notice_hours: keys.whole("min_notice_hours", 0, MOST_HOURS, notes),
        });
        keys.finish(notes);
    }
    if !any_scheduled {
        notes.note(Code::NoTierScheduled, &span, "tier", "at least one tier with schedule = true");
    }
    tiers
}

fn target(keys: &mut Keys<'_>, notes: &mut Notes<'_>) -> Target {
    let given = (keys.get("target_working_days").is_some(), keys.get("target_days").is_some());
    let working = keys.whole("target_working_days", 0, MOST_DAYS, notes);
    let days = keys.whole("target_days", 0, MOST_DAYS, notes);
    if given.0 == given.1 {
        let name = keys.name("target_working_days");
        notes.note(Code::TierTarget, &keys.span, &name, "exactly one of target_working_days and target_days");
    }
    match (working, days) {
        (Some(days), _) => Target::WorkingDays(days),
        (None, days) => Target::Days(days.unwrap_or(0)),
    }
}

fn target_from(keys: &mut Keys<'_>, notes: &mut Notes<'_>) -> TargetFrom {
    let Some(value) = keys.get("target_from") else { return TargetFrom::Start };
    match value.get_ref().as_str().map(str::trim) {
        Some("start") => TargetFrom::Start,
        Some("waiting_since") => TargetFrom::WaitingSince,
        _ => {
            keys.refuse("target_from", value, notes, "\"start\" or \"waiting_since\"");
            TargetFrom::Start
        }
    }
}

fn care_types(table: &Keys<'_>, slot_minutes: u32, notes: &mut Notes<'_>) -> Vec<CareType> {
    let mut care_types = Vec::new();
    for (code, value) in table.entries() {
        let name = table.name(code);
        let Some(inner) = value.get_ref().as_table() else {
            notes.note(Code::PolicyValue, &value.span(), &name, format!("a table [{name}]"));
            continue;
        };
        let mut keys = Keys::new(inner, name, value.span());
        if code.trim().is_empty() || code.trim() != code {
            notes.note(Code::PolicyValue, &keys.span, &keys.name(""), "a code without spaces around it");
        }
        let roles = keys.texts("roles", notes);
        match &roles {
            None if keys.get("roles").is_none() => keys.missing("roles", notes),
            Some(roles) if roles.is_empty() => {
                let name = keys.name("roles");
                notes.note(Code::PolicyValue, &keys.span, &name, "at least one role");
            }
            _ => {}
        }
        care_types.push(CareType {
            code: code.to_owned(),
            roles: roles.unwrap_or_default(),
            duration_minutes: keys.whole("duration_minutes", 1, 480, notes).unwrap_or(slot_minutes),
            delivery_channels: channels(&mut keys, notes),
            priority: keys.text("priority", notes).filter(|code| !code.is_empty()),
            needs: keys.texts("needs", notes).unwrap_or_default(),
            start_after: keys.clock("start_after", notes),
            finish_by: keys.clock("finish_by", notes),
        });
        keys.finish(notes);
    }
    care_types.sort_by(|a, b| a.code.cmp(&b.code));
    care_types
}

fn channels(keys: &mut Keys<'_>, notes: &mut Notes<'_>) -> Vec<DeliveryChannel> {
    let default = vec![DeliveryChannel::InPerson];
    let Some(texts) = keys.texts("delivery_channels", notes) else { return default };
    let channels: Option<Vec<_>> = texts.iter().map(|text| DeliveryChannel::parse(text)).collect();
    match (channels, keys.get("delivery_channels")) {
        (Some(channels), _) if !channels.is_empty() => channels,
        (_, Some(value)) => {
            let expected = format!("a list of {}", DeliveryChannel::TEXTS.join(", "));
            keys.refuse("delivery_channels", value, notes, expected);
            default
        }
        (_, None) => default,
    }
}

/// Care types may name tiers of this policy only, wherever the two come from.
fn default_tiers(policy: &Policy, keys: &mut Keys<'_>, notes: &mut Notes<'_>) {
    let Some(table) = keys.table("care_types", notes) else { return };
    for kind in &policy.care_types {
        let Some(priority) = kind.priority.as_ref().filter(|code| policy.tier(code).is_none()) else {
            continue;
        };
        let span = table.entries().find(|(code, _)| *code == kind.code).map(|(_, value)| value.span());
        let name = format!("care_types.{}.priority", kind.code);
        let codes: Vec<&str> = policy.tiers.iter().map(|tier| tier.code.as_str()).collect();
        let issue = notes.note(
            Code::UnknownTier,
            &span.unwrap_or(0..0),
            &name,
            format!("one of {}", codes.join(", ")),
        );
        issue.value = Some(priority.clone());
    }
}

fn caps(keys: Option<&Keys<'_>>, notes: &mut Notes<'_>) -> BTreeMap<String, u32> {
    let mut caps = BTreeMap::new();
    for (role, value) in keys.into_iter().flat_map(Keys::entries) {
        match whole(value.get_ref()).filter(|most| *most <= 1000) {
            Some(most) if !role.trim().is_empty() => {
                caps.insert(role.trim().to_owned(), most);
            }
            _ => {
                let name = format!("max_contacts_day.{role}");
                notes.note(Code::PolicyValue, &value.span(), &name, "a whole number from 0 to 1000");
            }
        }
    }
    caps
}

fn reserves(tables: Option<Vec<Keys<'_>>>, notes: &mut Notes<'_>) -> Vec<Reserve> {
    let mut reserves: Vec<Reserve> = Vec::new();
    for mut keys in tables.into_iter().flatten() {
        let role = required_text(&mut keys, "role", notes);
        if !role.is_empty() && reserves.iter().any(|reserve| reserve.role == role) {
            twice(&keys, "role", &role, "one reserve for each role", notes);
        }
        if keys.get("fraction").is_none() {
            keys.missing("fraction", notes);
        }
        let fraction = keys.fraction("fraction", notes).unwrap_or_default();
        reserves.push(Reserve { role, fraction });
        keys.finish(notes);
    }
    reserves
}

fn inconvenience(keys: Option<Keys<'_>>, notes: &mut Notes<'_>) -> Inconvenience {
    let mut points =
        Inconvenience { other_practitioner: 30, other_site: 20, role_step: 10, wasted_minute: 1, moved: 140 };
    if let Some(mut keys) = keys {
        let mut take = |key, points: &mut u32| {
            *points = keys.whole(key, 0, MOST_POINTS, notes).unwrap_or(*points);
        };
        take("other_practitioner", &mut points.other_practitioner);
        take("other_site", &mut points.other_site);
        take("role_step", &mut points.role_step);
        take("wasted_minute", &mut points.wasted_minute);
        take("moved", &mut points.moved);
        keys.finish(notes);
    }
    points
}

fn weights(tables: Option<Vec<Keys<'_>>>, notes: &mut Notes<'_>) -> Vec<FlagWeight> {
    let mut weights: Vec<FlagWeight> = Vec::new();
    for mut keys in tables.into_iter().flatten() {
        let flag = required_text(&mut keys, "flag", notes);
        if !flag.is_empty() && weights.iter().any(|weight| weight.flag == flag) {
            twice(&keys, "flag", &flag, "one weight for each flag", notes);
        }
        if keys.get("percent").is_none() {
            keys.missing("percent", notes);
        }
        let percent = keys.whole("percent", 1, MOST_WEIGHT, notes).unwrap_or(100);
        weights.push(FlagWeight { flag, percent });
        keys.finish(notes);
    }
    weights
}

/// A text that must be there and not empty.
fn required_text(keys: &mut Keys<'_>, key: &'static str, notes: &mut Notes<'_>) -> String {
    match keys.get(key) {
        None => {
            keys.missing(key, notes);
            String::new()
        }
        Some(value) => {
            let text = keys.text(key, notes).unwrap_or_default();
            if text.is_empty() && value.get_ref().as_str().is_some() {
                keys.refuse(key, value, notes, "a text that is not empty");
            }
            text
        }
    }
}

fn twice(keys: &Keys<'_>, key: &str, value: &str, expected: &str, notes: &mut Notes<'_>) {
    let name = keys.name(key);
    let issue = notes.note(Code::PolicyTwice, &keys.span, &name, expected);
    issue.value = Some(value.to_owned());
}
