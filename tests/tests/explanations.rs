//! What `explain` says of the dates is true, by the oracle's rules: a better start that it calls held is not allowed
//! beside the plan, whoever is named is in the plan with the standing claimed, and once all who are named are taken
//! out, and the limits that are named are lifted, one of these starts is allowed.
#![allow(clippy::print_stdout, reason = "how many of each kind")]

use std::collections::{BTreeMap, BTreeSet};

use rebook::candidates::Context;
use rebook::explain::{DateAnswer, Explainer, HoldAnswer};
use rebook::model::Case;
use rebook::prepare::prepare as planned;
use rebook::solve::{Effort, solve};
use rebook_tests::cases::random_case;
use rebook_tests::oracle::{Candidate, Clause, Prepared, Switches, prepare};

/// Where everybody is, by line.
type Places = BTreeMap<u64, Candidate>;

/// How many claims of each kind were checked.
type Tally = BTreeMap<&'static str, usize>;

struct Checked<'c> {
    case: &'c Case,
    oracle: Prepared<'c>,
    places: Places,
}

impl Checked<'_> {
    fn position(&self, id: &str) -> usize {
        self.oracle.wanted.iter().position(|one| one.request.request_id == id).expect("a planned request")
    }

    fn line(&self, id: &str) -> u64 {
        self.oracle.wanted[self.position(id)].request.line
    }

    /// The candidates on a date that cost less than where the request is.
    fn better_on(&self, id: &str, date: &DateAnswer) -> Vec<&Candidate> {
        let position = self.position(id);
        let present = self.oracle.adds(position, self.places.get(&self.line(id)));
        let on_date = self.oracle.candidates[position].iter().filter(|one| one.date() == date.date);
        on_date.filter(|one| self.oracle.adds(position, Some(one)) < present).collect()
    }

    /// Whether the plan without these, and without all who cannot stay then, allows a request this place.
    fn allows(&self, id: &str, place: &Candidate, without: &[String], lifted: &[Clause]) -> bool {
        let mut switches = Switches::ALL_ON;
        for &clause in lifted {
            switches = switches.and_without(clause);
        }
        let mut out: BTreeSet<u64> = without.iter().map(|id| self.line(id)).collect();
        loop {
            let before = out.len();
            for one in &self.oracle.wanted {
                let request = one.request;
                let visit = request.together_id.as_ref();
                let goes = self.oracle.wanted.iter().any(|other| {
                    let gone = out.contains(&other.request.line);
                    let before = request.after_request_id.as_ref() == Some(&other.request.request_id);
                    let with =
                        visit.is_some() && visit == other.request.together_id.as_ref() && !other.tier.urgent;
                    gone && (before || (with && !one.tier.urgent))
                });
                if goes && request.request_id != id {
                    out.insert(request.line);
                }
            }
            if out.len() == before {
                break;
            }
        }
        // Who comes after one that would have to go with these has no place either then: nothing can be said.
        let own = &self.oracle.wanted[self.position(id)];
        let after = self
            .oracle
            .wanted
            .iter()
            .find(|one| own.request.after_request_id.as_ref() == Some(&one.request.request_id));
        if after.is_some_and(|one| out.contains(&one.request.line)) {
            return true;
        }
        let mut places: BTreeMap<u64, &Candidate> =
            self.places.iter().map(|(line, place)| (*line, place)).collect();
        places.retain(|line, _| !out.contains(line));
        places.insert(self.line(id), place);
        if lifted.is_empty() {
            self.oracle.judge(&places).is_ok()
        } else {
            prepare(self.case, switches).judge(&places).is_ok()
        }
    }

    fn hold(&self, id: &str, date: &DateAnswer, hold: &HoldAnswer, wrong: &mut Vec<String>) {
        let mut say = |what: &str| wrong.push(format!("{id} on {}: {what}: {hold:?}", date.date));
        // Whoever is named is in the plan, with the standing claimed.
        for other in &hold.names {
            let Some(named) = self.oracle.wanted.iter().find(|one| one.request.request_id == *other) else {
                continue;
            };
            let own = &self.oracle.wanted[self.position(id)];
            let placed = self.places.contains_key(&named.request.line);
            let standing = match hold.kind {
                "more-urgent" => named.rank < own.rank,
                "same-rank" => named.rank == own.rank,
                "less-urgent" | "last-date" => named.rank > own.rank,
                "own-appointment" => named.request.patient_id == own.request.patient_id,
                _ => true,
            };
            if !standing || (!placed && hold.kind != "linked") {
                say(&format!("{other} is not what is claimed"));
            }
        }
        let mut lifted: Vec<Clause> = hold
            .limits
            .iter()
            .flat_map(|limit| match limit.kind {
                "cap-day" => vec![Clause::DayCap],
                "cap-session" => vec![Clause::SessionCap],
                "reserve" => vec![Clause::Reserve],
                _ => vec![Clause::Calls],
            })
            .collect();
        // It cannot do without whom it comes after; the days between can be others.
        let own = &self.oracle.wanted[self.position(id)];
        let after = own.request.after_request_id.as_ref();
        let (before, others): (Vec<String>, Vec<String>) =
            hold.by.iter().cloned().partition(|other| after == Some(other));
        if before.iter().any(|other| !self.places.contains_key(&self.line(other))) {
            return;
        }
        if !before.is_empty() {
            lifted.extend([Clause::LinkMin, Clause::LinkMax, Clause::LinkSameDate]);
            // It may be in the way in other respects as well.
            lifted.extend([Clause::PatientOverlap, Clause::PatientApart]);
            lifted.extend([Clause::SlotOnce, Clause::PractitionerOverlap, Clause::GroupCapacity]);
        }
        let better = self.better_on(id, date);
        if !better.iter().any(|place| self.allows(id, place, &others, &lifted)) {
            say("with what is named out of the way, no start is allowed all the same");
        }
    }
}

