//! SPEC section 6: counts, policy, run and digests of `summary.json`.

use std::collections::BTreeMap;

use super::asks::Asks;
use super::findings::Findings;
use super::rule::Rule;
use super::view::View;
use crate::calendar::parse_moment;
use crate::model::{PlanFiles, TierCounts};

/// Compares the summary with the case and the rows of the plan.
pub(super) fn check(view: &View, asks: &Asks, plan: &PlanFiles, out: &mut Findings) {
    check_counts(view, plan, out);
    check_tiers(asks, plan, out);
    check_policy(view, plan, out);
    check_run(view, plan, out);
    let digests: BTreeMap<&str, &str> =
        view.case.files.iter().map(|file| (file.name.as_str(), file.sha256.as_str())).collect();
    let stated: BTreeMap<&str, &str> =
        plan.summary.input_sha256.iter().map(|(name, digest)| (name.as_str(), digest.as_str())).collect();
    for name in digests.keys().chain(stated.keys()).collect::<std::collections::BTreeSet<_>>() {
        if digests.get(*name) != stated.get(*name) {
            out.add_whole(Rule::Input, format!("{name} is not the file that the plan was made from"));
        }
    }
}

fn check_counts(view: &View, plan: &PlanFiles, out: &mut Findings) {
    let counts = &plan.summary.counts;
    let rows = view.case.requests.len();
    for (name, stated, found) in [
        ("requests", counts.requests, rows),
        ("placed", counts.placed, plan.plan.len()),
        ("unplaced", counts.unplaced, plan.unplaced.len()),
        ("excluded", counts.excluded, plan.excluded.len()),
    ] {
        if stated != found {
            out.add_whole(Rule::Counts, format!("counts: {name} is {stated}, expected {found}"));
        }
    }
    let together = plan.plan.len() + plan.unplaced.len() + plan.excluded.len();
    if together != rows {
        let message = format!(
            "{rows} requests, but {together} rows in plan.csv, unplaced.csv and excluded.csv together"
        );
        out.add_whole(Rule::Conservation, message);
    }
}

fn check_tiers(asks: &Asks, plan: &PlanFiles, out: &mut Findings) {
    let mut tiers: BTreeMap<&str, TierCounts> = BTreeMap::new();
    for ask in &asks.all {
        tiers.entry(&ask.tier.code).or_default().requests += 1;
    }
    let tier_of = |id: &str| asks.by_id(id).map(|index| asks.all[index].tier.code.as_str());
    for tier in plan.plan.iter().filter_map(|row| tier_of(&row.request_id)) {
        tiers.entry(tier).or_default().placed += 1;
    }
    for tier in plan.unplaced.iter().filter_map(|row| tier_of(&row.request_id)) {
        tiers.entry(tier).or_default().unplaced += 1;
    }
    let stated = &plan.summary.counts.by_tier;
    let names: std::collections::BTreeSet<&str> =
        tiers.keys().copied().chain(stated.keys().map(String::as_str)).collect();
    for tier in names {
        // A tier nobody has may be listed with zeros, or not at all.
        let expected = tiers.get(tier).copied().unwrap_or_default();
        let found = stated.get(tier).copied().unwrap_or_default();
        if found != expected {
            let say = |counts: TierCounts| {
                format!(
                    "{} requests, {} placed, {} unplaced",
                    counts.requests, counts.placed, counts.unplaced
                )
            };
            let message = format!("counts of tier {tier}: {}, expected {}", say(found), say(expected));
            out.add_whole(Rule::Counts, message);
        }
    }
}

fn check_policy(view: &View, plan: &PlanFiles, out: &mut Findings) {
    let stated = &plan.summary.policy;
    for (name, found, expected) in [
        ("name", &stated.name, &view.policy.name),
        ("version", &stated.version, &view.policy.version),
        ("approved_by", &stated.approved_by, &view.policy.approved_by),
    ] {
        if found != expected {
            out.add_whole(Rule::PolicyRecord, format!("policy {name} is {found:?}, expected {expected:?}"));
        }
    }
}

fn check_run(view: &View, plan: &PlanFiles, out: &mut Findings) {
    let run = &plan.summary.run;
    if run.start != view.policy.start {
        let message = format!("run: start is {}, expected {}", run.start, view.policy.start);
        out.add_whole(Rule::RunRecord, message);
    }
    if parse_moment(&run.as_of).ok() != Some(view.policy.as_of) {
        let message = format!("run: as_of is {:?}, expected {}", run.as_of, view.policy.as_of);
        out.add_whole(Rule::RunRecord, message);
    }
    if run.additional != view.case.use_additional {
        let message = format!("run: additional is {}, expected {}", run.additional, view.case.use_additional);
        out.add_whole(Rule::RunRecord, message);
    }
    if run.previous.is_some() != view.case.previous.is_some() {
        let what = if run.previous.is_some() { "named, but not read" } else { "read, but not named" };
        out.add_whole(Rule::RunRecord, format!("run: a previous plan is {what}"));
    }
    let lists = view.case.files.iter().filter(|file| file.name.starts_with("outcomes/")).count();
    if run.outcomes.len() != lists {
        let message = format!("run: {} call lists are named, but {lists} were read", run.outcomes.len());
        out.add_whole(Rule::RunRecord, message);
    }
}
