//! The rows of `plan.csv`, `unplaced.csv`, `excluded.csv` and `summary.json`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use rayon::prelude::*;

use super::calls::{Call, call_days};
use crate::calendar::format_moment;
use crate::candidates::{Context, slots_of};
use crate::explain::{Told, tell_all};
use crate::model::{
    ContactRoute, Counts, ExcludedRow, ObjectiveEntry, ObjectiveRecord, Outcome, PlanFiles, PlanRow,
    PolicyRecord, RankEntry, Request, RunRecord, Summary, TierCounts, UnplacedRow,
};
use crate::objective::{Layout, days_late};
use crate::prepare::{ExcludeReason, Planned, PlannedIdx, Prepared};
use crate::solve::{Placed, Solution};
use crate::units::Rank;

/// What the summary says about the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunNote {
    /// The seed, which today decides nothing: ties are told apart by ids.
    pub seed: u64,
    /// Folder of the previous plan, as typed.
    pub previous: Option<String>,
    /// The call lists that were read, as typed.
    pub outcomes: Vec<String>,
}

/// What stands for a smallest change that was not looked for.
pub(super) const NOT_LOOKED_FOR: &str = "Not looked for: the run was interrupted.";

/// Puts the files of a plan together. Once `hurry` says so, no further smallest change is looked for, and the summary
/// says that the run was interrupted.
pub fn files(
    context: &Context<'_>,
    prepared: &Prepared,
    solution: &Solution,
    note: &RunNote,
    hurry: &(dyn Fn() -> bool + Sync),
) -> PlanFiles {
    let mut told = tell_all(context, prepared, solution, hurry);
    let plan = plan_rows(context, prepared, solution, &mut told);
    let unplaced = unplaced_rows(context, prepared, &mut told);
    let excluded = excluded_rows(context, prepared);
    let mut summary = summary(context, prepared, solution, note);
    summary.run.interrupted |= unplaced.iter().any(|row| row.smallest_change == NOT_LOOKED_FOR);
    PlanFiles { plan, unplaced, excluded, summary }
}

fn tier_code<'a>(context: &'a Context<'_>, planned: &Planned) -> &'a str {
    &context.case.policy.tiers[planned.tier.index()].code
}

fn plan_rows(
    context: &Context<'_>,
    prepared: &Prepared,
    solution: &Solution,
    told: &mut [Told],
) -> Vec<PlanRow> {
    let case = context.case;
    let placed: Vec<(PlannedIdx, &Planned, &Placed)> = prepared
        .iter()
        .filter_map(|(index, planned)| Some((index, planned, solution.placed[index.index()].as_ref()?)))
        .collect();
    let start_of = |placed: &Placed| case.slots[placed.run.first.index()].start;
    let calls = placed
        .iter()
        .enumerate()
        .filter(|(_, (_, planned, _))| planned.route == ContactRoute::Phone)
        .map(|(row, (_, planned, place))| Call {
            row,
            site: planned.site,
            rank: planned.rank,
            start: start_of(place),
            request_id: &context.request(planned).request_id,
        })
        .collect();
    let mut call_by: Vec<Option<NaiveDate>> = vec![None; placed.len()];
    for (row, day) in call_days(case, &prepared.working_days, calls) {
        call_by[row] = Some(day);
    }
    let mut order: Vec<usize> = (0..placed.len()).collect();
    // Ids are unique, so that no two rows are equal.
    order.par_sort_unstable_by_key(|&row| {
        let (_, planned, place) = &placed[row];
        let day = call_by[row];
        (day.is_none(), day, planned.rank, start_of(place), &context.request(planned).request_id)
    });
    let mut reason_of = |row: usize| match &mut told[placed[row].0.index()] {
        Told::Placed(reason) => std::mem::take(reason),
        Told::Unplaced { .. } => String::new(),
    };
    let reasons: Vec<String> = order.iter().map(|&row| reason_of(row)).collect();
    order
        .into_par_iter()
        .zip(reasons)
        .enumerate()
        .map(|(position, (row, reason))| {
            let (_, planned, place) = placed[row];
            let request = context.request(planned);
            let session = &case.sessions[place.offer.session.index()];
            let start = start_of(place);
            PlanRow {
                call_order: position as u32 + 1,
                call_by: call_by[row],
                request_id: request.request_id.clone(),
                patient_id: request.patient_id.clone(),
                tier: tier_code(context, planned).to_owned(),
                rank: planned.rank.0,
                target_date: planned.target,
                latest_date: request.latest_date,
                session_id: session.session_id.clone(),
                slot_ids: slots_of(place.run)
                    .map(|slot| case.slots[slot.index()].slot_id.to_string())
                    .collect(),
                practitioner_id: case.clinicians[session.clinician.index()].practitioner_id.clone(),
                site_id: case.sites[session.site.index()].site_id.clone(),
                start,
                end: start + TimeDelta::minutes(i64::from(place.offer.needed)),
                delivery_channel: place.offer.channel.as_str().to_owned(),
                contact_route: planned.route.as_str().to_owned(),
                days_late: days_late(context, planned, i64::from(place.offer.day)) as u32,
                status: "proposed".to_owned(),
                flags: flags(planned, request),
                reason,
                kept: request.kept.clone(),
            }
        })
        .collect()
}

