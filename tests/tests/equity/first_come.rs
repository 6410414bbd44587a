//! First come, first served: its definition, the rules, and a case made by hand.

use std::collections::BTreeSet;
use std::path::Path;

use rebook::candidates::{Context, slots_of};
use rebook::desk::first_come;
use rebook::model::{Case, PlanFiles, PlanRow};
use rebook::prepare::prepare;
use rebook::tables::{ReadOptions, read_case};
use rebook::verify::verify;
use rebook::{PlanOptions, plan};
use rebook_tests::build::{CaseBuilder, moment};
use rebook_tests::cases::{mid_case, random_case};
use rebook_tests::halves::in_halves;

use super::by_definition;

/// Who is where, as rows of a plan: of each what the rules about places read.
fn rows(case: &Case) -> Vec<PlanRow> {
    let (context, prepared) = (Context::new(case), prepare(case));
    let placed = first_come(&context, &prepared);
    assert_eq!(placed.len(), prepared.requests.len());
    let row = |(planned, place): (&rebook::prepare::Planned, &Option<rebook::solve::Placed>)| {
        let place = place.as_ref()?;
        let request = &case.requests[planned.request.index()];
        let session = &case.sessions[place.offer.session.index()];
        let start = case.slots[place.run.first.index()].start;
        Some(PlanRow {
            call_order: 0,
            call_by: None,
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            tier: String::new(),
            rank: planned.rank.0,
            target_date: planned.target,
            latest_date: request.latest_date,
            session_id: session.session_id.clone(),
            slot_ids: slots_of(place.run).map(|slot| case.slots[slot.index()].slot_id.to_string()).collect(),
            practitioner_id: case.clinicians[session.clinician.index()].practitioner_id.clone(),
            site_id: case.sites[session.site.index()].site_id.clone(),
            start,
            end: start + chrono::TimeDelta::minutes(i64::from(place.offer.needed)),
            delivery_channel: place.offer.channel.as_str().to_owned(),
            contact_route: planned.route.as_str().to_owned(),
            days_late: 0,
            status: String::new(),
            flags: Vec::new(),
            reason: String::new(),
            kept: Vec::new(),
        })
    };
    prepared.requests.iter().zip(&placed).filter_map(row).collect()
}

fn slots(case: &Case) -> by_definition::Slots {
    rows(case).into_iter().map(|row| (row.request_id, row.slot_ids)).collect()
}