fn check(seed: u64, tally: &mut Tally) -> Vec<String> {
    let case = random_case(seed);
    let prepared = planned(&case);
    let context = Context::new(&case);
    let solution = solve(&context, &prepared, Effort { pivots: 200_000, stop: &|| false });
    let explainer = Explainer::new(&context, &prepared, &solution);
    let oracle = prepare(&case, Switches::ALL_ON);
    let mut places = Places::new();
    for (planned, placed) in prepared.requests.iter().zip(&solution.placed) {
        let Some(placed) = placed else { continue };
        let line = case.requests[planned.request.index()].line;
        let position =
            oracle.wanted.iter().position(|one| one.request.line == line).expect("planned by both");
        let first = placed.run.first.index();
        let place =
            oracle.candidates[position].iter().find(|one| one.slots[0] == first).expect("a candidate");
        places.insert(line, place.clone());
    }
    let checked = Checked { case: &case, oracle, places };
    let mut wrong = Vec::new();
    for (index, planned) in prepared.iter() {
        let id = &case.requests[planned.request.index()].request_id;
        // A visit moves as a whole: its ways are not the candidates of one member.
        if planned.visit.is_some() || planned.barred.is_some() {
            continue;
        }
        let dates = explainer.dates(index);
        let told: BTreeMap<_, _> = dates.iter().map(|date| (date.date, date)).collect();
        for date in &dates {
            let better = checked.better_on(id, date);
            if better.len() < date.better {
                wrong.push(format!(
                    "{id} on {}: {} better starts, told {}",
                    date.date,
                    better.len(),
                    date.better
                ));
            }
            let free = better.iter().filter(|place| checked.allows(id, place, &[], &[])).count();
            let said: usize =
                date.holds.iter().filter(|hold| hold.kind == "free").map(|hold| hold.count).sum();
            if free != said {
                wrong.push(format!("{id} on {}: {free} starts are free, told {said}", date.date));
            }
            for hold in &date.holds {
                *tally.entry(hold.kind).or_default() += 1;
                if date.better > 0 && !matches!(hold.kind, "free" | "suits-less") {
                    checked.hold(id, date, hold, &mut wrong);
                }
            }
        }
        // Nothing better is passed over. Starts from its own date on that a link to somebody booked forbids are no better:
        // the oracle, which has that link among its rules between placements, lists them all the same.
        let request = checked.oracle.wanted[checked.position(id)].request;
        let linked_to_the_book = request.after_request_id.is_some() && case.previous.is_some();
        let position = checked.position(id);
        let present = checked.oracle.adds(position, checked.places.get(&checked.line(id)));
        for place in &checked.oracle.candidates[position] {
            let better = checked.oracle.adds(position, Some(place)) < present;
            let own = checked.places.get(&checked.line(id)).map(Candidate::date);
            if linked_to_the_book && own.is_some_and(|own| own <= place.date()) {
                continue;
            }
            if better && !told.contains_key(&place.date()) {
                wrong.push(format!("{id}: nothing is told of {}", place.date()));
            }
        }
    }
    wrong.iter().map(|wrong| format!("random case {seed}: {wrong}")).collect()
}

#[test]
fn what_is_said_of_the_dates_is_true() {
    let mut tally = Tally::new();
    let wrong: Vec<String> = (0..5_000).flat_map(|seed| check(seed, &mut tally)).collect();
    println!("{tally:#?}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    let kinds = [
        "more-urgent",
        "same-rank",
        "less-urgent",
        "linked",
        "own-appointment",
        "cap",
        "reserve",
        "calls",
        "rules",
    ];
    for kind in kinds {
        assert!(tally.get(kind).is_some_and(|&count| count >= 10), "{kind} hardly occurs: {tally:#?}");
    }
}
