//! What becomes of each tier: counts, lateness and waits.

use crate::desk::Desk;
use crate::desk::waits::{Waits, waited};

/// How long some wait, in days; none where the one that is meant has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Half of them wait no longer.
    pub median: Option<i64>,
    /// 85 in 100 of them wait no longer.
    pub p85: Option<i64>,
    /// Of those with a place.
    pub longest: Option<i64>,
}

/// A tier of those who are planned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tier<'a> {
    /// Its code.
    pub code: &'a str,
    /// With or without a place.
    pub requests: usize,
    /// With a place on or before the target date.
    pub in_time: usize,
    /// With a place after the target date.
    pub late: usize,
    /// Their days late, added up.
    pub days_late: i64,
    /// Of the one who is latest.
    pub longest_late: u32,
    /// Without a place.
    pub no_place: usize,
    /// Days waited when the plan starts.
    pub before: Spread,
    /// Days waited by the new appointment.
    pub after: Spread,
}

/// Median, 85th percentile, and the longest of those with a place.
fn spread(waits: &[Option<i64>]) -> Spread {
    let waits = Waits::of(waits.iter().copied());
    Spread { median: waits.at(50), p85: waits.at(85), longest: waits.known().last().copied() }
}

/// The tiers that somebody is of, the most urgent first.
pub fn of<'a>(desk: &Desk<'a>) -> Vec<Tier<'a>> {
    let start = desk.case.policy.start;
    let tiers = &desk.case.policy.tiers;
    let mut found = vec![Tier::default(); tiers.len()];
    let mut waits: Vec<[Vec<Option<i64>>; 2]> = vec![Default::default(); tiers.len()];
    for entry in &desk.entries {
        let at = entry.planned.tier.index();
        let (tier, [before, after]) = (&mut found[at], &mut waits[at]);
        let late = entry.row.days_late;
        tier.requests += 1;
        *(if late > 0 { &mut tier.late } else { &mut tier.in_time }) += 1;
        tier.days_late += i64::from(late);
        tier.longest_late = tier.longest_late.max(late);
        before.push(Some(waited(entry.request, start)));
        after.push(Some(waited(entry.request, entry.row.start.date())));
    }
    for left in &desk.waiting {
        let at = left.planned.tier.index();
        let (tier, [before, after]) = (&mut found[at], &mut waits[at]);
        tier.requests += 1;
        tier.no_place += 1;
        before.push(Some(waited(left.request, start)));
        after.push(None);
    }
    for (own, (tier, [before, after])) in tiers.iter().zip(found.iter_mut().zip(&waits)) {
        tier.code = &own.code;
        tier.before = spread(before);
        tier.after = spread(after);
    }
    found.retain(|tier| tier.requests > 0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_the_wait_of_somebody_and_those_without_a_place_wait_longest() {
        let waits: Vec<Option<i64>> = (1..=20).rev().map(Some).collect();
        assert_eq!(spread(&waits), Spread { median: Some(10), p85: Some(17), longest: Some(20) });
        assert_eq!(spread(&[Some(3)]), Spread { median: Some(3), p85: Some(3), longest: Some(3) });
        let some_without = [Some(5), None, Some(1), None];
        assert_eq!(spread(&some_without), Spread { median: Some(5), p85: None, longest: Some(5) });
        assert_eq!(spread(&[None]), Spread::default());
        assert_eq!(spread(&[]), Spread::default());
    }
}
