//! What a run tells of itself while it lasts: how good the best plan so far is, and how much of it is proven.

use std::sync::{Mutex, PoisonError};

use super::problem::{Assignment, Problem};
use crate::candidates::{Context, Offer};
use crate::objective::days_late;
use crate::prepare::Prepared;

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
    parts: usize,
    proven: usize,
    given_up: usize,
}

impl Seen {
    fn new(requests: usize) -> Self {
        Self { fates: vec![Fate::Waiting; requests], counts: [requests, 0, 0, 0], ..Self::default() }
    }

    fn set(&mut self, at: usize, fate: Fate) {
        self.counts[self.fates[at] as usize] -= 1;
        self.counts[fate as usize] += 1;
        self.fates[at] = fate;
    }
}

/// Watches a run; told of from several threads.
pub(super) struct Watch<'a> {
    context: &'a Context<'a>,
    prepared: &'a Prepared,
    offers: &'a [Vec<Offer>],
    tell: &'a (dyn Fn(&str) + Sync),
    seen: Mutex<Seen>,
}

impl<'a> Watch<'a> {
    pub fn new(
        context: &'a Context<'a>,
        prepared: &'a Prepared,
        offers: &'a [Vec<Offer>],
        tell: &'a (dyn Fn(&str) + Sync),
    ) -> Self {
        let seen = Mutex::new(Seen::new(prepared.requests.len()));
        Self { context, prepared, offers, tell, seen }
    }

    /// The case falls into so many independent parts.
    pub fn parts(&self, parts: usize) {
        self.update(|seen| seen.parts = parts);
    }

    /// The best plan of a part so far.
    pub fn best(&self, part: &Problem, best: &Assignment) {
        self.update(|seen| {
            for (job, choice) in part.jobs.iter().zip(best.options()) {
                let Some(option) = choice else {
                    job.members.iter().for_each(|member| seen.set(member.index(), Fate::NoPlace));
                    continue;
                };
                for place in &job.options[option].places {
                    let at = place.member.index();
                    let day = self.offers[at][place.offer as usize].day;
                    let late = days_late(self.context, &self.prepared.requests[at], i64::from(day));
                    seen.set(at, if late > 0 { Fate::Late } else { Fate::InTime });
                }
            }
        });
    }

    /// A part has ended.
    pub fn ended(&self, proven: bool) {
        self.update(|seen| {
            seen.proven += usize::from(proven);
            seen.given_up += usize::from(!proven);
        });
    }

    fn update(&self, change: impl FnOnce(&mut Seen)) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut seen);
        (self.tell)(&words(&seen));
    }
}

fn words(seen: &Seen) -> String {
    let [waiting, in_time, late, none] = seen.counts;
    let waiting = if waiting > 0 { format!(", {waiting} not looked at yet") } else { String::new() };
    let proven = match (seen.parts, seen.proven) {
        (0 | 1, 0) => "proving that none is better".to_owned(),
        (parts, proven) if parts == proven => "proven".to_owned(),
        (parts, proven) => format!("proven for {proven} of {parts} independent groups of requests"),
    };
    let given_up = match seen.given_up {
        given_up if given_up > 0 && seen.parts > 1 => format!(", {given_up} left unproven"),
        _ => String::new(),
    };
    format!(
        "best so far: {in_time} in time, {late} late, {none} without a place{waiting}; {proven}{given_up}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_good_the_plan_is_and_how_much_is_proven() {
        let mut seen = Seen::new(5);
        (seen.parts, seen.proven, seen.given_up) = (5, 2, 1);
        for (at, fate) in [Fate::Late, Fate::InTime, Fate::Late, Fate::NoPlace].into_iter().enumerate() {
            seen.set(at, fate);
        }
        seen.set(0, Fate::InTime);
        assert_eq!(
            words(&seen),
            "best so far: 2 in time, 1 late, 1 without a place, 1 not looked at yet; proven for 2 of 5 independent \
             groups of requests, 1 left unproven"
        );
        let mut seen = Seen::new(1);
        seen.set(0, Fate::Late);
        assert_eq!(
            words(&seen),
            "best so far: 0 in time, 1 late, 0 without a place; proving that none is better"
        );
    }
}
