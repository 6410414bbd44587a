//! The files of a plan against the oracle: who is excluded and why, every place a candidate, every rule kept, the
//! vector the best there is.

use std::collections::{BTreeMap, BTreeSet};

use rebook::model::{Case, ObjectiveRecord, PlanFiles, PlanRow, UnplacedRow};

use crate::oracle::{Candidate, Layout, Prepared, Switches, Wanted, check_first, prepare};

/// Whether the plan is one that the SPEC allows and none is better.
///
/// # Errors
/// In words, the first thing found that is not as the oracle says.
pub fn compare(case: &Case, files: &PlanFiles) -> Result<(), String> {
    let prepared = prepare(case, Switches::ALL_ON);
    let vector = keeps_the_rules(case, &prepared, files)?;
    let best = prepared.best().vector;
    same("vector (the oracle's best against the plan's)", &best, &vector)
}

/// Whether the plan is one that the SPEC allows, and says of itself what is true: excluded rows, ranks, targets,
/// places, flags, counts and the vector, which is handed back.
///
/// # Errors
/// In words, the first thing found that is not as the oracle says.
pub fn keeps_the_rules(case: &Case, prepared: &Prepared<'_>, files: &PlanFiles) -> Result<Vec<i64>, String> {
    let excluded: BTreeMap<u64, &str> =
        files.excluded.iter().map(|row| (row.line, row.reason_code.as_str())).collect();
    same("excluded lines", &prepared.excluded, &excluded)?;
    same("number of excluded rows", &excluded.len(), &files.excluded.len())?;

    let to_check = check_first(case);
    let mut places: BTreeMap<u64, &Candidate> = BTreeMap::new();
    for row in &files.plan {
        let (wanted, candidates) = find(prepared, &row.request_id)?;
        let place = placed(case, wanted, candidates, row)?;
        let flag = |flag: &str| row.flags.iter().any(|one| one == flag);
        let named = |what: &str| format!("{}: {what}", row.request_id);
        same(&named("flag check-first"), &to_check.contains(&wanted.request.line), &flag("check-first"))?;
        same(&named("flag window-passed"), &wanted.passed, &flag("window-passed"))?;
        same(&named("flag escalated"), &wanted.escalated, &flag("escalated"))?;
        if places.insert(wanted.request.line, place).is_some() {
            return Err(named("is placed twice"));
        }
    }
    let mut left: BTreeSet<u64> = BTreeSet::new();
    for row in &files.unplaced {
        let (wanted, candidates) = find(prepared, &row.request_id)?;
        unplaced(case, prepared, wanted, candidates, row)?;
        if places.contains_key(&wanted.request.line) || !left.insert(wanted.request.line) {
            return Err(format!("{}: stands twice in the files", row.request_id));
        }
    }
    in_order(prepared, files)?;
    same("placed + unplaced", &prepared.wanted.len(), &(places.len() + left.len()))?;
    counts(case, prepared, files)?;

    let vector = prepared
        .judge(&places)
        .map_err(|(clause, line)| format!("line {line} breaks {} beside those before it", clause.code()))?;
    let turns = prepared.turns(&places);
    for (row, position) in files.plan.iter().zip(1..) {
        let (wanted, _) = find(prepared, &row.request_id)?;
        let turn = turns[&wanted.request.line];
        same(&format!("{}: call_order, call_by", row.request_id), &turn, &(row.call_order, row.call_by))?;
        same(&format!("{}: position in plan.csv", row.request_id), &row.call_order, &position)?;
    }
    objective(prepared.layout, &files.summary.objective, &files.summary.status, &vector)?;
    Ok(vector)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}

fn find<'p, 'c>(
    prepared: &'p Prepared<'c>,
    request_id: &str,
) -> Result<(&'p Wanted<'c>, &'p [Candidate]), String> {
    let position = prepared.wanted.iter().position(|wanted| wanted.request.request_id == request_id);
    let position = position.ok_or_else(|| format!("{request_id} is excluded or not in the case"))?;
    Ok((&prepared.wanted[position], &prepared.candidates[position]))
}

/// Whether `escalate-now` comes first in `excluded.csv`, and passed windows in `unplaced.csv`.
fn in_order(prepared: &Prepared<'_>, files: &PlanFiles) -> Result<(), String> {
    let escalated: Vec<bool> = files.excluded.iter().map(|row| row.reason_code == "escalate-now").collect();
    same("escalate-now is listed first", &true, &escalated.is_sorted_by(|before, after| before >= after))?;
    let passed: Vec<bool> = files
        .unplaced
        .iter()
        .map(|row| Ok(find(prepared, &row.request_id)?.0.passed))
        .collect::<Result<_, String>>()?;
    same("passed windows are listed first", &true, &passed.is_sorted_by(|before, after| before >= after))
}

