//! Random requests.

use rebook::calendar::Availability;
use rebook::model::{CancelledBy, ContactRoute, Continuity, DeliveryChannel, GenderWish, Reconciliation};

use super::book::{PATIENTS, random_dates};
use super::policy::{NEEDS, random_channels};
use super::{Dice, Themes, days_from};
use crate::build::{CaseBuilder, RequestDraft};

const WINDOWS: [&str; 6] = [
    "Mon-Fri 09:00-10:00",
    "Mon-Fri 08:00-09:20;Mon-Fri 09:20-10:30",
    "Fri-Mon",
    "Tue 09:00-12:00;Thu;Fri 08:00-09:30",
    "Mon-Fri 09:00-09:20;Mon-Fri 09:30-13:30",
    "Mon-Wed 09:10-11:00",
];

pub(super) fn add_requests(dice: &mut Dice, themes: Themes, builder: &mut CaseBuilder) {
    let number = themes.requests;
    for index in 0..number {
        let mut draft = RequestDraft::new(&format!("r{}", index + 1), index as u64 + 2);
        ask(dice, themes, builder, &mut draft);
        if themes.links && index > 0 && dice.percent(50) {
            let first = 1 + dice.below(index);
            link(dice, &mut draft, &format!("r{first}"));
        }
        if themes.visits && dice.percent(60) {
            accompany(dice, themes, builder, &mut draft);
        }
        builder.requests.push(draft);
    }
    if themes.links && dice.percent(25) {
        // What the others wait for was seen meanwhile, or will not be.
        let first = dice.below(2.min(number));
        builder.requests[first].row.reconciliation = dice.pick(&[
            Reconciliation::SeenOnPaper,
            Reconciliation::SeenElsewhere,
            Reconciliation::Resolved,
            Reconciliation::Declined,
        ]);
    }
    if themes.links && dice.percent(12) {
        // A link to a request that is not there, to oneself, or back up the chain.
        let from = dice.below(number);
        let target = dice.pick(&["r1", "r2", "r3", "r9", "r8"]);
        let mut draft = builder.requests[from].clone();
        link(dice, &mut draft, target);
        builder.requests[from] = draft;
    }
    if themes.mess {
        mess(dice, builder);
    }
}

/// A request for something.
fn ask(dice: &mut Dice, themes: Themes, builder: &CaseBuilder, draft: &mut RequestDraft) {
    let start = builder.policy.start;
    let horizon = i64::from(builder.policy.horizon_days);
    let scheduled: Vec<&str> =
        builder.policy.tiers.iter().filter(|tier| tier.schedule).map(|tier| tier.code.as_str()).collect();
    // Without a tier of its own it has the care type's, which need not be known either.
    let tier = dice.percent(97).then(|| (*dice.one(&scheduled)).to_owned());
    draft.row.priority = tier;
    if themes.requests > 7 {
        draft.patient(&format!("p{}", dice.from_to(1, if themes.couples { 12 } else { 40 })));
    } else if themes.couples && dice.percent(85) {
        draft.patient(dice.pick(&PATIENTS[..2]));
    } else if dice.percent(40) {
        draft.patient(dice.pick(&PATIENTS));
    }
    draft.of_site(&dice.one(&builder.sites).site_id.clone());
    draft.care(dice.pick(&["bloods", "consult"]));
    if themes.long && dice.percent(50) {
        draft.minutes(dice.pick(&[5, 15, 20, 25, 30, 7]));
    }
    let cancelled = days_from(start, -dice.from_to(1, 20)).and_hms_opt(10, 0, 0);
    draft.row.original_start = cancelled;
    draft.row.waiting_since =
        dice.percent(60).then(|| days_from(start, -dice.pick(&[-2, 0, 1, 3, 5, 10, 12, 400])));
    if themes.channels && dice.percent(40) {
        draft.row.delivery_channels = random_channels(dice, themes);
    }
    if themes.needs {
        draft.row.needs = dice.some(&NEEDS, 20);
        if dice.percent(30) {
            draft.row.needs = vec!["step-free".to_owned()];
            draft.by(&[DeliveryChannel::InPerson, DeliveryChannel::Telephone]);
        }
    }
    if themes.people {
        let who = ["c1", "c2", "c3"];
        let continuity = dice.pick(&[
            Continuity::None,
            Continuity::Preferred,
            Continuity::Preferred,
            Continuity::Required,
        ]);
        if dice.percent(70) {
            draft.prefers(dice.pick(&who), continuity);
        } else if dice.percent(30) {
            // Preferred, without saying whom.
            draft.row.continuity = Continuity::Preferred;
        }
        draft.row.practitioner_gender = dice.pick(&[
            GenderWish::Any,
            GenderWish::Any,
            GenderWish::Any,
            GenderWish::Female,
            GenderWish::Male,
        ]);
    }
    if themes.windows {
        dates(dice, start, horizon, draft);
    }
    if themes.times && dice.percent(70) {
        let list = dice.pick(&WINDOWS);
        draft.row.available = Availability::parse(list).expect("a list of windows");
    }
    if themes.closures && dice.percent(40) {
        draft.row.unavailable_dates = random_dates(dice, start, horizon);
    }
    draft.row.contact_route = dice.pick(&[
        ContactRoute::Phone,
        ContactRoute::Phone,
        ContactRoute::Phone,
        ContactRoute::Sms,
        ContactRoute::App,
        ContactRoute::Letter,
        ContactRoute::Clinician,
    ]);
    draft.row.sms_permitted = dice.percent(50);
    draft.row.safe_to_contact = dice.percent(92);
    draft.row.flags = dice.some(&["learning-disability", "carer", "other"], 35);
    draft.row.reconciliation = dice.pick(&[Reconciliation::NotSeen, Reconciliation::Unknown]);
}

