//! Planned, called, filled in and planned again: what came of the calls is kept, and the verifier agrees.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rebook::model::{Case, Outcome, PlanFiles, PlanRow, SlotStatus};
use rebook::report::RunNote;
use rebook::tables::{
    ReadOptions, plan_files, read_case, read_case_files, read_plan, with_outcomes, with_previous, write_plan,
};
use rebook::verify::verify;
use rebook::{PlanOptions, plan};
use rebook_tests::house::root;

fn practice() -> PathBuf {
    root().join("fixtures/practice")
}

fn planned(case: &Case, lists: &[&str]) -> PlanFiles {
    let note = RunNote {
        previous: case.previous.as_ref().map(|_| "first".to_owned()),
        outcomes: lists.iter().map(|&list| list.to_owned()).collect(),
        ..RunNote::default()
    };
    plan(case, &PlanOptions { note, ..PlanOptions::default() }).expect("a plan")
}

/// A call list as CSV: a row of the plan, two alternatives, the outcome and what else was said.
#[derive(Default)]
struct List(String);

impl List {
    fn add(&mut self, row: &PlanRow, alternatives: [&str; 2], outcome: &str, said: [&str; 2]) {
        let PlanRow { request_id, patient_id, slot_ids, .. } = row;
        let slots = slot_ids.join(";");
        let [first, second] = alternatives;
        let [can, cannot] = said;
        let fields = [request_id, patient_id, &slots, first, second, outcome, can, cannot, "a note\n"];
        self.0 += &fields.join(",");
    }

    fn bytes(&self) -> Vec<u8> {
        let titles = "request_id,patient_id,slot_ids,alternative_1_slots,alternative_2_slots,outcome,can_come,cannot_come,note\n";
        format!("{titles}{}", self.0).into_bytes()
    }
}

/// What became of each request: its place, or why it has none.
fn stands(files: &PlanFiles) -> BTreeMap<&str, String> {
    let placed =
        files.plan.iter().map(|row| (row.request_id.as_str(), format!("at {}", row.slot_ids.join(";"))));
    let unplaced = files.unplaced.iter().map(|row| (row.request_id.as_str(), "unplaced".to_owned()));
    let excluded = files
        .excluded
        .iter()
        .map(|row| (row.request_id.as_str(), format!("{} {} {}", row.reason_code, row.field, row.detail)));
    excluded.chain(unplaced).chain(placed).collect()
}

/// Slots of the book that are free and that a plan leaves alone.
fn left_free<'c>(case: &'c Case, plan: &PlanFiles) -> Vec<&'c str> {
    let used: Vec<&String> = plan.plan.iter().flat_map(|row| &row.slot_ids).collect();
    let free = case.slots.iter().filter(|slot| slot.status == SlotStatus::Free && slot.places.is_none());
    free.map(|slot| slot.slot_id.as_str()).filter(|id| !used.iter().any(|used| used == id)).collect()
}

fn flags<'p>(files: &'p PlanFiles, id: &str) -> Vec<&'p str> {
    let row = files.plan.iter().find(|row| row.request_id == id).expect("it has a place");
    row.flags.iter().map(String::as_str).collect()
}

