//! Plans that are handed out before their proof: whenever a run is stopped, the plan keeps every rule, the priority
//! guarantee included, and what it says of its own worth is true.

#![allow(clippy::print_stdout, reason = "how many of each kind")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::ThreadPoolBuilder;
use rebook::generate::{Options, Profile, files as generated};
use rebook::model::{Case, ObjectiveRecord, PlanFiles, SlotStatus};
use rebook::tables::{ReadOptions, read_case_files};
use rebook::{PlanOptions, plan};
use rebook_tests::build::CaseBuilder;
use rebook_tests::cases::{Dice, mid_case, random_case, twins};
use rebook_tests::halves::in_halves;
use rebook_tests::oracle::{Candidate, Switches, prepare};

/// Where a run ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// The work allowed, in simplex pivots of each part.
    Pivots(u64),
    /// The call of `stop` that says so, counted from 0.
    Stop(u64),
}

/// For the best plan that the others are compared with.
const PIVOTS: u64 = 5_000;

const ENDS: [End; 12] = [
    End::Pivots(0),
    End::Pivots(1),
    End::Pivots(2),
    End::Pivots(5),
    End::Pivots(20),
    End::Pivots(100),
    End::Stop(0),
    End::Stop(1),
    End::Stop(2),
    End::Stop(3),
    End::Stop(5),
    End::Stop(20),
];

/// A plan stopped there. Its smallest changes are not looked for: they would take most of the time.
fn plan_until(case: &Case, end: End) -> PlanFiles {
    let calls = AtomicU64::new(0);
    let stop = || matches!(end, End::Stop(last) if calls.fetch_add(1, Ordering::Relaxed) >= last);
    let pivots = match end {
        End::Pivots(pivots) => pivots,
        End::Stop(_) => PIVOTS,
    };
    plan(case, &PlanOptions { pivots, stop: &stop, hurry: &|| true, ..PlanOptions::default() })
        .expect("a plan")
}

/// Values and bounds in the order of the vector; `window` comes after so many entries of lateness.
fn vector(record: &ObjectiveRecord, before_window: usize) -> Vec<(i64, i64)> {
    let pair = |entry: &rebook::model::RankEntry| (entry.value, entry.bound);
    let mut found: Vec<(i64, i64)> = record.late.iter().map(pair).collect();
    found.insert(before_window, (record.window.value, record.window.bound));
    found.extend(record.wait.iter().map(pair));
    found.push((record.order.value, record.order.bound));
    found
}

/// What is wrong with a plan: a rule that is broken, or a bound that this plan contradicts, of which we know that it
/// is possible. A bound speaks of plans that have the same entries before it.
fn contradictions(
    case: &Case,
    files: &PlanFiles,
    possible: &[Vec<i64>],
    before_window: usize,
) -> Vec<String> {
    let broken = rebook::verify::verify(case, files);
    // Random cases name a previous plan that has no folder.
    let broken = broken.iter().filter(|one| !one.message.contains("a previous plan is read, but not named"));
    let mut found: Vec<String> = broken.map(|one| format!("{} {}", one.rule.as_str(), one.message)).collect();
    let certificate = vector(&files.summary.objective, before_window);
    let values: Vec<i64> = certificate.iter().map(|(value, _)| *value).collect();
    for other in possible {
        let same = other.iter().zip(&values).take_while(|(one, value)| one == value).count();
        let spoken_of = certificate.iter().zip(other).take(same + 1);
        for (entry, ((_, bound), value)) in spoken_of.enumerate() {
            if bound > value {
                found.push(format!("entry {entry}: bound {bound}, but {other:?} is possible"));
            }
        }
    }
    found
}

/// Every vector that a plan of this case can have; none where there are too many plans.
fn all_vectors(case: &Case) -> Vec<Vec<i64>> {
    let prepared = prepare(case, Switches::ALL_ON);
    let combinations: usize = prepared.candidates.iter().map(|candidates| candidates.len() + 1).product();
    if combinations > 500 {
        return Vec::new();
    }
    let mut plans: Vec<BTreeMap<u64, &Candidate>> = vec![BTreeMap::new()];
    for (wanted, candidates) in prepared.wanted.iter().zip(&prepared.candidates) {
        let with = |plan: &BTreeMap<u64, _>, place| {
            let mut plan = plan.clone();
            plan.insert(wanted.request.line, place);
            plan
        };
        let longer: Vec<_> =
            plans.iter().flat_map(|plan| candidates.iter().map(move |place| with(plan, place))).collect();
        plans.extend(longer);
    }
    plans.iter().filter_map(|plan| prepared.judge(plan).ok()).collect()
}

