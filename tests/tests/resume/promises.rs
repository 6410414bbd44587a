//! What is promised, one fact at a time.

use rebook::Error;
use rebook::calendar::DateSet;
use rebook::model::{Case, Reserve};
use rebook::report::RunNote;
use rebook::resume::{Kept, Replan};
use rebook::solve::Effort;
use rebook_tests::build::{CaseBuilder, dates};
use rebook_tests::planner::by_engine;

const EFFORT: Effort<'_> = Effort { pivots: 1_000_000, stop: &|| false };

fn kept(case: &Case) -> Kept<'_> {
    Kept::new(case, by_engine(case)).expect("the plan fits its case")
}

/// Monday, on which most of these cases take place.
fn monday() -> DateSet {
    dates("2024-07-22")
}

fn names(list: &[rebook::resume::Moved]) -> Vec<&str> {
    list.iter().map(|one| one.request_id.as_str()).collect()
}

/// Two clinicians with two slots each on Monday; the first is asked for by R1.
fn two_clinicians() -> CaseBuilder {
    CaseBuilder::gp()
        .clinician("g2", "gp", |_| {})
        .session("S1", "g1", "A", "2024-07-22 10:00", &[15, 15])
        .session("S2", "g2", "A", "2024-07-22 10:00", &[15, 15])
        .request("R1", |r| r.prefers("g1", rebook::model::Continuity::Preferred))
        .request("R2", |r| r.prefers("g2", rebook::model::Continuity::Preferred))
}

#[test]
fn who_can_stay_stays() {
    let case = two_clinicians().build();
    let replan = kept(&case).absence("g1", &monday(), EFFORT).expect("a clinician");
    assert_eq!(names(&replan.moved), ["R1"]);
    assert_eq!(replan.displaced, ["R1"]);
    assert_eq!((replan.moves.value, replan.moves.bound), (1, 1));
    assert!(replan.is_proven() && !replan.widened);
    let now = replan.moved[0].after.place.as_ref().expect("there is room beside R2");
    assert_eq!(now.practitioner_id, "g2");
}

#[test]
fn nobody_is_lost() {
    let case = two_clinicians().slots("S2", |slot| slot.status = rebook::model::SlotStatus::Busy).build();
    let replan = kept(&case).absence("g1", &monday(), EFFORT).expect("a clinician");
    assert_eq!(names(&replan.moved), ["R1", "R2"]);
    assert!(replan.moved.iter().all(|one| one.after.place.is_none() && one.before.place.is_some()));
    let files = replan.files(&RunNote::default(), &|| false);
    assert_eq!((files.plan.len(), files.unplaced.len()), (0, 2));
}

/// One slot on Monday with each clinician, R2 with g1 must be seen on that day, R4 with g2 need not, and on Friday there is
/// room for R4.
fn urgent_in_the_way() -> Case {
    CaseBuilder::gp()
        .clinician("g2", "gp", |_| {})
        .session("S1", "g1", "A", "2024-07-22 10:00", &[15])
        .session("S2", "g2", "A", "2024-07-22 10:00", &[15])
        .session("S3", "g2", "A", "2024-07-26 10:00", &[15])
        .request("R2", |r| r.tier("GP2").prefers("g1", rebook::model::Continuity::Preferred))
        .request("R4", |r| r.tier("GP4").prefers("g2", rebook::model::Continuity::Required))
        .build()
}

#[test]
fn safety_is_never_traded_for_fewer_moves() {
    let case = urgent_in_the_way();
    let replan = kept(&case).absence("g1", &monday(), EFFORT).expect("a clinician");
    assert_eq!(replan.displaced, ["R2"]);
    assert_eq!(names(&replan.moved), ["R2", "R4"], "R4 gives way, though a place on Friday was free for R2");
    assert_eq!((replan.moves.value, replan.moves.bound), (2, 2));
    assert!(replan.is_proven() && replan.widened);
    assert!(replan.moved.iter().all(|one| one.after.days_late == 0));
}

