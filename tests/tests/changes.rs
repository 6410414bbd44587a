//! The change stated for a request without a place is true: made to the whole case, and the whole planned again, it
//! places the request.
#![allow(clippy::print_stdout, reason = "how many of each kind")]

use std::collections::BTreeMap;
use std::path::Path;

use rebook::candidates::Context;
use rebook::explain::{Change, Explainer};
use rebook::model::{Case, PlanFiles};
use rebook::prepare::{PlannedIdx, prepare};
use rebook::solve::{Effort, solve};
use rebook::tables::{ReadOptions, read_case};
use rebook::{PlanOptions, plan};
use rebook_tests::build::CaseBuilder;
use rebook_tests::cases::{mid_case, random_case};
use rebook_tests::house::root;

/// How many changes of each kind were stated, and for how many requests there was none.
type Tally = BTreeMap<String, usize>;

fn kind(change: &Change) -> String {
    let text = format!("{change:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// Work for one plan: larger random cases that resist are left out.
const PIVOTS: u64 = 5_000;

/// Most changes of one case that are made.
const MOST: usize = 12;

/// Every stated change of a case, made and planned with everything else.
fn check(name: &str, case: &Case, tally: &mut Tally) -> Vec<String> {
    let prepared = prepare(case);
    let context = Context::new(case);
    let pivots = PIVOTS;
    let solution = solve(&context, &prepared, Effort { pivots, stop: &|| false });
    let explainer = Explainer::new(&context, &prepared, &solution);
    let left: Vec<PlannedIdx> = prepared
        .iter()
        .map(|(index, _)| index)
        .filter(|index| solution.placed[index.index()].is_none())
        .collect();
    let mut wrong = Vec::new();
    for (index, smallest) in left.iter().zip(explainer.smallest_changes(&left, &|| false)).take(MOST) {
        let smallest = smallest.expect("nobody hurries");
        let Some(change) = smallest.change else {
            *tally.entry(smallest.text).or_default() += 1;
            continue;
        };
        *tally.entry(kind(&change)).or_default() += 1;
        let id = &case.requests[prepared.requests[index.index()].request.index()].request_id;
        let files =
            plan(&change.apply(case), &PlanOptions { pivots, ..PlanOptions::default() }).expect("a plan");
        if files.summary.status != "optimal" {
            *tally.entry("not proven again".to_owned()).or_default() += 1;
            continue;
        }
        let has_place = |files: &PlanFiles| files.plan.iter().any(|row| row.request_id == *id);
        if !has_place(&files) {
            wrong.push(format!("{name}: {id} has no place after {change:?}"));
        }
        // A number stands for the least that does, or says that it may not be.
        if smallest.text.contains("fewer may do") {
            *tally.entry("perhaps not the least".to_owned()).or_default() += 1;
            continue;
        }
        for smaller in change.smaller() {
            let files = plan(&smaller.apply(case), &PlanOptions { pivots, ..PlanOptions::default() });
            let files = files.expect("a plan");
            *tally.entry("smaller numbers".to_owned()).or_default() += 1;
            if files.summary.status == "optimal" && has_place(&files) {
                wrong.push(format!("{name}: {id} has a place after {smaller:?} as well"));
            }
        }
    }
    wrong
}

fn all_true(cases: impl Iterator<Item = (String, Case)>) -> Tally {
    let mut tally = Tally::new();
    let mut wrong = Vec::new();
    for (name, case) in cases {
        wrong.extend(check(&name, &case, &mut tally));
    }
    println!("{tally:#?}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    tally
}

#[test]
fn of_random_cases() {
    let tally = all_true((0..3_000).map(|seed| (format!("random case {seed}"), random_case(seed))));
    for kind in [
        "AlsoAvailable",
        "AlsoOnDate",
        "AnyGender",
        "AnyPractitioner",
        "BookedApart",
        "ExtraSessions",
        "LongerWindow",
        "MoreSlots",
        "Unlinked",
    ] {
        assert!(tally.get(kind).is_some_and(|&count| count >= 3), "{kind} is not stated: {tally:#?}");
    }
}

/// What `explain` lists for a request, placed or not, does what it says: a place, or one on an earlier date.
#[test]
fn whatever_explain_lists() {
    let (mut placed, mut unplaced) = (0, 0);
    for seed in 0..800 {
        let case = random_case(seed);
        let prepared = prepare(&case);
        let context = Context::new(&case);
        let files = plan(&case, &PlanOptions::default()).expect("a plan");
        let explainer = Explainer::of_files(&context, &prepared, &files).expect("a plan of this case");
        for planned in &prepared.requests {
            let id = &case.requests[planned.request.index()].request_id;
            let answer = explainer.answer(id).expect("an answer");
            for one in answer.changes {
                let after = plan(&one.change.apply(&case), &PlanOptions::default()).expect("a plan");
                let start = after.plan.iter().find(|row| row.request_id == *id).map(|row| row.start.date());
                let earlier = match &answer.place {
                    Some(place) => start.is_some_and(|start| start < place.start.date()),
                    None => start.is_some(),
                };
                assert!(earlier, "random case {seed}: {id} is on {start:?} after {:?}", one.change);
                *if answer.place.is_some() { &mut placed } else { &mut unplaced } += 1;
            }
        }
    }
    println!("{placed} changes for requests with a place, {unplaced} for those without");
    assert!(placed > 100 && unplaced > 100, "{placed} and {unplaced}");
}

#[test]
fn of_larger_random_cases() {
    all_true((0..60).map(|seed| (format!("larger case {seed}"), mid_case(seed))));
}

#[test]
fn of_the_cases_kept_with_the_project() {
    let fixture = |name: &str| {
        let dir = root().join("fixtures").join(name);
        (name.to_owned(), read_case(Path::new(&dir), &ReadOptions::default()).expect("a case"))
    };
    all_true(["practice", "practice-dirty", "medscheduler"].map(fixture).into_iter());
}

/// A date counts the calls of all dates before it too: where several are full, more calls a day are an answer still.
#[test]
fn more_calls_where_several_dates_are_full() {
    let case = CaseBuilder::gp()
        .tier("GP2", |tier| tier.call = true)
        .site("A", |site| site.calls_per_day = Some(0))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "g1", "A", "2024-07-24 10:00", &[15])
        .request("R1", |r| r.tier("GP2"))
        .build();
    let files = plan(&case, &PlanOptions::default()).expect("a plan");
    assert_eq!(files.unplaced[0].smallest_change, "1 call a day at A instead of 0.");
}