/// Earliest, due and latest dates, in order, some of them.
fn dates(dice: &mut Dice, start: chrono::NaiveDate, horizon: i64, draft: &mut RequestDraft) {
    let mut offsets = [dice.from_to(-4, horizon), dice.from_to(-4, horizon), dice.from_to(-4, horizon + 3)];
    offsets.sort_unstable();
    if dice.percent(10) {
        // All of it is over.
        offsets = [-9, -7, -dice.from_to(1, 5)];
    }
    let [earliest, due, latest] = offsets.map(|offset| days_from(start, offset));
    draft.row.earliest_date = dice.percent(35).then_some(earliest);
    draft.row.due_date = dice.percent(35).then_some(due);
    draft.row.latest_date = dice.percent(55).then_some(latest);
}

fn link(dice: &mut Dice, draft: &mut RequestDraft, after: &str) {
    let min = dice.pick(&[0, 0, 0, 1, 2, 3]);
    draft.after(after, min, min + dice.pick(&[0, 0, 1, 2, 7]));
}

/// A member of a visit, mostly not urgent, of the same site and care as the others, and of another patient.
fn accompany(dice: &mut Dice, themes: Themes, builder: &CaseBuilder, draft: &mut RequestDraft) {
    let members = |visit: &str| {
        builder.requests.iter().filter(|other| other.row.together_id.as_deref() == Some(visit)).count()
    };
    let most = if themes.requests > 7 { 2 } else { dice.pick(&[2, 2, 3]) };
    let free = (1..=25).map(|number| format!("v{number}")).find(|visit| members(visit) < most);
    draft.together(&free.expect("a visit that is not full"));
    let calm: Vec<&str> = builder
        .policy
        .tiers
        .iter()
        .filter(|tier| tier.schedule && !tier.urgent)
        .map(|tier| tier.code.as_str())
        .collect();
    if !calm.is_empty() && dice.percent(80) {
        draft.tier(dice.pick(&calm));
    }
    let companion = builder.requests.iter().find(|other| other.row.together_id == draft.row.together_id);
    if let Some(companion) = companion
        && dice.percent(80)
    {
        draft.site.clone_from(&companion.site);
        draft.care_type.clone_from(&companion.care_type);
        draft.row.duration_minutes = companion.row.duration_minutes;
        let own = format!("p-{}", draft.row.request_id);
        draft.patient(&own);
    }
}

/// Rows that are excluded, each for one reason or for two.
fn mess(dice: &mut Dice, builder: &mut CaseBuilder) {
    for _ in 0..dice.from_to(1, 3) {
        let at = dice.below(builder.requests.len());
        let draft = &mut builder.requests[at];
        match dice.below(16) {
            0 => draft.row.cancelled_by = CancelledBy::Death,
            1 => draft.row.cancelled_by = CancelledBy::Patient,
            2 | 3 => draft.row.reconciliation = Reconciliation::SeenOnPaper,
            4 => draft.row.reconciliation = Reconciliation::SeenElsewhere,
            5 | 6 => draft.row.reconciliation = Reconciliation::Resolved,
            7 => draft.row.reconciliation = Reconciliation::Declined,
            8 => draft.row.reconciliation = dice.pick(&[Reconciliation::Died, Reconciliation::Deregistered]),
            9 => draft.row.priority = Some("T0".to_owned()),
            10 => draft.row.priority = Some("unheard-of".to_owned()),
            11 => unreadable(dice, draft),
            12 => {
                draft.row.continuity = Continuity::Required;
                draft.row.preferred_practitioner_id = None;
                draft.unreadable("preferred_practitioner_id");
            }
            13 | 14 => again(dice, builder, at, false),
            _ => again(dice, builder, at, true),
        }
    }
}

fn unreadable(dice: &mut Dice, draft: &mut RequestDraft) {
    match dice.below(4) {
        0 => {
            draft.site = None;
            draft.unreadable("site_id");
        }
        1 => {
            draft.care_type = None;
            draft.unreadable("care_type");
        }
        2 => {
            draft.row.original_start = None;
            draft.unreadable("original_start");
        }
        _ => {
            draft.row.duration_minutes = None;
            draft.unreadable("duration_minutes");
        }
    }
}

/// The row once more at the end of the file, with the same content or with other.
fn again(dice: &mut Dice, builder: &mut CaseBuilder, at: usize, other: bool) {
    let mut draft = builder.requests[at].clone();
    draft.row.line = builder.requests.len() as u64 + 2;
    if other {
        match dice.below(3) {
            0 => draft.row.times_cancelled += 1,
            1 => draft.row.reconciliation = Reconciliation::SeenOnPaper,
            _ => draft.row.patient_id.push('x'),
        }
    }
    builder.requests.push(draft);
}
