//! Whether a plan is fair: places, lateness and waits by group of patients, beside first come, first served.
//!
//! It tells how a plan falls on people, and decides nothing. Groups of fewer than [`FEWEST`] patients are not told of, nor is
//! anything from which their numbers could be worked out.

mod dimension;
mod disclosure;
mod outcome;
mod table;

use std::collections::BTreeMap;

use super::waits::waited;
use super::{Desk, first_come};
use crate::lookup::Lookup;
use crate::model::Request;
use crate::objective::days_late;
use crate::prepare::Planned;

pub use disclosure::FEWEST;
pub use outcome::Outcome;

use dimension::{DIMENSIONS, Label};
use outcome::Fate;

/// The equity report of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equity {
    /// Everybody who is planned; none where they are fewer than [`FEWEST`] patients.
    pub all: Option<Numbers>,
    /// The same people by what they are told apart by.
    pub dimensions: Vec<Dimension>,
}

/// What people are told apart by, such as `tier` or `IMD fifth`: everybody is in one of its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// What it is.
    pub name: &'static str,
    /// The groups that are told of, in order; those of whom nothing is known are last.
    pub groups: Vec<Group>,
    /// Whether there are more groups, too small to be told of.
    pub suppressed: bool,
}

/// A group of patients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// What becomes of it.
    pub numbers: Numbers,
}

/// What becomes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Requests that were planned, with or without a place.
    pub requests: usize,
    /// The patients whose they are.
    pub patients: usize,
    /// By the plan.
    pub plan: Outcome,
    /// By first come, first served.
    pub first_come: Outcome,
}

impl Numbers {
    /// Percentage points by which more of the group have a place by the plan.
    pub fn placed_share_difference(&self) -> i64 {
        self.plan.placed_share - self.first_come.placed_share
    }

    /// Percentage points by which more of the group are late by the plan.
    pub fn late_share_difference(&self) -> i64 {
        self.plan.late_share - self.first_come.late_share
    }

    /// Days by which the median wait is longer by the plan; none where either has none.
    pub fn median_difference(&self) -> Option<i64> {
        Some(self.plan.median? - self.first_come.median?)
    }
}

/// A planned request, and what becomes of it.
struct Person {
    patient: u32,
    plan: Fate,
    first_come: Fate,
}

impl Equity {
    /// The report of a plan.
    pub fn new(desk: &Desk<'_>) -> Self {
        let people = people(desk);
        let patients: Vec<u32> = people.iter().map(|person| person.patient).collect();
        let sorted: Vec<Sorted> = DIMENSIONS
            .iter()
            .map(|(name, sort)| Sorted::new(desk, name, |planned, request| sort(desk.case, planned, request)))
            .filter(|sorted| !sorted.is_optional() || sorted.is_known())
            .collect();
        let labels: Vec<Vec<usize>> = sorted.iter().map(|sorted| sorted.of.clone()).collect();
        let sizes: Vec<usize> = sorted.iter().map(|sorted| sorted.labels.len()).collect();
        let told = disclosure::told(&labels, &sizes, &patients);
        let everybody: Vec<&Person> = people.iter().collect();
        let all = Numbers::of(&everybody);
        let dimensions = sorted.iter().zip(&told).map(|(sorted, told)| sorted.told(&people, told)).collect();
        Self { all: (all.patients >= FEWEST).then_some(all), dimensions }
    }
}

/// By planned request.
fn people(desk: &Desk<'_>) -> Vec<Person> {
    let requests = &desk.prepared.requests;
    let no_place = Fate { wait: None, late: false };
    let mut by_plan = vec![no_place; requests.len()];
    for entry in &desk.entries {
        let wait = Some(waited(entry.request, entry.row.start.date()));
        by_plan[entry.index.index()] = Fate { wait, late: entry.row.days_late > 0 };
    }
    let mut numbers: Lookup<&str, u32> = Lookup::with_capacity(requests.len());
    let served = first_come(&desk.context, desk.prepared);
    let people = requests.iter().zip(by_plan).zip(served).map(|((planned, plan), place)| {
        let next = numbers.len() as u32;
        let request = desk.context.request(planned);
        let patient = *numbers.get_or_insert_with(request.patient_id.as_str(), || next);
        let first_come = place.map_or(no_place, |place| Fate {
            wait: Some(waited(request, desk.case.policy.date_of(place.offer.day))),
            late: days_late(&desk.context, planned, i64::from(place.offer.day)) > 0,
        });
        Person { patient, plan, first_come }
    });
    people.collect()
}

/// Everybody sorted into the groups of a dimension.
struct Sorted {
    name: &'static str,
    labels: Vec<Label>,
    /// By planned request.
    of: Vec<usize>,
}

impl Sorted {
    fn new(desk: &Desk<'_>, name: &'static str, sort: impl Fn(&Planned, &Request) -> Label) -> Self {
        let label = |planned: &Planned| sort(planned, desk.context.request(planned));
        let each: Vec<Label> = desk.prepared.requests.iter().map(label).collect();
        let mut numbers: BTreeMap<&Label, usize> = each.iter().map(|label| (label, 0)).collect();
        for (number, at) in numbers.values_mut().enumerate() {
            *at = number;
        }
        let of = each.iter().map(|label| numbers[label]).collect();
        Self { name, labels: numbers.into_keys().cloned().collect(), of }
    }

    /// Ages are given by some exports alone.
    fn is_optional(&self) -> bool {
        self.name == "age band"
    }

    /// Whether anything is known of anybody.
    fn is_known(&self) -> bool {
        self.labels.iter().any(|label| matches!(label, Label::Known(..)))
    }

    /// What is told of it.
    fn told(&self, people: &[Person], told: &[bool]) -> Dimension {
        let mut members: Vec<Vec<&Person>> = vec![Vec::new(); self.labels.len()];
        for (person, &group) in people.iter().zip(&self.of) {
            members[group].push(person);
        }
        let group = |(label, members): (&Label, &Vec<&Person>)| Group {
            name: label.name().to_owned(),
            numbers: Numbers::of(members),
        };
        let groups = self.labels.iter().zip(&members).zip(told).filter(|(_, told)| **told);
        Dimension {
            name: self.name,
            groups: groups.map(|(of, _)| group(of)).collect(),
            suppressed: told.contains(&false),
        }
    }
}

impl Numbers {
    fn of(people: &[&Person]) -> Self {
        let mut patients: Vec<u32> = people.iter().map(|person| person.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        Self {
            requests: people.len(),
            patients: patients.len(),
            plan: Outcome::of(people.iter().map(|person| person.plan)),
            first_come: Outcome::of(people.iter().map(|person| person.first_come)),
        }
    }
}
