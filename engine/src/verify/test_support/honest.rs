//! The honest files of a plan: every cell as the verifier computes it.

use std::collections::BTreeMap;

use super::Placed;
use crate::calendar::format_moment;
use crate::model::*;
use crate::verify::asks::Asks;
use crate::verify::candidate::channel;
use crate::verify::contact::call_days;
use crate::verify::exclusions::judge;
use crate::verify::findings::Findings;
use crate::verify::objective::{Values, days_late};
use crate::verify::place::{Place, read};
use crate::verify::view::View;

/// The files of the plan, every cell as it should be.
pub(super) fn plan(case: &Case, placed: &[Placed], reasons: &BTreeMap<String, String>) -> PlanFiles {
    let view = View::new(case);
    let exclusions = judge(&view);
    let asks = Asks::new(&view, &exclusions);
    let mut rows: Vec<PlanRow> = placed.iter().map(|placed| bare_row(case, placed)).collect();
    let places = read(&view, &asks, &rows, &mut Findings::default());
    for row in &mut rows {
        if let Some(index) = asks.by_id(&row.request_id)
            && let Some(place) = &places[index]
        {
            fill(row, &view, &asks, index, place);
        }
    }
    order_calls(&mut rows, &view, &asks, &places);
    let mut unplaced: Vec<(bool, UnplacedRow)> = Vec::new();
    for ask in asks.all.iter().filter(|ask| rows.iter().all(|row| row.request_id != ask.id())) {
        unplaced.push((
            !ask.window_passed,
            UnplacedRow {
                request_id: ask.id().to_owned(),
                patient_id: ask.request.patient_id.clone(),
                tier: ask.tier.code.clone(),
                rank: ask.rank,
                windowed: ask.windowed,
                target_date: ask.target,
                latest_date: ask.request.latest_date,
                reason_code: reasons.get(ask.id()).cloned().unwrap_or("held".to_owned()),
                reason: String::new(),
                smallest_change: String::new(),
            },
        ));
    }
    unplaced.sort_by_key(|(later, _)| *later);
    let unplaced: Vec<UnplacedRow> = unplaced.into_iter().map(|(_, row)| row).collect();
    let mut excluded = Vec::new();
    for (index, request) in case.requests.iter().enumerate() {
        let Some(reason) = exclusions.reasons[index] else { continue };
        let booked = exclusions.booked[index].is_some();
        excluded.push(ExcludedRow {
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            reason_code: reason.as_str().to_owned(),
            field: "some field".to_owned(),
            detail: if booked { "booked" } else { "some reason" }.to_owned(),
            line: request.line,
        });
    }
    excluded.sort_by_key(|row| row.reason_code != "escalate-now");
    let summary = summary(&view, &asks, &places, &rows, &unplaced, excluded.len());
    PlanFiles { plan: rows, unplaced, excluded, summary }
}

fn bare_row(case: &Case, (id, session, slots): &(String, String, Vec<String>)) -> PlanRow {
    let request = case.requests.iter().find(|request| request.request_id == *id);
    PlanRow {
        call_order: 0,
        call_by: None,
        request_id: id.clone(),
        patient_id: request.map_or(String::new(), |request| request.patient_id.clone()),
        tier: request.and_then(|request| request.priority.clone()).unwrap_or_default(),
        rank: 1,
        target_date: case.policy.start,
        latest_date: None,
        session_id: session.clone(),
        slot_ids: slots.clone(),
        practitioner_id: String::new(),
        site_id: String::new(),
        start: case.policy.as_of,
        end: case.policy.as_of,
        delivery_channel: "in-person".to_owned(),
        contact_route: String::new(),
        days_late: 0,
        status: "proposed".to_owned(),
        flags: vec![],
        reason: String::new(),
        kept: vec![],
    }
}

fn fill(row: &mut PlanRow, view: &View, asks: &Asks, index: usize, place: &Place) {
    let ask = &asks.all[index];
    row.tier.clone_from(&ask.tier.code);
    row.rank = ask.rank;
    row.target_date = ask.target;
    row.latest_date = ask.request.latest_date;
    row.practitioner_id.clone_from(&view.clinician_of(place.session).practitioner_id);
    row.site_id.clone_from(&view.site_of(place.session).site_id);
    row.start = place.start;
    row.end = place.end;
    if let Some(channel) = channel(view, ask, place.session) {
        row.delivery_channel = channel.as_str().to_owned();
    }
    row.contact_route = ask.route.as_str().to_owned();
    row.days_late = days_late(view, ask, Some(place)) as u32;
    for (flag, due) in [("check-first", ask.check_first), ("window-passed", ask.window_passed)] {
        row.flags.extend(due.then(|| flag.to_owned()));
    }
}

fn order_calls(rows: &mut [PlanRow], view: &View, asks: &Asks, places: &[Option<Place>]) {
    let days = call_days(view, asks, places);
    for row in rows.iter_mut() {
        row.call_by = asks.by_id(&row.request_id).and_then(|index| days.get(&index).copied().flatten());
    }
    rows.sort_by_key(|row| {
        (row.contact_route != "phone", row.call_by, row.rank, row.start, row.request_id.clone())
    });
    for (order, row) in (1..).zip(rows) {
        row.call_order = order;
    }
}

fn summary(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
    rows: &[PlanRow],
    unplaced: &[UnplacedRow],
    excluded: usize,
) -> Summary {
    let case = view.case;
    let values = Values::new(view, asks, places);
    let entries = |values: &[i128]| -> Vec<RankEntry> {
        (1u32..)
            .zip(values)
            .map(|(rank, value)| {
                let tier = asks.ranks.label(view.policy, rank);
                RankEntry { rank, tier, value: *value as i64, bound: *value as i64 }
            })
            .collect()
    };
    let entry = |value: i128| ObjectiveEntry { value: value as i64, bound: value as i64 };
    let mut by_tier: BTreeMap<String, TierCounts> = BTreeMap::new();
    let all = rows.iter().map(|row| (&row.request_id, true));
    for (id, placed) in all.chain(unplaced.iter().map(|row| (&row.request_id, false))) {
        let Some(index) = asks.by_id(id) else { continue };
        let counts = by_tier.entry(asks.all[index].tier.code.clone()).or_default();
        counts.requests += 1;
        *(if placed { &mut counts.placed } else { &mut counts.unplaced }) += 1;
    }
    Summary {
        status: "optimal".to_owned(),
        objective: ObjectiveRecord {
            late: entries(&values.late),
            window: entry(values.window),
            wait: entries(&values.wait),
            order: entry(values.order),
        },
        counts: Counts {
            requests: case.requests.len(),
            placed: rows.len(),
            unplaced: unplaced.len(),
            excluded,
            by_tier,
        },
        policy: PolicyRecord {
            name: case.policy.name.clone(),
            version: case.policy.version.clone(),
            approved_by: case.policy.approved_by.clone(),
        },
        run: RunRecord {
            start: case.policy.start,
            as_of: format_moment(case.policy.as_of),
            additional: case.use_additional,
            previous: case.previous.as_ref().map(|_| "before".to_owned()),
            outcomes: Vec::new(),
            interrupted: false,
        },
        input_sha256: case.files.iter().map(|file| (file.name.clone(), file.sha256.clone())).collect(),
        software_version: "0".to_owned(),
        seed: 1,
        elapsed_seconds: 0.0,
        warnings: vec![],
    }
}