/// Nothing that the verifier says of the places themselves: SPEC sections 3 and 4.
fn keeps_the_rules(case: &Case, files: &PlanFiles) {
    let files = PlanFiles { plan: rows(case), ..files.clone() };
    let broken: Vec<_> = verify(case, &files)
        .into_iter()
        .filter(|violation| violation.rule.as_str().starts_with(['3', '4']))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn it_is_what_the_definition_says() {
    let found = in_halves(&(0..3_000_u64), |seed, seen: &mut (u64, BTreeSet<&str>)| {
        let case = if seed % 10 == 9 { mid_case(seed) } else { random_case(seed) };
        let Some(expected) = by_definition::first_come(&case) else { return };
        assert_eq!(slots(&case), expected, "seed {seed}");
        seen.0 += expected.len() as u64;
        let of = |id: &str| case.requests.iter().find(|row| row.request_id == id);
        let placed = || expected.keys().filter_map(|id| of(id));
        if placed().any(|row| row.together_id.is_some()) {
            seen.1.insert("visits");
        }
        if placed().any(|row| row.after_request_id.is_some()) {
            seen.1.insert("links");
        }
    });
    for (placed, about) in found {
        assert!(placed > 2_000, "{placed}");
        assert_eq!(about, BTreeSet::from(["links", "visits"]));
    }
}

/// Any files of a plan: the rows of the plan are put in their place, and only the rules about places are asked.
fn any_files(case: &Case) -> PlanFiles {
    let hurried = PlanOptions { pivots: 0, stop: &|| true, hurry: &|| true, ..PlanOptions::default() };
    plan(case, &hurried).expect("a plan")
}

#[test]
fn no_rule_about_places_is_broken() {
    in_halves(&(0..400_u64), |seed, (): &mut ()| {
        let case = if seed % 4 < 2 { mid_case(seed) } else { random_case(seed) };
        keeps_the_rules(&case, &any_files(&case));
    });
}

#[test]
fn no_rule_is_broken_in_a_practice_and_a_network() {
    for (name, least) in [("practice", 120), ("pcn", 450)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
        let case = read_case(&folder, &ReadOptions::default()).expect("a case");
        keeps_the_rules(&case, &any_files(&case));
        let placed = rows(&case).len();
        assert!(placed >= least, "{name}: {placed}");
    }
}

/// Six slots on four dates, and nine requests whose turns are told apart by everything that tells them apart.
fn by_hand() -> CaseBuilder {
    CaseBuilder::gp()
        .session("S1", "g1", "A", "2024-07-22 10:00", &[15, 15])
        .session("S2", "g1", "A", "2024-07-23 09:00", &[15])
        .session("S3", "g1", "A", "2024-07-29 09:00", &[15, 15])
        .session("S4", "g1", "A", "2024-08-05 09:00", &[15])
        .session("S5", "g1", "A", "2024-08-06 09:00", &[15, 15, 15])
        .request("R1", |r| r.tier("GP1"))
        .request("R2", |r| r.tier("GP5").since("2024-07-01"))
        .request("R3", |r| {
            r.since("2024-07-01").set(|row| row.original_start = Some(moment("2024-07-10 10:00")))
        })
        .request("R4", |r| r.since("2024-06-01").after("R1", 5, 21))
        .request("R5", |r| r.tier("GP6").since("2024-07-18"))
        .request("R6", |r| r.since("2024-07-20").earliest("2024-08-05"))
        .request("R7", |r| r.since("2024-07-30").together("V"))
        .request("R8", |r| r.since("2024-07-21").together("V"))
        .request("R9", |r| r.tier("GP2").since("2024-07-25"))
}

fn are(case: &Case, expected: &[(&str, &str)]) {
    let found: Vec<(String, String)> =
        slots(case).into_iter().map(|(id, slots)| (id, slots.join(";"))).collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(id, slots)| ((*id).to_owned(), (*slots).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn whoever_has_waited_longest_chooses_first() {
    // R4 has waited longest, but comes after R1, who is urgent and gets what is left of July: R4 is served right after it,
    // and before R6, who wants the same slot. The visit has the turn of R8, which is before that of R9.
    are(
        &by_hand().build(),
        &[
            ("R1", "S3/1"),
            ("R2", "S1/2"),
            ("R3", "S1/1"),
            ("R4", "S4/1"),
            ("R5", "S2/1"),
            ("R6", "S5/1"),
            ("R7", "S5/2"),
            ("R8", "S5/3"),
            ("R9", "S3/2"),
        ],
    );
}

#[test]
fn of_one_start_the_more_convenient_is_taken_and_then_the_first_session() {
    let case = CaseBuilder::gp()
        .clinician("a1", "anp", |_| {})
        .clinician("g2", "gp", |_| {})
        .session("S1", "a1", "A", "2024-07-22 10:00", &[15])
        .session("S2", "g2", "A", "2024-07-22 10:00", &[15])
        .session("S3", "g1", "A", "2024-07-22 10:00", &[15])
        .request("R1", |r| r)
        .request("R2", |r| r)
        .request("R3", |r| r)
        .build();
    are(&case, &[("R1", "S2/1"), ("R2", "S3/1"), ("R3", "S1/1")]);
}

#[test]
fn those_who_wait_for_one_another_are_never_served() {
    // R2 and R3 are one visit; R1 comes after R2, and R3 after R1.
    let case = CaseBuilder::gp()
        .session("S1", "g1", "A", "2024-07-22 10:00", &[15, 15, 15, 15])
        .request("R1", |r| r.after("R2", 0, 1))
        .request("R2", |r| r.together("V"))
        .request("R3", |r| r.after("R1", 0, 1).together("V"))
        .request("R4", |r| r)
        .build();
    are(&case, &[("R4", "S1/1")]);
}