/// The candidate that a row of `plan.csv` means, if it is one and the row says of it what is true.
fn placed<'p>(
    case: &Case,
    wanted: &Wanted<'_>,
    candidates: &'p [Candidate],
    row: &PlanRow,
) -> Result<&'p Candidate, String> {
    let named = |what: &str| format!("{}: {what}", row.request_id);
    let slot_ids = |place: &Candidate| -> Vec<String> {
        place.slots.iter().map(|&slot| case.slots[slot].slot_id.to_string()).collect()
    };
    let place = candidates
        .iter()
        .find(|place| slot_ids(place) == row.slot_ids)
        .ok_or_else(|| named(&format!("{:?} is no candidate", row.slot_ids)))?;
    same(&named("patient_id"), &wanted.request.patient_id, &row.patient_id)?;
    same(&named("tier"), &wanted.tier.code, &row.tier)?;
    same(&named("rank"), &(wanted.rank as u32), &row.rank)?;
    same(&named("target_date"), &wanted.target, &row.target_date)?;
    same(&named("latest_date"), &wanted.request.latest_date, &row.latest_date)?;
    same(&named("session_id"), &case.sessions[place.session].session_id, &row.session_id)?;
    same(&named("practitioner_id"), &case.clinicians[place.clinician].practitioner_id, &row.practitioner_id)?;
    same(&named("site_id"), &case.sites[place.site].site_id, &row.site_id)?;
    same(&named("start"), &place.start, &row.start)?;
    same(&named("end"), &place.end, &row.end)?;
    same(&named("delivery_channel"), &place.channel.as_str(), &row.delivery_channel.as_str())?;
    same(&named("contact_route"), &wanted.route.as_str(), &row.contact_route.as_str())?;
    let late = (place.date() - wanted.target).num_days().max(0);
    same(&named("days_late"), &late, &i64::from(row.days_late))?;
    same(&named("status"), &"proposed", &row.status.as_str())?;
    Ok(place)
}

/// Whether a row of `unplaced.csv` says what is true.
fn unplaced(
    case: &Case,
    prepared: &Prepared<'_>,
    wanted: &Wanted<'_>,
    candidates: &[Candidate],
    row: &UnplacedRow,
) -> Result<(), String> {
    let named = |what: &str| format!("{}: {what}", row.request_id);
    same(&named("patient_id"), &wanted.request.patient_id, &row.patient_id)?;
    same(&named("tier"), &wanted.tier.code, &row.tier)?;
    same(&named("rank"), &(wanted.rank as u32), &row.rank)?;
    same(&named("windowed"), &wanted.windowed, &row.windowed)?;
    same(&named("target_date"), &wanted.target, &row.target_date)?;
    same(&named("latest_date"), &wanted.request.latest_date, &row.latest_date)?;
    let passed = wanted.passed && !case.policy.place_after_window;
    same(&named("reason_code is window-passed"), &passed, &(row.reason_code == "window-passed"))?;
    // What a link to a booked appointment rules out is no candidate either: nothing in the plan could change it.
    let linked_to_the_book = wanted.request.after_request_id.as_ref().is_some_and(|after| {
        !case
            .requests
            .iter()
            .any(|other| other.request_id == *after && !prepared.excluded.contains_key(&other.line))
    });
    if row.reason_code == "no-candidate" && !candidates.is_empty() && !linked_to_the_book {
        return Err(named("reason_code is no-candidate, but there are some"));
    }
    Ok(())
}

fn counts(case: &Case, prepared: &Prepared<'_>, files: &PlanFiles) -> Result<(), String> {
    let counts = &files.summary.counts;
    same("counts.requests", &case.requests.len(), &counts.requests)?;
    same("counts.placed", &files.plan.len(), &counts.placed)?;
    same("counts.unplaced", &files.unplaced.len(), &counts.unplaced)?;
    same("counts.excluded", &files.excluded.len(), &counts.excluded)?;
    for tier in &case.policy.tiers {
        let of_tier = prepared.wanted.iter().filter(|wanted| wanted.tier.code == tier.code).count();
        let placed = files.plan.iter().filter(|row| row.tier == tier.code).count();
        let found = counts.by_tier.get(&tier.code).copied().unwrap_or_default();
        let what = format!("counts.by_tier.{}", tier.code);
        same(&what, &(of_tier, placed, of_tier - placed), &(found.requests, found.placed, found.unplaced))?;
    }
    Ok(())
}

/// Whether the objective of the summary has the values of the plan, bounds that are not above them, and the status
/// that follows.
fn objective(layout: Layout, record: &ObjectiveRecord, status: &str, vector: &[i64]) -> Result<(), String> {
    same("number of late entries", &layout.ranks, &record.late.len())?;
    same("number of wait entries", &layout.ranks, &record.wait.len())?;
    let mut values: Vec<i64> = record.late.iter().map(|entry| entry.value).collect();
    let mut bounds: Vec<i64> = record.late.iter().map(|entry| entry.bound).collect();
    values.insert(layout.before_window, record.window.value);
    bounds.insert(layout.before_window, record.window.bound);
    values.extend(record.wait.iter().map(|entry| entry.value).chain([record.order.value]));
    bounds.extend(record.wait.iter().map(|entry| entry.bound).chain([record.order.bound]));
    same("values of the summary", &vector.to_vec(), &values)?;
    if bounds.iter().zip(&values).any(|(bound, value)| bound > value) {
        return Err(format!("a bound is above its value: {bounds:?}, {values:?}"));
    }
    let proven = if bounds == values { "optimal" } else { "feasible" };
    same("status", &proven, &status)
}