#[test]
fn every_outcome_is_read_back_from_a_folder_and_verified() {
    let home = tempfile::tempdir().expect("a folder");
    let (first, list) = (home.path().join("first"), home.path().join("call-list.csv"));
    let case = read_case(&practice(), &ReadOptions::default()).expect("the case");
    let before = planned(&case, &[]);
    write_plan(&first, &before, &[]).expect("written");
    let free = left_free(&case, &before);
    let called: Vec<&PlanRow> =
        before.plan.iter().filter(|row| row.contact_route == "phone").take(7).collect();
    let mut filled = List::default();
    for (row, &outcome) in called.iter().zip(Outcome::ALL) {
        filled.add(row, [free[0], free[1]], outcome.as_str(), ["", ""]);
    }
    fs::write(&list, filled.bytes()).expect("written");

    let read = || {
        let options = ReadOptions {
            previous: Some(first.clone()),
            outcomes: vec![list.clone()],
            ..ReadOptions::default()
        };
        read_case(&practice(), &options).expect("the case")
    };
    let again = read();
    let files = planned(&again, &["call-list.csv"]);
    write_plan(&home.path().join("second"), &files, &[]).expect("written");
    let files = read_plan(&home.path().join("second")).expect("a plan");
    assert_eq!(verify(&again, &files), [], "the verifier agrees");
    assert_eq!(files.summary.run.outcomes, ["call-list.csv"]);

    let stands = stands(&files);
    let of = |outcome: Outcome| {
        let at = Outcome::ALL.iter().position(|one| *one == outcome).expect("one of them");
        (called[at], stands[called[at].request_id.as_str()].as_str())
    };
    for outcome in Outcome::ALL.iter().copied().filter(|outcome| outcome.is_accepted()) {
        assert_eq!(of(outcome).1, "resolved request_id booked", "{outcome}");
    }
    assert_eq!(of(Outcome::Declined).1, "declined outcome declined, says the call list");
    assert_eq!(of(Outcome::NoLongerNeeded).1, "resolved outcome no longer needed, says the call list");
    // Who did not answer keeps the place; who wants another time is offered another day.
    let (row, stand) = of(Outcome::NoAnswer);
    assert_eq!(stand, format!("at {}", row.slot_ids.join(";")));
    assert!(flags(&files, &row.request_id).contains(&"no-answer"));
    let (row, _) = of(Outcome::WantsOtherTime);
    let other = files.plan.iter().find(|other| other.request_id == row.request_id).expect("a place");
    assert_ne!(other.start.date(), row.start.date());
    assert!(!flags(&files, &row.request_id).contains(&"no-answer"));
    let slots = files.plan.iter().flat_map(|row| &row.slot_ids);
    assert!(
        slots
            .into_iter()
            .all(|slot| slot != free[0] && slot != free[1] && !called[0].slot_ids.contains(slot))
    );

    // A list that was changed since is not the one that the plan was made from.
    let changed = String::from_utf8(filled.bytes()).expect("text").replace(",no answer,", ",declined,");
    fs::write(&list, changed).expect("written");
    assert!(!verify(&read(), &files).is_empty());
    // Nor is a case without it.
    let without = ReadOptions { previous: Some(first.clone()), ..ReadOptions::default() };
    assert!(!verify(&read_case(&practice(), &without).expect("the case"), &files).is_empty());
}

#[test]
fn flags_of_outcomes_are_verified() {
    let case = read_case(&practice(), &ReadOptions::default()).expect("the case");
    let before = planned(&case, &[]);
    let mut filled = List::default();
    filled.add(&before.plan[0], ["", ""], "no answer", ["", ""]);
    // Both accept one slot: the second has lost it.
    filled.add(&before.plan[1], ["", ""], "accepted", ["", ""]);
    let lost = PlanRow { slot_ids: before.plan[1].slot_ids.clone(), ..before.plan[2].clone() };
    filled.add(&lost, ["", ""], "accepted", ["", ""]);
    let again = after(&case, &before, &[filled.bytes()]);
    let files = planned(&again, &["list"]);
    assert_eq!(verify(&again, &files), []);
    for (row, flag) in [(&before.plan[0], "no-answer"), (&before.plan[2], "place-taken")] {
        assert!(flags(&files, &row.request_id).contains(&flag), "{flag}");
        let mut forged = files.clone();
        let own = forged.plan.iter_mut().find(|own| own.request_id == row.request_id).expect("a place");
        own.flags.retain(|stated| stated != flag);
        assert_eq!(verify(&again, &forged).len(), 1, "{flag}");
    }
    let warned = files.summary.warnings.iter().filter(|warning| warning.starts_with("W601")).count();
    assert_eq!(warned, 1);
    let mut forged = files.clone();
    forged.summary.run.outcomes.clear();
    assert_eq!(verify(&again, &forged).len(), 1);
}

