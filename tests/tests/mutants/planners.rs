//! Planners that lack one clause of the SPEC, on random cases: where their plan breaks the rule, the verifier names
//! it. What is broken, the oracle says; each clause that allows more when it is lacking must be found out.

use std::collections::{BTreeMap, BTreeSet};

use rebook::model::PlanFiles;
use rebook_tests::Case;
use rebook_tests::cases::random_case;
use rebook_tests::compare::keeps_the_rules;
use rebook_tests::oracle::{Candidate, Clause, Prepared, Switches, prepare};
use rebook_tests::planner::by_oracle_with;

/// Random cases looked at.
const CASES: u64 = 4_000;
/// In so many of them each of the rules must have been broken.
const AT_LEAST: usize = 5;
/// Decisions tried before a plan is given up.
const LIMIT: u64 = 5_000;

/// Clauses that allow something: who lacks them is too strict, and breaks no rule.
const ALLOWANCES: [Clause; 32] = [
    Clause::MayUse,
    Clause::PlaceNeeds,
    Clause::Skills,
    Clause::SiteFeatures,
    Clause::SessionFeatures,
    Clause::Practice,
    Clause::Hub,
    Clause::HubNetwork,
    Clause::BankHolidayAdditional,
    Clause::BusyTravelRemote,
    Clause::AdjacentContacts,
    Clause::ReserveUrgent,
    Clause::CallsStart,
    Clause::CallsPhone,
    Clause::CallsCarry,
    Clause::PatientRemote,
    Clause::LinkMet,
    Clause::VisitSharing,
    // Whoever lacks it still gives each place once.
    Clause::GroupPlaces,
    Clause::VisitUrgent,
    Clause::Shortest,
    Clause::WindowPassed,
    Clause::PassedTarget,
    Clause::GroupWaste,
    Clause::WaitPerDay,
    Clause::UnplacedDays,
    Clause::OwnCap,
    Clause::ReserveOpen,
    Clause::ReservePlaces,
    Clause::RouteSafe,
    Clause::RouteCall,
    Clause::RouteText,
];

/// The number of the rule in the words of the verifier: `3.0 free` is `3.run`.
fn rule_of(clause: Clause) -> &'static str {
    match clause.code().split(' ').next().expect("a number") {
        "3.0" => "3.run",
        number => number,
    }
}

/// The rules of sections 3 and 4 that a plan breaks: places that are no candidates, by the clause that was lacking,
/// and the first clause that the places break together.
fn broken(case: &Case, sound: &Prepared<'_>, lacking: Clause, files: &PlanFiles) -> BTreeSet<&'static str> {
    let mut places: BTreeMap<u64, &Candidate> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for row in &files.plan {
        let at = sound.wanted.iter().position(|wanted| wanted.request.request_id == row.request_id);
        let at = at.expect("it is planned");
        let slots = |place: &Candidate| -> Vec<String> {
            place.slots.iter().map(|&slot| case.slots[slot].slot_id.to_string()).collect()
        };
        match sound.candidates[at].iter().find(|place| slots(place) == row.slot_ids) {
            Some(place) => drop(places.insert(sound.wanted[at].request.line, place)),
            None if lacking.code().starts_with('3') => drop(found.insert(rule_of(lacking))),
            None => {}
        }
    }
    if let Err((clause, _)) = sound.judge(&places) {
        // What is left of a plan without the places that are none may break a link or a visit.
        if places.len() == files.plan.len() {
            found.insert(rule_of(clause));
        }
    }
    found
}

/// How often each clause was broken and named.
#[derive(Default)]
struct Found {
    named: BTreeMap<Clause, usize>,
    rejected: usize,
    wrong: Vec<String>,
}

impl Found {
    fn look_at(&mut self, seed: u64) {
        let case = random_case(seed);
        let sound = prepare(&case, Switches::ALL_ON);
        for &clause in Clause::ALL {
            let Some(files) = by_oracle_with(&case, Switches::without(clause), LIMIT) else { continue };
            // That a planner which is too strict finds no candidate is its reason, and nobody's rule.
            match keeps_the_rules(&case, &sound, &files) {
                Ok(_) => continue,
                Err(what) if what.contains("reason_code") => continue,
                Err(_) => {}
            }
            let named: Vec<String> =
                rebook::verify::verify(&case, &files).iter().map(|one| one.rule.to_string()).collect();
            self.rejected += 1;
            if named.is_empty() {
                self.wrong.push(format!("seed {seed} without {}: nothing is found", clause.code()));
            }
            let broken = broken(&case, &sound, clause, &files);
            for rule in &broken {
                if !named.iter().any(|one| one == rule) {
                    let what = format!("seed {seed} without {}: {rule} is not in {named:?}", clause.code());
                    self.wrong.push(what);
                }
            }
            *self.named.entry(clause).or_default() += usize::from(!broken.is_empty());
        }
    }
}

#[test]
fn planners_that_lack_a_rule_are_found_out() {
    let half = |from: u64| {
        let mut found = Found::default();
        for seed in (from..CASES).step_by(2) {
            found.look_at(seed);
        }
        found
    };
    let other = std::thread::spawn(move || half(1));
    let mut found = half(0);
    let other = other.join().expect("the other half");
    for (clause, number) in other.named {
        *found.named.entry(clause).or_default() += number;
    }
    found.wrong.extend(other.wrong);
    println!("{} plans of planners that lack a clause are rejected", found.rejected + other.rejected);
    for (clause, number) in &found.named {
        println!("{:<40} {number:>6}", clause.code());
    }
    let few: Vec<&str> = found.wrong.iter().take(20).map(String::as_str).collect();
    assert!(few.is_empty(), "{} times:\n{}", found.wrong.len(), few.join("\n"));
    let hardly: Vec<&str> = Clause::ALL
        .iter()
        .filter(|clause| clause.code().starts_with(['3', '4']) && !ALLOWANCES.contains(clause))
        .filter(|clause| found.named.get(clause).is_none_or(|number| *number < AT_LEAST))
        .map(|clause| clause.code())
        .collect();
    assert!(hardly.is_empty(), "hardly broken: {hardly:?}");
}
