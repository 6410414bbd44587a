//! What a run tells of itself while it lasts: how good the best plan so far is, and how much of it is proven.

use std::sync::{Mutex, PoisonError};

use super::problem::{Assignment, Problem};
use crate::candidates::Context;
use crate::objective::days_late;
use crate::prepare::{PlannedIdx, Prepared};

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done and how good the plan is so far, in words.
    pub what: &'a str,
    /// Groups of requests that have nothing to do with each other; 0 while that is not known.
    pub groups: usize,
    /// How many of them are proven.
    pub proven: usize,
}

impl<'a> Progress<'a> {
    /// Before or after the search.
    pub fn of(what: &'a str) -> Self {
        Self { what, groups: 0, proven: 0 }
    }
}

/// Where a request stands in the best plan so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Its part has not begun.
    Waiting,
    InTime,
    Late,
    NoPlace,
}

#[derive(Debug, Default)]
struct Seen {
    fates: Vec<Fate>,
    /// How many there are of each fate.
    counts: [usize; 4],
    areas: usize,
    proven: usize,
    mending: bool,
}

impl Seen {
    fn new(requests: usize) -> Self {
        Self { fates: vec![Fate::Waiting; requests], counts: [requests, 0, 0, 0], ..Self::default() }
    }

    fn progress<'w>(&self, what: &'w str) -> Progress<'w> {
        Progress { what, groups: self.areas, proven: self.proven }
    }

    fn set(&mut self, at: usize, fate: Fate) {
        self.counts[self.fates[at] as usize] -= 1;
        self.counts[fate as usize] += 1;
        self.fates[at] = fate;
    }
}

/// Watches a run; told of from several threads.
pub(super) struct Watch<'a> {
    tell: &'a (dyn Fn(&Progress<'_>) + Sync),
    seen: Mutex<Seen>,
}

impl<'a> Watch<'a> {
    pub fn new(requests: usize, areas: usize, tell: &'a (dyn Fn(&Progress<'_>) + Sync)) -> Self {
        Self { tell, seen: Mutex::new(Seen { areas, ..Seen::new(requests) }) }
    }

    /// An area is proven.
    pub fn proven(&self) {
        self.update(|seen| seen.proven += 1);
    }

    /// The plan of an area is handed out before its proof.
    pub fn mending(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut seen.mending, true) {
            let what = "stopped before all was proven; seeing that nobody waits for somebody less urgent";
            (self.tell)(&seen.progress(what));
        }
    }

    fn update(&self, change: impl FnOnce(&mut Seen)) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut seen);
        (self.tell)(&seen.progress(&words(&seen)));
    }
}

/// Watches one area of a run.
#[derive(Clone, Copy)]
pub(super) struct AreaWatch<'a> {
    pub watch: &'a Watch<'a>,
    pub context: &'a Context<'a>,
    /// The area's own.
    pub prepared: &'a Prepared,
    /// By request of the area: its position among all.
    pub requests: &'a [PlannedIdx],
}

impl AreaWatch<'_> {
    /// The best plan of a part so far.
    pub fn best(&self, part: &Problem, best: &Assignment) {
        self.watch.update(|seen| {
            for (job, choice) in part.jobs.iter().zip(best.options()) {
                let at = |member: PlannedIdx| self.requests[member.index()].index();
                let Some(option) = choice else {
                    job.members.iter().for_each(|&member| seen.set(at(member), Fate::NoPlace));
                    continue;
                };
                for place in &job.options[option].places {
                    let planned = &self.prepared.requests[place.member.index()];
                    let late = days_late(self.context, planned, place.appointment.day);
                    seen.set(at(place.member), if late > 0 { Fate::Late } else { Fate::InTime });
                }
            }
        });
    }
}

fn words(seen: &Seen) -> String {
    let [waiting, in_time, late, none] = seen.counts;
    let waiting = if waiting > 0 { format!(", {waiting} not looked at yet") } else { String::new() };
    let proven = match (seen.areas, seen.proven) {
        (0 | 1, 0) => "proving that none is better".to_owned(),
        (areas, proven) if areas == proven => "proven".to_owned(),
        (areas, proven) => format!("proven for {proven} of {areas} independent groups of requests"),
    };
    format!("best so far: {in_time} in time, {late} late, {none} without a place{waiting}; {proven}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_good_the_plan_is_and_how_much_is_proven() {
        let mut seen = Seen::new(5);
        (seen.areas, seen.proven) = (5, 2);
        for (at, fate) in [Fate::Late, Fate::InTime, Fate::Late, Fate::NoPlace].into_iter().enumerate() {
            seen.set(at, fate);
        }
        seen.set(0, Fate::InTime);
        assert_eq!(
            words(&seen),
            "best so far: 2 in time, 1 late, 1 without a place, 1 not looked at yet; proven for 2 of 5 independent \
             groups of requests"
        );
        let mut seen = Seen::new(1);
        seen.set(0, Fate::Late);
        assert_eq!(
            words(&seen),
            "best so far: 0 in time, 1 late, 0 without a place; proving that none is better"
        );
    }
}