fn after(case: &Case, before: &PlanFiles, lists: &[Vec<u8>]) -> Case {
    let case = with_previous(case.clone(), before, &[]).expect("a case");
    let named: Vec<(String, Vec<u8>)> =
        lists.iter().enumerate().map(|(at, bytes)| (format!("list-{at}.csv"), bytes.clone())).collect();
    with_outcomes(case, &named).expect("a case")
}

/// A list filled in at random: alternatives may be anybody's, so that places are taken from under others.
fn at_random(dice: &mut Pcg64, case: &Case, plan: &PlanFiles) -> List {
    let free = left_free(case, plan);
    let mut list = List::default();
    for row in &plan.plan {
        let mut one = || free[dice.random_range(0..free.len().min(40))];
        let alternatives = [one(), one()];
        let outcome = match dice.random_range(0..10) {
            at @ 0..7 => Outcome::ALL[at].as_str(),
            _ => "",
        };
        let can = ["", "Mon-Wed 09:00-13:00", "Thu;Fri 13:00-18:00"][dice.random_range(0..3)];
        let cannot = ["", "2024-07-24..2024-07-26"][dice.random_range(0..2)];
        list.add(row, alternatives, outcome, [can, cannot]);
    }
    list
}

fn bytes_at(threads: usize, case: &Case, lists: &[&str]) -> (PlanFiles, Vec<Vec<u8>>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let files = pool.install(|| planned(case, lists));
    let bytes = plan_files(&files, &[]).expect("files").into_iter().map(|file| file.bytes).collect();
    (files, bytes)
}

#[test]
fn whatever_is_filled_in_nobody_is_lost_and_every_rule_is_kept() {
    let case = read_case(&practice(), &ReadOptions::default()).expect("the case");
    let first = planned(&case, &[]);
    let mut dice = Pcg64::seed_from_u64(5);
    let mut seen: BTreeMap<Option<Outcome>, usize> = BTreeMap::new();
    for round in 0..3 {
        let list = at_random(&mut dice, &case, &first).bytes();
        let again = after(&case, &first, std::slice::from_ref(&list));
        for request in &again.requests {
            *seen.entry(request.outcome).or_default() += 1;
        }
        let (second, bytes) = bytes_at(1, &again, &["list-0.csv"]);
        assert_eq!(bytes, bytes_at(2, &again, &["list-0.csv"]).1, "round {round}");
        check(&again, &second, round);
        // The next round of calls, with the first list named again.
        let next = at_random(&mut dice, &again, &second).bytes();
        let once_more = after(&case, &second, &[list, next]);
        let third = planned(&once_more, &["list-0.csv", "list-1.csv"]);
        check(&once_more, &third, round);
    }
    assert_eq!(seen.len(), Outcome::ALL.len() + 1, "every outcome, and none");
}

fn check(case: &Case, files: &PlanFiles, round: usize) {
    assert_eq!(verify(case, files), [], "round {round}");
    assert_eq!(files.plan.len() + files.unplaced.len() + files.excluded.len(), case.requests.len());
    let stands = stands(files);
    let lost: Vec<String> =
        case.warnings.iter().filter(|issue| issue.code.as_str() == "W601").map(ToString::to_string).collect();
    let mut planned_again = 0;
    for request in &case.requests {
        let stand = &stands[request.request_id.as_str()];
        match request.outcome {
            Some(outcome) if outcome.is_accepted() => {
                let booked = stand == "resolved request_id booked";
                planned_again += usize::from(!booked);
                assert!(booked || stand.starts_with("at ") || stand == "unplaced", "{stand}");
            }
            Some(Outcome::Declined) => assert!(stand.starts_with("declined outcome "), "{stand}"),
            Some(Outcome::NoLongerNeeded) => assert!(stand.starts_with("resolved outcome "), "{stand}"),
            Some(_) => assert!(stand.starts_with("at ") || stand == "unplaced", "{stand}"),
            None => {}
        }
    }
    assert_eq!(planned_again, lost.len(), "round {round}: each place lost is told of: {lost:?}");
}