fn flags(planned: &Planned, request: &Request) -> Vec<String> {
    let flags = [
        (planned.check_first, "check-first"),
        (planned.window_passed, "window-passed"),
        (planned.escalated, "escalated"),
        (request.outcome == Some(Outcome::NoAnswer), "no-answer"),
        (request.outcome.is_some_and(Outcome::is_accepted), "place-taken"),
    ];
    flags.iter().filter(|(set, _)| *set).map(|(_, flag)| (*flag).to_owned()).collect()
}

/// Passed windows first, then by rank, target and id.
fn unplaced_rows(context: &Context<'_>, prepared: &Prepared, told: &mut [Told]) -> Vec<UnplacedRow> {
    let mut rows: Vec<(PlannedIdx, UnplacedRow)> = Vec::new();
    for ((index, planned), told) in prepared.iter().zip(told) {
        let Told::Unplaced { code, reason, change } = told else { continue };
        let request = context.request(planned);
        let row = UnplacedRow {
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            tier: tier_code(context, planned).to_owned(),
            rank: planned.rank.0,
            windowed: planned.windowed,
            target_date: planned.target,
            latest_date: request.latest_date,
            reason_code: (*code).to_owned(),
            reason: std::mem::take(reason),
            smallest_change: change.take().unwrap_or_else(|| NOT_LOOKED_FOR.to_owned()),
        };
        rows.push((index, row));
    }
    rows.sort_by_key(|(index, _)| prepared.requests[index.index()].standing_order(*index));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn excluded_rows(context: &Context<'_>, prepared: &Prepared) -> Vec<ExcludedRow> {
    let row = |row: &crate::prepare::Excluded| {
        let request = &context.case.requests[row.request.index()];
        ExcludedRow {
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            reason_code: row.reason.as_str().to_owned(),
            field: row.field.clone(),
            detail: row.detail.clone(),
            line: request.line,
        }
    };
    prepared.excluded.iter().map(row).collect()
}

fn summary(context: &Context<'_>, prepared: &Prepared, solution: &Solution, note: &RunNote) -> Summary {
    let case = context.case;
    let policy = &case.policy;
    let mut warnings: Vec<String> = case.warnings.iter().map(ToString::to_string).collect();
    warnings.extend(prepared.warnings.iter().cloned());
    let escalate = prepared.excluded.iter().filter(|row| row.reason == ExcludeReason::EscalateNow).count();
    if escalate > 0 {
        warnings
            .insert(0, format!("escalate now: {escalate} request(s) need a clinician, not an appointment"));
    }
    let sha256 = case.files.iter().map(|file| (file.name.clone(), file.sha256.clone()));
    Summary {
        status: if solution.is_optimal() { "optimal" } else { "feasible" }.to_owned(),
        objective: objective(context, prepared, solution),
        counts: counts(context, prepared, solution),
        policy: PolicyRecord {
            name: policy.name.clone(),
            version: policy.version.clone(),
            approved_by: policy.approved_by.clone(),
        },
        run: RunRecord {
            start: policy.start,
            as_of: format_moment(policy.as_of),
            additional: case.use_additional,
            previous: note.previous.clone(),
            outcomes: note.outcomes.clone(),
            interrupted: solution.interrupted,
        },
        input_sha256: sha256.collect(),
        software_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: note.seed,
        elapsed_seconds: 0.0,
        warnings,
    }
}

fn objective(context: &Context<'_>, prepared: &Prepared, solution: &Solution) -> ObjectiveRecord {
    let layout = Layout::new(prepared);
    let codes = |rank: Rank| {
        let tiers = prepared.ranks.iter().zip(&context.case.policy.tiers);
        let codes: Vec<&str> =
            tiers.filter(|(own, _)| **own == Some(rank)).map(|(_, tier)| tier.code.as_str()).collect();
        codes.join("+")
    };
    let of_rank = |entry: fn(Layout, Rank) -> usize| {
        (1..=prepared.rank_count)
            .map(|rank| {
                let found = solution.entries[entry(layout, Rank(rank))];
                RankEntry { rank, tier: codes(Rank(rank)), value: found.value, bound: found.bound }
            })
            .collect()
    };
    let single = |entry: usize| ObjectiveEntry {
        value: solution.entries[entry].value,
        bound: solution.entries[entry].bound,
    };
    ObjectiveRecord {
        late: of_rank(Layout::late),
        window: single(layout.window()),
        wait: of_rank(Layout::wait),
        order: single(layout.order()),
    }
}

fn counts(context: &Context<'_>, prepared: &Prepared, solution: &Solution) -> Counts {
    let mut by_tier: BTreeMap<String, TierCounts> = BTreeMap::new();
    let mut placed = 0;
    for (planned, place) in prepared.requests.iter().zip(&solution.placed) {
        let counts = by_tier.entry(tier_code(context, planned).to_owned()).or_default();
        counts.requests += 1;
        if place.is_some() {
            placed += 1;
            counts.placed += 1;
        } else {
            counts.unplaced += 1;
        }
    }
    Counts {
        requests: context.case.requests.len(),
        placed,
        unplaced: prepared.requests.len() - placed,
        excluded: prepared.excluded.len(),
        by_tier,
    }
}
