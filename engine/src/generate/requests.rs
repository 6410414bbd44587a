//! Requests: what was lost, with everything a plan has to respect.

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::book::Lost;
use super::care::{self, Care};
use super::figures::{
    APPOINTMENTS_PER_1000_WEEK, AWAY, GP_BOOKED_AHEAD, GP_SAME_DAY, GP_SHARE, IMD_MISSING, IMD_SPREAD,
    NAMES_PRACTITIONER, ORDINARY_CANCELLATIONS, OTHER_BOOKED_AHEAD, OTHER_SAME_DAY, TIMES_CANCELLED,
    TOLD_TO_WAIT, WEEKDAY_VOLUME,
};
use super::frame::{Frame, moment};
use super::patients;
use super::rota::Kind;
use super::rows::RequestRow;
use super::sample::{Stream, WHOLE};
use super::staff::Practice;
use crate::calendar::{format_date, format_moment};

/// A lost appointment with the care it was for.
struct Draft {
    lost: Lost,
    care: &'static Care,
    tier: &'static str,
    same_day: bool,
}

/// The requests of a practice, in the order of the lost appointments; not more than `most`.
pub fn requests(
    seed: u64,
    practice: &Practice,
    frame: &Frame,
    lost: Vec<Lost>,
    most: Option<usize>,
) -> Vec<RequestRow> {
    let mut stream = Stream::new(seed, "requests", practice.index as u64);
    let mut drafts = Vec::new();
    for lost in lost {
        let role = practice.people[lost.person].role;
        let kept = stream.chance(share_lost(practice, frame, lost.start.date()));
        // A session for some care only had that booked in it.
        let listed: Vec<&str> = lost.care_types.split(';').filter(|code| !code.is_empty()).collect();
        let fits = |kind: &str| {
            care::find(kind).is_some_and(|care| listed.is_empty() || listed.contains(&care.code))
        };
        let mix: Vec<_> = care::of_role(role).iter().copied().filter(|entry| fits(entry.0)).collect();
        if mix.is_empty() {
            continue;
        }
        let Some(care) = care::find(stream.choose(&mix)) else { continue };
        let tier = stream.choose(care.tiers);
        if kept {
            drafts.push(Draft { lost, care, tier, same_day: false });
        }
    }
    told_to_wait(practice, frame, &mut drafts, &mut stream);
    if let Some(most) = most {
        thin(&mut drafts, most, &mut stream);
    }
    drafts.sort_by_key(|draft| (draft.lost.start, draft.lost.person, draft.lost.patient));
    let mut rows: Vec<RequestRow> = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        rows.push(row(practice, frame, draft, rows.len() + 1, &mut stream));
    }
    rows
}

/// Share of a day's booked appointments that became requests.
fn share_lost(practice: &Practice, frame: &Frame, date: NaiveDate) -> u32 {
    match practice.lost {
        0 => ORDINARY_CANCELLATIONS,
        share if frame.outage().contains(&date) => share,
        _ if frame.behind.contains(&date) => ORDINARY_CANCELLATIONS,
        _ => WHOLE,
    }
}

/// Those who rang on the days lost and were told to wait: they have no booked appointment to point to, so the
/// practice wrote them down for the hour they rang.
fn told_to_wait(practice: &Practice, frame: &Frame, drafts: &mut Vec<Draft>, stream: &mut Stream) {
    let Some(gps) = practice.teams.first().filter(|_| practice.lost > 0) else { return };
    let (total, whole) = (WEEKDAY_VOLUME.iter().sum::<u64>(), u64::from(WHOLE));
    let same_day = (GP_SHARE * GP_SAME_DAY + (whole - GP_SHARE) * OTHER_SAME_DAY) / whole;
    for &date in frame.outage() {
        let weekday = usize::from(chrono::Datelike::weekday(&date).num_days_from_monday() as u8).min(4);
        let people =
            u64::from(practice.list) * APPOINTMENTS_PER_1000_WEEK / 1_000 * WEEKDAY_VOLUME[weekday] / total;
        let waiting =
            stream.round(people * same_day / whole * TOLD_TO_WAIT / whole * u64::from(practice.lost), whole);
        for _ in 0..waiting {
            let Some(care) = care::find("on-the-day") else { continue };
            let lost = Lost {
                patient: 1 + stream.below(practice.list),
                person: gps.people[stream.below(gps.people.len() as u32) as usize],
                kind: Kind::Duty,
                care_types: "",
                start: moment(date, 8 * 60 + 5 * stream.below(108)),
            };
            drafts.push(Draft { lost, care, tier: stream.choose(care.tiers), same_day: true });
        }
    }
}