/// Two requests of one patient: a group session that was accepted, and a consultation that could be at that very time.
#[test]
fn a_place_in_a_group_is_kept_clear_for_its_patient() {
    let text = [
        (
            "requests.csv",
            "request_id,patient_id,site_id,care_type,priority,original_start,reconciliation\n\
             R1,P1,A,group,GP3,2024-07-19T09:00,not-seen\nR2,P1,A,gp-consultation,GP3,2024-07-19T09:00,not-seen\n\
             R3,P3,A,group,GP3,2024-07-19T09:00,not-seen\nR4,P4,A,group,GP3,2024-07-19T09:00,not-seen\n",
        ),
        (
            "sessions.csv",
            "session_id,practitioner_id,site_id,start,end\n\
             S1,D1,A,2024-07-23T09:00,2024-07-23T10:00\nS2,D2,A,2024-07-23T09:00,2024-07-23T10:00\n",
        ),
        (
            "slots.csv",
            "slot_id,session_id,start,duration_minutes,places\n\
             G1,S1,2024-07-23T09:00,30,2\nT1,S2,2024-07-23T09:15,15,\nT2,S2,2024-07-23T09:45,15,\n",
        ),
        ("clinicians.csv", "practitioner_id,role,max_contacts_day\nD1,nurse,\nD2,gp,\n"),
        (
            "policy.toml",
            "start = \"2024-07-22\"\n[[tier]]\ncode = \"GP3\"\ntarget_days = 1\n\
             [care_types.group]\nroles = [\"nurse\"]\nduration_minutes = 30\n\
             [care_types.gp-consultation]\nroles = [\"gp\"]\n",
        ),
    ];
    let files: BTreeMap<String, Vec<u8>> =
        text.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect();
    let case = read_case_files(&files, &ReadOptions::default()).expect("a case");
    let before = planned(&case, &[]);
    let list = "request_id,slot_ids,outcome\nR1,G1,accepted\n".as_bytes().to_vec();
    let again = after(&case, &before, &[list]);
    let files = planned(&again, &["list-0.csv"]);
    assert_eq!(verify(&again, &files), []);
    let stands = stands(&files);
    assert_eq!(stands["R1"], "resolved request_id booked");
    assert_eq!(stands["R2"], "at T2");
    // One place is left for two.
    let mut group = [stands["R3"].as_str(), stands["R4"].as_str()];
    group.sort_unstable();
    assert_eq!(group, ["at G1", "unplaced"]);
}

/// A list that openpyxl wrote: shared strings, inline strings, a real date, and drop-downs.
#[test]
fn a_workbook_by_another_program_is_read() {
    let path: &Path = &root().join("tests/data/call-list-openpyxl.xlsx");
    let case = read_case(&practice(), &ReadOptions::default()).expect("the case");
    let before = planned(&case, &[]);
    let case = with_previous(case, &before, &[]).expect("a case");
    let again = rebook::tables::with_outcomes_in(case, &[path.to_owned()]).expect("a case");
    let outcomes: Vec<_> = again.requests.iter().filter_map(|request| request.outcome).collect();
    assert_eq!(outcomes, [Outcome::NoAnswer, Outcome::WantsOtherTime, Outcome::Declined]);
    let away = again.requests.iter().filter(|request| {
        let date = chrono::NaiveDate::from_ymd_opt(2024, 8, 1).expect("a date");
        request.outcome == Some(Outcome::WantsOtherTime) && request.unavailable_dates.contains(date)
    });
    assert_eq!(away.count(), 1);
}
