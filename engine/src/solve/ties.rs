//! SPEC rules 4.5 and 4.6 between jobs: two appointments of one patient, and links.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::problem::{Appointment, JobOption, Problem, Row, RowKind, Tie};
use crate::prepare::PlannedIdx;

/// The ties of a problem with the jobs at their ends.
#[derive(Debug)]
pub(super) struct Ties {
    all: Vec<(Tie, usize, usize)>,
    by_job: BTreeMap<usize, Vec<usize>>,
    /// The jobs of each patient with more than two, with the request that it is about.
    patients: Vec<Vec<(usize, PlannedIdx)>>,
}

/// A limit over options of two jobs: job, option, coefficient.
pub(super) struct TieRow {
    /// The limit.
    pub row: Row,
    /// The coefficients: job, position, how much.
    pub terms: Vec<(usize, usize, i64)>,
}

/// The appointment of one member under an option.
fn appointment(option: &JobOption, member: PlannedIdx) -> Option<&Appointment> {
    option.places.iter().find(|place| place.member == member).map(|place| &place.appointment)
}

/// Earliest moment for the start of what comes after: the date counts, and on one date the end.
fn late_enough(before: &Appointment, after: &Appointment, min_days: u32) -> bool {
    let days = after.day - before.day;
    days >= i64::from(min_days) && (days > 0 || before.end <= after.start)
}

fn soon_enough(before: &Appointment, after: &Appointment, max_days: u32) -> bool {
    after.day - before.day <= i64::from(max_days)
}

impl Ties {
    /// The ties between different jobs.
    pub(super) fn new(problem: &Problem) -> Self {
        let mut job_of: BTreeMap<PlannedIdx, usize> = BTreeMap::new();
        for (index, job) in problem.jobs.iter().enumerate() {
            job_of.extend(job.members.iter().map(|&member| (member, index)));
        }
        let mut ties = Vec::new();
        let mut by_job: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for tie in &problem.ties {
            let (first, second) = tie.ends();
            let (first, second) = (job_of[&first], job_of[&second]);
            if first != second {
                by_job.entry(first).or_default().push(ties.len());
                by_job.entry(second).or_default().push(ties.len());
                ties.push((*tie, first, second));
            }
        }
        let patients = patients(&ties);
        Self { all: ties, by_job, patients }
    }

    /// Jobs that this one comes after.
    pub(super) fn before(&self, job: usize) -> impl Iterator<Item = usize> + '_ {
        self.of(job).filter_map(move |(tie, first, second)| {
            (matches!(tie, Tie::Link { .. }) && *second == job).then_some(*first)
        })
    }

    /// Jobs that come after this one.
    pub(super) fn after(&self, job: usize) -> impl Iterator<Item = usize> + '_ {
        self.of(job).filter_map(move |(tie, first, second)| {
            (matches!(tie, Tie::Link { .. }) && *first == job).then_some(*second)
        })
    }

    fn of(&self, job: usize) -> impl Iterator<Item = &(Tie, usize, usize)> {
        self.by_job.get(&job).into_iter().flatten().map(|&at| &self.all[at])
    }

    /// Whether a job may take an option beside what the other jobs have chosen.
    pub(super) fn allow(
        &self,
        problem: &Problem,
        job: usize,
        option: usize,
        chosen: impl Fn(usize) -> Option<usize>,
    ) -> bool {
        self.of(job).all(|(tie, first, second)| {
            let pick = |end: usize| if end == job { Some(option) } else { chosen(end) };
            let option_of = |end: usize| pick(end).map(|at| &problem.jobs[end].options[at]);
            holds(problem, tie, option_of(*first), option_of(*second))
        })
    }

    /// Jobs whose present choice does not go with this option.
    pub(super) fn refusing(
        &self,
        problem: &Problem,
        job: usize,
        option: usize,
        chosen: impl Fn(usize) -> Option<usize>,
    ) -> Vec<usize> {
        let broken = self.of(job).filter(|(tie, first, second)| {
            let pick = |end: usize| if end == job { Some(option) } else { chosen(end) };
            let option_of = |end: usize| pick(end).map(|at| &problem.jobs[end].options[at]);
            !holds(problem, tie, option_of(*first), option_of(*second))
        });
        broken.map(|&(_, first, second)| if first == job { second } else { first }).collect()
    }

    /// Limits that these values of the options break; `value` is asked for the options of one job.
    pub(super) fn broken(&self, problem: &Problem, support: &[Vec<(usize, f64)>]) -> Vec<TieRow> {
        let moments = |patient: &Vec<(usize, PlannedIdx)>| moment_row(problem, patient, support);
        let mut found: Vec<TieRow> = self.patients.iter().filter_map(moments).collect();
        for (tie, first, second) in &self.all {
            match *tie {
                Tie::Patient { first: one, second: other } => {
                    patient_rows(problem, (*first, one), (*second, other), support, &mut found);
                }
                Tie::Link { first: before, second: after, min_days, max_days } => {
                    let near = |b: &Appointment, a: &Appointment| soon_enough(b, a, max_days);
                    let far = |b: &Appointment, a: &Appointment| late_enough(b, a, min_days);
                    link_rows(problem, (*first, before), (*second, after), support, &far, &mut found);
                    link_rows(problem, (*first, before), (*second, after), support, &near, &mut found);
                }
            }
        }
        found
    }
}