/// Leaves `most` drafts, each as likely to stay as any other.
fn thin(drafts: &mut Vec<Draft>, most: usize, stream: &mut Stream) {
    while drafts.len() > most {
        let leaving = stream.below(drafts.len() as u32) as usize;
        drafts.swap_remove(leaving);
    }
}

/// How long ahead a prebooked appointment had been booked, by the measured lead times.
fn lead_days(gp: bool, stream: &mut Stream) -> u32 {
    let curve: &[(u32, u32)] = if gp { &GP_BOOKED_AHEAD } else { &OTHER_BOOKED_AHEAD };
    let at = stream.below(WHOLE);
    // The curve falls: share still ahead by days. Read it backwards.
    let longer = curve.windows(2).find(|pair| pair[1].1 <= at).map(|pair| (pair[0], pair[1]));
    match longer {
        Some(((d0, s0), (d1, s1))) => d0 + 1 + (s0 - 1 - at.min(s0 - 1)) * (d1 - d0) / (s0 - s1).max(1),
        None => 29 + stream.below(28),
    }
}

fn row(practice: &Practice, frame: &Frame, draft: &Draft, number: usize, stream: &mut Stream) -> RequestRow {
    let person = &practice.people[draft.lost.person];
    let start = draft.lost.start;
    let site = usize::from(stream.chance(2_500)).min(practice.sites.len() - 1);
    let times = stream.choose(&TIMES_CANCELLED);
    let lead = lead_days(person.role == "gp", stream) + (times - 1) * (7 + stream.below(14));
    let lead = if draft.same_day { 0 } else { lead };
    let urgent = matches!(draft.tier, "GP0" | "GP1");
    let imd = (practice.imd + stream.below(2 * IMD_SPREAD + 1)).saturating_sub(IMD_SPREAD).clamp(1, 10);
    let mut row = RequestRow {
        request_id: practice.ids.of(&format!("R{number:04}")),
        patient_id: practice.ids.patient(draft.lost.patient),
        site_id: practice.sites[site].site_id.clone(),
        care_type: draft.care.code.to_owned(),
        priority: priority(draft.tier, stream),
        original_start: format_moment(start),
        // Nothing was booked after the outage began.
        waiting_since: format_date((start.date() - Days::new(u64::from(lead))).min(frame.behind[0])),
        imd_decile: if stream.chance(IMD_MISSING) { String::new() } else { imd.to_string() },
        times_cancelled: times.to_string(),
        ..RequestRow::default()
    };
    dates(&mut row, draft.care, start, stream);
    // Whom the patient knows is whoever the appointment was with.
    if draft.lost.kind == Kind::Routine
        && stream.chance(NAMES_PRACTITIONER)
        && matches!(person.role, "gp" | "anp")
    {
        row.preferred_practitioner_id.clone_from(&person.id);
        if stream.chance(super::figures::INSISTS) {
            "required".clone_into(&mut row.continuity);
        }
    }
    if stream.chance(draft.care.female) {
        "female".clone_into(&mut row.practitioner_gender);
    }
    patients::describe(&mut row, draft.care.kind, urgent, start.date() >= frame.start, stream);
    if !urgent && stream.chance(AWAY) {
        let from = frame.ahead(stream.below(21));
        let to = from + Days::new(u64::from(4 + stream.below(10)));
        row.unavailable_dates = format!("{}..{}", format_date(from), format_date(to));
    }
    row
}

/// The tier as the practice typed it: now and then it did not, or used a word of its own.
fn priority(tier: &str, stream: &mut Stream) -> String {
    match stream.below(WHOLE) {
        0..80 => String::new(),
        80..120 => "Routine".to_owned(),
        _ => tier.to_owned(),
    }
}

/// Earliest, due and latest date, as the care's clock has them.
fn dates(row: &mut RequestRow, care: &Care, start: NaiveDateTime, stream: &mut Stream) {
    let Some(clock) = care.clock else { return };
    if !stream.chance(clock.known) {
        return;
    }
    let day = |days: u32| start.date() + Days::new(u64::from(days));
    let due = clock.due.map(|(low, high)| stream.between(low, high));
    let latest =
        clock.latest.map(|(low, high)| stream.between(low, high)).map(|days| days.max(due.unwrap_or(0)));
    if clock.earliest {
        row.earliest_date = format_date(day(0));
    }
    row.due_date = due.map_or_else(String::new, |days| format_date(day(days)));
    row.latest_date = latest.map_or_else(String::new, |days| format_date(day(days)));
}