#[derive(Debug, Default)]
struct Tally {
    plans: u64,
    /// Cases whose best plan was not proven.
    unknown: u64,
    feasible: u64,
    worse: u64,
    vectors: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, name: &str, case: &Case, ends: &[End], mut possible: Vec<Vec<i64>>) {
        let best = plan_until(case, End::Pivots(PIVOTS));
        let proven = best.summary.status == "optimal";
        self.unknown += u64::from(!proven);
        let before_window = prepare(case, Switches::ALL_ON).layout.before_window;
        let values = |files: &PlanFiles| -> Vec<i64> {
            vector(&files.summary.objective, before_window).iter().map(|(value, _)| *value).collect()
        };
        let least = values(&best);
        possible.push(least.clone());
        self.vectors += possible.len();
        for &end in ends {
            let files = plan_until(case, end);
            self.plans += 1;
            self.feasible += u64::from(files.summary.status == "feasible");
            let mut wrong = contradictions(case, &files, &possible, before_window);
            let found = values(&files);
            if proven && found < least {
                wrong.push(format!("{found:?} is better than the best, {least:?}"));
            }
            if files.summary.status == "optimal" && found > least {
                wrong.push(format!("{found:?} is called optimal, but {least:?} is possible"));
            }
            self.worse += u64::from(found > least);
            let accounted = files.plan.len() + files.unplaced.len() + files.excluded.len();
            if accounted != case.requests.len() {
                wrong.push(format!("{accounted} of {} are accounted for", case.requests.len()));
            }
            // With everything placed there was nothing else to hurry.
            let stopped = matches!(end, End::Stop(0)) && files.summary.status == "feasible";
            let said = files.summary.run.interrupted;
            if (stopped && !said) || (said && files.unplaced.is_empty() && matches!(end, End::Pivots(_))) {
                wrong.push(format!("interrupted is {said}"));
            }
            self.wrong.extend(wrong.into_iter().map(|what| format!("{name}, {end:?}: {what}")));
        }
    }

    fn judge(self, what: &str) {
        println!(
            "{what}: {} plans, {} not proven, {} not the best, against {} vectors, {} cases unknown; {} contradictions",
            self.plans,
            self.feasible,
            self.worse,
            self.vectors,
            self.unknown,
            self.wrong.len()
        );
        let shown: Vec<String> = self.wrong.into_iter().take(20).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
    }
}

#[test]
fn small_cases_stopped_at_any_moment() {
    let halves = in_halves(&(0..3_000).chain(70_000..73_000), |seed, tally: &mut Tally| {
        let case = random_case(seed);
        tally.add(&format!("seed {seed}"), &case, &ENDS, all_vectors(&case));
    });
    for half in halves {
        half.judge("small cases");
    }
}

/// Sessions that are alike are one to the solver.
#[test]
fn cases_of_twins_stopped_at_any_moment() {
    let halves = in_halves(&(80_000..82_000), |seed, tally: &mut Tally| {
        let case = twins(random_case(seed));
        tally.add(&format!("seed {seed}"), &case, &ENDS, all_vectors(&case));
    });
    for half in halves {
        half.judge("twins");
    }
    let mut tally = Tally::default();
    for seed in 0..100 {
        tally.add(&format!("seed {seed}"), &twins(mid_case(seed)), &ENDS, Vec::new());
    }
    tally.judge("larger cases of twins");
}

#[test]
fn larger_cases_stopped_at_any_moment() {
    let mut tally = Tally::default();
    for seed in 0..200 {
        tally.add(&format!("seed {seed}"), &mid_case(seed), &ENDS, Vec::new());
    }
    tally.judge("larger cases");
}

fn practice(seed: u64, requests: usize, patients: u32) -> Case {
    let options = Options {
        requests: Some(requests),
        patients: Some(patients),
        ..Options::new(Profile::Practice, seed)
    };
    let files = generated(&options).expect("a case");
    read_case_files(&files, &ReadOptions::default()).expect("it can be used")
}

/// A book of many, far too short of places.
#[test]
fn crowded_practices_stopped_at_any_moment() {
    let mut tally = Tally::default();
    for seed in 0..12 {
        let case = practice(seed, 60, 1_500);
        let ends = [End::Pivots(0), End::Pivots(5), End::Pivots(50), End::Stop(0), End::Stop(4)];
        tally.add(&format!("practice {seed}"), &case, &ends, Vec::new());
    }
    tally.judge("practices");
}

/// Days of short slots, broken by what is booked already, and appointments of many lengths, more than there is room for.
fn days_in_pieces(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let mut builder = CaseBuilder::gp();
    for day in ["2024-07-22", "2024-07-23", "2024-07-24"] {
        builder = builder.session(day, "g1", "A", &format!("{day} 08:00"), &[5; 40]).slots(day, |slot| {
            if dice.percent(20) {
                slot.status = SlotStatus::Busy;
            }
        });
    }
    for number in 0..40 {
        let (tier, minutes) = (dice.pick(&["GP2", "GP3", "GP4", "GP5"]), dice.pick(&[10, 15, 20, 25, 30]));
        builder = builder.request(&format!("r{number}"), |request| request.tier(tier).minutes(minutes));
    }
    builder.build()
}

/// Whether one more fits in, and how all others would have to move for it, is the question here.
#[test]
fn days_in_pieces_stopped_at_any_moment() {
    let mut tally = Tally::default();
    for seed in 0..3 {
        tally.add(&format!("days {seed}"), &days_in_pieces(seed), &ENDS, Vec::new());
    }
    tally.judge("days in pieces");
}

#[test]
fn an_unproven_plan_is_the_same_at_any_number_of_threads() {
    let pools =
        [1, 2, 5].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().expect("threads"));
    let mut feasible = 0;
    let cases = (0..40).map(mid_case).chain((0..4).map(|seed| practice(seed, 60, 1_500)));
    for case in cases {
        for end in [End::Pivots(0), End::Pivots(20), End::Stop(0)] {
            let plans = pools.each_ref().map(|pool| pool.install(|| plan_until(&case, end)));
            feasible += u32::from(plans[0].summary.status == "feasible");
            assert!(plans.iter().all(|plan| *plan == plans[0]), "{end:?}");
        }
    }
    assert!(feasible > 20, "only {feasible} are not proven");
}