#[test]
fn what_is_not_proven_says_so_and_keeps_the_guarantee() {
    let case = urgent_in_the_way();
    let replan =
        kept(&case).absence("g1", &monday(), Effort { pivots: 0, stop: &|| true }).expect("a clinician");
    assert!(!replan.is_proven());
    let files =
        replan.files(&RunNote { previous: Some("before".to_owned()), ..RunNote::default() }, &|| false);
    assert_eq!(files.summary.status, "feasible");
    assert!(files.summary.run.interrupted);
    let broken = rebook::verify::verify(&replan.case, &files);
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_reserve_that_shrinks_moves_as_few_as_it_must() {
    // 120 open minutes, half of them kept: four appointments with g2. Without g1 there are 60, so two of them go.
    let case = CaseBuilder::gp()
        .policy(|policy| {
            policy.reserves =
                vec![Reserve { role: "gp".to_owned(), fraction: "0.5".parse().expect("a decimal") }];
        })
        .clinician("g2", "gp", |_| {})
        .session("S1", "g1", "A", "2024-07-22 10:00", &[15, 15, 15, 15])
        .edit_session("S1", |session| session.care_types = vec!["another".to_owned()])
        .session("S2", "g2", "A", "2024-07-22 10:00", &[15, 15, 15, 15])
        .session("S3", "g2", "A", "2024-07-25 10:00", &[15, 15, 15, 15])
        .request("R1", |r| r)
        .request("R2", |r| r)
        .request("R3", |r| r)
        .request("R4", |r| r)
        .build();
    let before = by_engine(&case);
    assert!(before.plan.iter().all(|row| row.session_id == "S2"), "{:?}", before.plan);
    let replan = kept(&case).absence("g1", &monday(), EFFORT).expect("a clinician");
    assert!(replan.displaced.is_empty());
    assert_eq!((replan.moves.value, replan.moves.bound), (2, 2));
    assert!(replan.is_proven() && !replan.widened);
}

/// Three slots from Monday to Wednesday, R1 on Monday, R2 on Tuesday, R3 on Wednesday.
fn three_days() -> CaseBuilder {
    CaseBuilder::gp()
        .session("S1", "g1", "A", "2024-07-22 10:00", &[15])
        .session("S2", "g1", "A", "2024-07-23 10:00", &[15])
        .session("S3", "g1", "A", "2024-07-24 10:00", &[15])
        .request("R1", |r| r.tier("GP2"))
        .request("R2", |r| r.tier("GP3"))
        .request("R3", |r| r.tier("GP4"))
}

#[test]
fn who_gives_up_a_slot_is_not_offered_it() {
    let case = three_days().build();
    let next = kept(&case).next_for("S1/1").expect("a slot");
    assert_eq!(next.withdrawn.as_deref(), Some("R1"));
    let who: Vec<&str> = next.takers.iter().map(|taker| taker.who[0].request_id.as_str()).collect();
    assert_eq!(who, ["R2", "R3"], "the more urgent first");
    let points = |taker: usize| {
        let moved = &next.takers[taker].who[0];
        (moved.before.points, moved.after.points)
    };
    assert_eq!((points(0), points(1)), ((10, 0), (20, 0)));
}

#[test]
fn a_slot_that_nobody_is_better_off_in_stays_free() {
    let case = three_days().session("S4", "g1", "A", "2024-07-25 10:00", &[15]).build();
    let next = kept(&case).next_for("S4/1").expect("a slot");
    assert!(next.takers.is_empty() && next.withdrawn.is_none());
}

#[test]
fn a_booking_that_is_cancelled_makes_room() {
    let case = three_days().session("S0", "g1", "A", "2024-07-22 08:00", &[15]).busy("S0/1", "p99").build();
    let next = kept(&case).next_for("S0/1").expect("a slot");
    let who: Vec<&str> = next.takers.iter().map(|taker| taker.who[0].request_id.as_str()).collect();
    assert_eq!(who, ["R2", "R3"], "R1 is on Monday already");
}

#[test]
fn who_comes_after_somebody_who_gives_up_loses_the_place_and_is_named() {
    let case = three_days().request("R4", |r| r.after("R1", 1, 21)).build();
    let case =
        Case { requests: case.requests.into_iter().filter(|one| one.request_id != "R3").collect(), ..case };
    let next = kept(&case).next_after("R1").expect("it has a place");
    assert_eq!(next.lost, ["R4"]);
    let who: Vec<&str> = next.takers.iter().map(|taker| taker.who[0].request_id.as_str()).collect();
    assert_eq!(who, ["R2"]);
}

#[test]
fn what_is_not_there_is_an_error_in_words() {
    let case = three_days()
        .session("G", "g1", "A", "2024-07-22 12:00", &[15])
        .slot("G/1", |slot| slot.places = Some(0))
        .build();
    let kept = kept(&case);
    let says = |error: Option<Error>, words: &str| {
        let text = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains(words), "{text}");
    };
    says(kept.next_for("S9/1").err(), "no slot \"S9/1\"");
    says(kept.next_after("R9").err(), "R9 has no place");
    says(kept.absence("g9", &monday(), EFFORT).err(), "no clinician \"g9\"");
    let mut other = by_engine(&case);
    other.plan[0].slot_ids = vec!["S9/1".to_owned()];
    says(Kept::new(&case, other).err(), "does not fit");
}

#[test]
fn a_full_group_asks_who_gives_up() {
    let case = CaseBuilder::gp()
        .session("G", "g1", "A", "2024-07-22 12:00", &[15])
        .slot("G/1", |slot| slot.places = Some(2))
        .session("S", "g1", "A", "2024-07-23 12:00", &[15])
        .request("R1", |r| r.tier("GP2"))
        .request("R2", |r| r.tier("GP2"))
        .request("R3", |r| r.tier("GP4"))
        .build();
    let kept = kept(&case);
    let error = kept.next_for("G/1").err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("2 people share"), "{error}");
    let next = kept.next_after("R1").expect("it has a place");
    let who: Vec<&str> = next.takers.iter().map(|taker| taker.who[0].request_id.as_str()).collect();
    assert_eq!(who, ["R3"]);
}

/// Every entry of the answer holds together.
#[test]
fn an_absence_on_a_day_without_appointments_changes_nothing() {
    let case = three_days().build();
    let replan: Replan = kept(&case).absence("g1", &dates("2024-08-01"), EFFORT).expect("a clinician");
    assert!(replan.moved.is_empty() && replan.placed.is_empty() && replan.displaced.is_empty());
    assert!(replan.is_proven() && !replan.widened);
}
