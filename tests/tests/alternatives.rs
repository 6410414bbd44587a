//! Alternative offers collide with nothing, whoever takes which, in any order of the calls: played through, and looked at by
//! the verifier.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use rebook::PlanOptions;
use rebook::calendar::format_date;
use rebook::candidates::slots_of;
use rebook::desk::{Desk, alternatives};
use rebook::generate::{Options, Profile, files as generated};
use rebook::model::{Case, PlanFiles, PlanRow};
use rebook::prepare::prepare;
use rebook::report::RunNote;
use rebook::solve::Placed;
use rebook::tables::{ReadOptions, read_case, read_case_files};
use rebook::verify::{Rule, verify};
use rebook_tests::cases::{Dice, mid_case, random_case};
use rebook_tests::house::root;
use rebook_tests::planner::engine_plan;

/// Rules about where each is and who is beside whom; those about the plan as a whole do not hold once somebody has
/// taken another place.
const PLACEMENT: std::ops::RangeInclusive<Rule> = Rule::Run..=Rule::Visits;

/// A plan that keeps every rule; whether it is the best does not matter here.
fn in_a_hurry(case: &Case) -> PlanFiles {
    // A previous plan that was made by hand stands in no folder; it only has to be named.
    let previous = case.previous.as_ref().map(|_| "by hand".to_owned());
    let note = RunNote { previous, ..RunNote::default() };
    let options = PlanOptions { pivots: 0, stop: &|| true, hurry: &|| true, note, ..PlanOptions::default() };
    rebook::plan(case, &options).expect("a plan")
}

/// The row of the plan whose patient has taken another place.
fn moved(case: &Case, row: &PlanRow, to: &Placed) -> PlanRow {
    let session = &case.sessions[to.offer.session.index()];
    let start = case.slots[to.run.first.index()].start;
    PlanRow {
        session_id: session.session_id.clone(),
        slot_ids: slots_of(to.run).map(|slot| case.slots[slot.index()].slot_id.to_string()).collect(),
        practitioner_id: case.clinicians[session.clinician.index()].practitioner_id.clone(),
        site_id: case.sites[session.site.index()].site_id.clone(),
        start,
        end: start + TimeDelta::minutes(i64::from(to.offer.needed)),
        delivery_channel: to.offer.channel.as_str().to_owned(),
        days_late: (start.date() - row.target_date).num_days().max(0) as u32,
        ..row.clone()
    }
}

/// Plays so many mornings of calls; gives how many alternatives there were to take.
fn play(case: &Case, plan: &PlanFiles, mornings: u64) -> usize {
    let prepared = prepare(case);
    let desk = Desk::new(case, &prepared, plan).expect("they belong together");
    let offered = alternatives(&desk);
    assert_eq!(offered.len(), plan.plan.len());
    for morning in 0..mornings {
        let mut dice = Dice::new(morning);
        let mut after = plan.clone();
        for (row, others) in after.plan.iter_mut().zip(&offered) {
            // None: not called yet, or the first offer suits.
            let pick = dice.below(others.len() + 1);
            if let Some(other) = others.get(pick) {
                *row = moved(case, row, other);
            }
        }
        let broken: Vec<_> =
            verify(case, &after).into_iter().filter(|one| PLACEMENT.contains(&one.rule)).collect();
        assert!(broken.is_empty(), "morning {morning}: {broken:#?}");
    }
    offered.iter().map(Vec::len).sum()
}

#[test]
fn no_alternative_collides_in_small_cases_of_every_kind() {
    let mut offers = 0;
    for seed in 0..900 {
        let case = if seed % 3 == 0 { mid_case(seed) } else { random_case(seed) };
        let plan = in_a_hurry(&case);
        offers += play(&case, &plan, 6);
    }
    assert!(offers > 100, "{offers} alternatives are too few to say anything");
}

#[test]
fn no_alternative_collides_in_practices_and_networks() {
    let read = |name: &str| read_case(&root().join("fixtures").join(name), &ReadOptions::default()).unwrap();
    for name in ["practice", "pcn", "elective"] {
        let case = read(name);
        let plan = engine_plan(&case).unwrap();
        let offers = play(&case, &plan, 25);
        assert!(offers > 20, "{name}: {offers}");
    }
    for seed in 1..=3 {
        let files = generated(&Options::new(Profile::Practice, seed)).unwrap();
        let case = read_case_files(&files, &ReadOptions::default()).unwrap();
        let plan = engine_plan(&case).unwrap();
        play(&case, &plan, 25);
    }
}

#[test]
fn alternatives_are_few_differ_and_are_never_later_for_the_upper_ranks() {
    let case = read_case(&root().join("fixtures/practice"), &ReadOptions::default()).unwrap();
    let plan = engine_plan(&case).unwrap();
    let prepared = prepare(&case);
    let desk = Desk::new(&case, &prepared, &plan).unwrap();
    for (entry, others) in desk.entries.iter().zip(alternatives(&desk)) {
        assert!(others.len() <= 2);
        let rows: Vec<PlanRow> = others.iter().map(|other| moved(&case, entry.row, other)).collect();
        let half = |row: &PlanRow| (format_date(row.start.date()), row.start.format("%p").to_string());
        let halves: BTreeSet<_> = rows.iter().chain([entry.row]).map(half).collect();
        assert_eq!(halves.len(), others.len() + 1, "{}", entry.row.request_id);
        let spoken_to = ["phone", "clinician"].contains(&entry.row.contact_route.as_str());
        assert!(spoken_to || others.is_empty());
        assert!(entry.request.together_id.is_none() || entry.planned.visit.is_none() || others.is_empty());
        for row in &rows {
            assert!(entry.planned.rank > prepared.window_rank || row.days_late <= entry.row.days_late);
            assert!(entry.row.call_by.is_none_or(|called| row.start.date() >= called));
        }
    }
}