/// The jobs of each patient who has more than two, by request.
fn patients(ties: &[(Tie, usize, usize)]) -> Vec<Vec<(usize, PlannedIdx)>> {
    let of_patients = || ties.iter().filter(|(tie, ..)| matches!(tie, Tie::Patient { .. }));
    let mut job_of: BTreeMap<PlannedIdx, usize> = BTreeMap::new();
    for (tie, first, second) in of_patients() {
        let (one, other) = tie.ends();
        job_of.extend([(one, *first), (other, *second)]);
    }
    let requests: Vec<PlannedIdx> = job_of.keys().copied().collect();
    let number = |request: PlannedIdx| requests.partition_point(|other| *other < request);
    let mut groups = Groups::new(requests.len());
    for (tie, ..) in of_patients() {
        let (one, other) = tie.ends();
        groups.join(number(one), number(other));
    }
    let mut all: BTreeMap<usize, Vec<(usize, PlannedIdx)>> = BTreeMap::new();
    for (at, (request, job)) in job_of.into_iter().enumerate() {
        all.entry(groups.root(at)).or_default().push((job, request));
    }
    all.into_values().filter(|jobs| jobs.len() > 2).collect()
}

fn holds(problem: &Problem, tie: &Tie, first: Option<&JobOption>, second: Option<&JobOption>) -> bool {
    let (one, other) = tie.ends();
    let Some(second) = second.and_then(|option| appointment(option, other)) else { return true };
    let first = first.and_then(|option| appointment(option, one));
    match *tie {
        Tie::Patient { .. } => first.is_none_or(|first| !clash(problem, first, second)),
        Tie::Link { min_days, max_days, .. } => first.is_some_and(|first| {
            late_enough(first, second, min_days) && soon_enough(first, second, max_days)
        }),
    }
}

/// Whether two appointments of one patient overlap, or leave no time to travel between sites.
fn clash(problem: &Problem, a: &Appointment, b: &Appointment) -> bool {
    let apart = a.in_person && b.in_person && a.site != b.site;
    let gap = if apart { problem.travel } else { 0 };
    a.start < b.end + gap && b.start < a.end + gap
}

fn all(problem: &Problem, (job, member): (usize, PlannedIdx)) -> impl Iterator<Item = (usize, &Appointment)> {
    let options = problem.jobs[job].options.iter().enumerate();
    options.filter_map(move |(at, option)| appointment(option, member).map(|appointment| (at, appointment)))
}

/// The options of a job in use that place this member: position, value, appointment.
fn in_use<'p>(
    problem: &'p Problem,
    support: &[Vec<(usize, f64)>],
    (job, member): (usize, PlannedIdx),
) -> Vec<(f64, &'p Appointment)> {
    let place = |&(option, value): &(usize, f64)| {
        Some((value, appointment(problem.jobs[job].options.get(option)?, member)?))
    };
    support[job].iter().filter_map(place).collect()
}

/// For an option of the first in use: whatever of the second clashes with it, and whatever of the first clashes
/// with all of that, sum to at most 1.
fn patient_rows(
    problem: &Problem,
    one: (usize, PlannedIdx),
    other: (usize, PlannedIdx),
    support: &[Vec<(usize, f64)>],
    found: &mut Vec<TieRow>,
) {
    let (ours, theirs) = (in_use(problem, support, one), in_use(problem, support, other));
    for (_, own) in &ours {
        let weight = |of: &[(f64, &Appointment)], counts: &dyn Fn(&Appointment) -> bool| -> f64 {
            of.iter().filter(|(_, at)| counts(at)).map(|(value, _)| value).sum()
        };
        // What is in use decides whether the row is broken; only then are all its terms looked up.
        let clashing = weight(&theirs, &|at| clash(problem, own, at));
        if clashing + weight(&ours, &|_| true) <= 1.0 + 1e-6 {
            continue;
        }
        let against: Vec<(usize, &Appointment)> =
            all(problem, other).filter(|(_, theirs)| clash(problem, own, theirs)).collect();
        let alike = |at: &Appointment| against.iter().all(|(_, theirs)| clash(problem, at, theirs));
        if clashing + weight(&ours, &alike) <= 1.0 + 1e-6 {
            continue;
        }
        let same = all(problem, one).filter(|(_, at)| alike(at)).map(|(at, _)| (one.0, at, 1));
        let terms: Vec<_> = same.chain(against.iter().map(|&(at, _)| (other.0, at, 1))).collect();
        found.push(TieRow { row: Row::new(1, RowKind::Patient), terms });
        return;
    }
}

