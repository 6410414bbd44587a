//! The problem that other solvers are given (`rebook::solve::instance`) is the one of the SPEC: its best answer has the
//! engine's vector and the oracle's, and an answer that breaks a rule is refused.

use std::path::Path;

use rebook::candidates::Context;
use rebook::model::{Case, ObjectiveRecord};
use rebook::prepare::prepare;
use rebook::report::RunNote;
use rebook::solve::Effort;
use rebook::solve::instance::{Answer, Choice, Instance, Ready};
use rebook::tables::{ReadOptions, read_case};
use rebook::{PlanOptions, plan};
use rebook_tests::cases::{mid_case, random_case};
use rebook_tests::house::root;
use rebook_tests::oracle::{Switches, prepare as prepare_oracle};

/// A case has so many answers at most, good and bad, if all of them are looked at.
const MOST_ANSWERS: u64 = 3_000;

fn ready<T>(case: &Case, what: impl FnOnce(Ready<'_>) -> T) -> T {
    let prepared = prepare(case);
    let context = Context::new(case);
    what(Ready::new(&context, &prepared))
}

/// The entries of a summary by the names that the instance gives them.
fn by_name(names: &[String], objective: &ObjectiveRecord) -> Vec<i64> {
    let value = |name: &String| match name.split_once('_') {
        Some(("late", rank)) => objective.late[rank.parse::<usize>().expect("a rank") - 1].value,
        Some(("wait", rank)) => objective.wait[rank.parse::<usize>().expect("a rank") - 1].value,
        _ if name == "window" => objective.window.value,
        _ => objective.order.value,
    };
    names.iter().map(value).collect()
}

/// The vector of the plan's files, of the solver's answer, and of that answer recomputed.
fn three_vectors(case: &Case) -> [Vec<i64>; 3] {
    let previous = case.previous.as_ref().map(|_| "by hand".to_owned());
    let note = RunNote { previous, ..RunNote::default() };
    // Nobody reads the smallest changes here.
    let files = plan(case, &PlanOptions { note, hurry: &|| true, ..PlanOptions::default() }).expect("a plan");
    let (instance, found) = ready(case, |ready| {
        let instance = ready.instance();
        (instance, ready.solve(Effort { pivots: 20_000_000, stop: &|| false }))
    });
    let checked = instance.check(&found.answer).expect("the answer keeps the rules");
    let solved = found.entries.iter().map(|entry| entry.value).collect();
    [by_name(&instance.entries, &files.summary.objective), solved, checked]
}

#[test]
fn the_fixtures_have_the_vectors_of_their_plans() {
    for name in ["practice", "practice-dirty", "pcn", "elective", "medscheduler"] {
        let folder = root().join("fixtures").join(name);
        let case = read_case(Path::new(&folder), &ReadOptions::default()).expect("a fixture");
        let [files, solved, checked] = three_vectors(&case);
        assert_eq!(files, solved, "{name}");
        assert_eq!(files, checked, "{name}");
    }
}

#[test]
fn random_cases_have_the_vectors_of_their_plans() {
    let cases = (0..300).map(random_case).chain((0..40).map(mid_case));
    for (number, case) in cases.enumerate() {
        let [files, solved, checked] = three_vectors(&case);
        assert_eq!(files, solved, "case {number}");
        assert_eq!(files, checked, "case {number}");
    }
}

/// Everything that a job can choose.
fn choices(instance: &Instance, job: usize) -> Vec<Option<Choice>> {
    let of_option = |option: usize| {
        let mut picks: Vec<Vec<u32>> = vec![Vec::new()];
        for spot in instance.spots(option) {
            let longer = |pick: &Vec<u32>, span: u32| [pick.as_slice(), &[span]].concat();
            let spans = 0..spot.spans.len() as u32;
            picks = picks.iter().flat_map(|pick| spans.clone().map(move |span| longer(pick, span))).collect();
        }
        picks.into_iter().map(move |spans| Some(Choice { option: option as u32, spans }))
    };
    instance.options(job).flat_map(of_option).chain([None]).collect()
}

/// The least vector of all answers that are not refused; none where there are too many.
fn least_of_all(instance: &Instance) -> Option<Vec<i64>> {
    let choices: Vec<_> = (0..instance.jobs.len()).map(|job| choices(instance, job)).collect();
    let answers = choices.iter().try_fold(1_u64, |product, of_job| {
        product.checked_mul(of_job.len() as u64).filter(|&product| product <= MOST_ANSWERS)
    })?;
    let answer = |mut number: u64| {
        let pick = |of_job: &Vec<Option<Choice>>| {
            let at = number % of_job.len() as u64;
            number /= of_job.len() as u64;
            of_job[at as usize].clone()
        };
        Answer { chosen: choices.iter().map(pick).collect() }
    };
    (0..answers).filter_map(|number| instance.check(&answer(number)).ok()).min()
}

/// Were the check too lax, some answer would be better than the oracle's best plan; were it too strict, none as good.
#[test]
fn the_best_of_all_answers_is_the_oracles() {
    let (mut compared, mut tied, mut limited) = (0, 0, 0);
    for seed in 0..2_000 {
        let case = random_case(seed);
        let instance = ready(&case, |ready| ready.instance());
        let Some(least) = least_of_all(&instance) else { continue };
        assert_eq!(least, prepare_oracle(&case, Switches::ALL_ON).best().vector, "seed {seed}");
        compared += 1;
        tied += u32::from(!instance.ties.is_empty());
        limited += u32::from(instance.rows.iter().any(|row| row.kind != "room"));
    }
    assert!(
        compared > 700 && tied > 200 && limited > 300,
        "{compared} compared: {tied} tied, {limited} limited"
    );
}

/// Each request moved to where another one is.
#[test]
fn two_in_one_slot_are_refused() {
    let case = read_case(&root().join("fixtures/practice"), &ReadOptions::default()).expect("a fixture");
    let (instance, found) = ready(&case, |ready| {
        let instance = ready.instance();
        (instance, ready.solve(Effort { pivots: 20_000_000, stop: &|| false }))
    });
    let mut refused = 0;
    for job in (0..instance.jobs.len()).filter(|&job| instance.jobs[job].members.len() == 1) {
        let Some(own) = &found.answer.chosen[job] else { continue };
        let taken = instance.spots(own.option as usize).next().expect("a place");
        let span = &taken.spans[own.spans[0] as usize];
        for other in (0..instance.jobs.len()).filter(|&other| other != job) {
            for choice in choices(&instance, other).into_iter().flatten() {
                let clashes = instance.spots(choice.option as usize).zip(&choice.spans).any(|(spot, &at)| {
                    let its = &spot.spans[at as usize];
                    spot.pool == taken.pool && its.from < span.to && span.from < its.to
                });
                if clashes {
                    let mut spoilt = found.answer.clone();
                    spoilt.chosen[other] = Some(choice);
                    let broken = instance.check(&spoilt).expect_err("two at once");
                    assert!(broken.iter().any(|what| what.contains("atom")), "{broken:?}");
                    refused += 1;
                    break;
                }
            }
        }
    }
    assert!(refused > 1_000, "only {refused}");
}

#[test]
fn answers_of_another_shape_are_refused() {
    let instance = ready(&mid_case(1), |ready| ready.instance());
    let nobody = Answer { chosen: vec![None; instance.jobs.len()] };
    assert!(instance.check(&nobody).is_ok());
    assert!(instance.check(&Answer { chosen: Vec::new() }).is_err());
    let job = (0..instance.jobs.len()).find(|&job| !instance.options(job).is_empty()).expect("an option");
    let option = instance.options(job).start as u32;
    for (option, spans) in [(option, Vec::new()), (option, vec![9_999]), (u32::MAX, vec![0])] {
        let mut spoilt = nobody.clone();
        spoilt.chosen[job] = Some(Choice { option, spans });
        assert!(instance.check(&spoilt).is_err(), "{:?}", spoilt.chosen[job]);
    }
}