/// Of all that a patient has, at most one is at any moment. The row of the moment at which these values break that most.
fn moment_row(
    problem: &Problem,
    patient: &[(usize, PlannedIdx)],
    support: &[Vec<(usize, f64)>],
) -> Option<TieRow> {
    let used: Vec<(f64, &Appointment)> =
        patient.iter().flat_map(|&one| in_use(problem, support, one)).collect();
    let is_at = |moment: i64, at: &Appointment| at.start <= moment && moment < at.end;
    let weight = |moment: i64| -> f64 {
        used.iter().filter(|(_, at)| is_at(moment, at)).map(|(value, _)| value).sum()
    };
    let moments: BTreeSet<i64> = used.iter().map(|(_, at)| at.start).collect();
    let weighed = moments.into_iter().map(|moment| (moment, weight(moment)));
    let (moment, most): (i64, f64) = weighed.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    if most <= 1.0 + 1e-6 {
        return None;
    }
    let terms = patient.iter().flat_map(|&one| {
        let then = all(problem, one).filter(move |(_, at)| is_at(moment, at));
        then.map(move |(at, _)| (one.0, at, 1))
    });
    // One visit may hold several of a patient's requests, none of them at the same moment.
    Some(TieRow { row: Row::new(1, RowKind::Patient), terms: terms.collect() })
}

/// For an option of the later one in use: it, and all that allow no more than it does, need the earlier one at a
/// place that they allow. `allows` holds for a set that only shrinks or only grows with the later one's start.
fn link_rows(
    problem: &Problem,
    before: (usize, PlannedIdx),
    after: (usize, PlannedIdx),
    support: &[Vec<(usize, f64)>],
    allows: &dyn Fn(&Appointment, &Appointment) -> bool,
    found: &mut Vec<TieRow>,
) {
    let (earlier, later) = (in_use(problem, support, before), in_use(problem, support, after));
    let total: f64 = later.iter().map(|(value, _)| value).sum();
    let mut worst: Option<(f64, &Appointment)> = None;
    for (_, own) in &later {
        // What is in use decides how far the row is broken.
        let allowed: f64 = earlier.iter().filter(|(_, at)| allows(at, own)).map(|(value, _)| value).sum();
        if total - allowed <= 1e-6 {
            continue;
        }
        let bad: Vec<&Appointment> =
            all(problem, before).map(|(_, at)| at).filter(|at| !allows(at, own)).collect();
        let narrower = |at: &Appointment| bad.iter().all(|earlier| !allows(earlier, at));
        let needing: f64 = later.iter().filter(|(_, at)| narrower(at)).map(|(value, _)| value).sum();
        let excess = needing - allowed;
        if excess > 1e-6 && worst.is_none_or(|(most, _)| excess > most) {
            worst = Some((excess, own));
        }
    }
    let Some((_, own)) = worst else { return };
    let (good, bad): (Vec<_>, Vec<_>) = all(problem, before).partition(|(_, earlier)| allows(earlier, own));
    let narrower = all(problem, after)
        .filter(|(_, later)| bad.iter().all(|(_, earlier)| !allows(earlier, later)))
        .map(|(at, _)| (after.0, at, 1));
    let terms = narrower.chain(good.iter().map(|&(at, _)| (before.0, at, -1))).collect();
    found.push(TieRow { row: Row::new(0, RowKind::Link), terms });
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use super::*;
    use crate::candidates::Run;
    use crate::solve::problem::{Job, Place, Span};
    use crate::units::{SiteIdx, SlotIdx};

    /// Three requests of one patient, each at nine for half an hour, or at ten.
    fn three_requests() -> Problem {
        let option = |member: u32, start: i64| {
            let run = Run { first: SlotIdx(0), count: 1 };
            let appointment =
                Appointment { start, end: start + 1_800, day: 0, site: SiteIdx(0), in_person: true };
            let spans = [Span { from: 0, to: 1, group: None, run }].into();
            let place = Place { member: PlannedIdx(member), offer: 0, pool: 0, spans, appointment };
            JobOption { cost: smallvec![0], uses: smallvec![], places: smallvec![place], basic: false }
        };
        let job = |member: u32| Job {
            members: vec![PlannedIdx(member)],
            options: vec![option(member, 9 * 3_600), option(member, 10 * 3_600)],
            ..Job::default()
        };
        let tie = |first, second| Tie::Patient { first: PlannedIdx(first), second: PlannedIdx(second) };
        let ties = vec![tie(0, 1), tie(0, 2), tie(1, 2)];
        Problem { entries: 1, jobs: (0..3).map(job).collect(), ties, ..Problem::default() }
    }

    #[test]
    fn three_halves_of_a_patient_at_one_moment_are_too_many() {
        let problem = three_requests();
        let ties = Ties::new(&problem);
        // No two of them sum to more than 1.
        let half_at_nine = vec![vec![(0, 0.5), (2, 0.5)]; 3];
        let rows = ties.broken(&problem, &half_at_nine);
        let terms: Vec<_> = rows.iter().map(|row| (row.row.rhs, row.terms.as_slice())).collect();
        assert_eq!(terms, [(1, [(0, 0, 1), (1, 0, 1), (2, 0, 1)].as_slice())]);
        let at_other_times = vec![vec![(0, 1.0)], vec![(1, 0.5), (2, 0.5)], vec![(1, 0.5), (2, 0.5)]];
        assert!(ties.broken(&problem, &at_other_times).is_empty());
    }
}
