//! What became of a group: how many have a place, how many are late, and how long they wait.

use crate::desk::waits::Waits;

/// What became of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fate {
    /// Days from the date on which the wait began to the appointment, at least 0; none without a place.
    pub wait: Option<i64>,
    /// Whether the appointment is after the target date.
    pub late: bool,
}

/// What became of a group.
///
/// Waits are in days, by nearest rank: each is the wait of somebody. Whoever has no place waits longer than anybody who
/// has one, so that leaving people out never makes a wait look shorter; where the one that is meant has no place, there
/// is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Requests with a place.
    pub placed: usize,
    /// Whole per cent of the requests that have a place.
    pub placed_share: i64,
    /// Whole per cent of the requests that have a place after their target date.
    pub late_share: i64,
    /// The wait that half of the requests do not exceed.
    pub median: Option<i64>,
    /// The wait that 85 in 100 do not exceed.
    pub p85: Option<i64>,
    /// The wait that 95 in 100 do not exceed.
    pub p95: Option<i64>,
    /// The longest wait of those with a place: the share of those without one stands beside it.
    pub longest: Option<i64>,
}

impl Outcome {
    pub(super) fn of(fates: impl Iterator<Item = Fate>) -> Self {
        let fates: Vec<Fate> = fates.collect();
        let waits = Waits::of(fates.iter().map(|fate| fate.wait));
        let placed = waits.known().len();
        let late = fates.iter().filter(|fate| fate.late).count();
        Self {
            placed,
            placed_share: share(placed, fates.len()),
            late_share: share(late, fates.len()),
            median: waits.at(50),
            p85: waits.at(85),
            p95: waits.at(95),
            longest: waits.known().last().copied(),
        }
    }
}

/// Whole per cent, half a per cent rounded up.
fn share(part: usize, whole: usize) -> i64 {
    let percent = (200 * part + whole).checked_div(2 * whole).unwrap_or(0);
    i64::try_from(percent).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(waits: &[Option<i64>], late: usize) -> Outcome {
        Outcome::of(waits.iter().enumerate().map(|(at, &wait)| Fate { wait, late: at < late }))
    }

    #[test]
    fn waits_are_those_of_somebody() {
        let waits: Vec<Option<i64>> = (1..=20).rev().map(|day| Some(10 * day)).collect();
        let found = outcome(&waits, 3);
        // Of 20: the 10th, the 17th, the 19th and the 20th.
        let waits = (found.median, found.p85, found.p95, found.longest);
        assert_eq!(waits, (Some(100), Some(170), Some(190), Some(200)));
        assert_eq!((found.placed, found.placed_share, found.late_share), (20, 100, 15));
        // Of 7: the 4th (3.5), the 6th (5.95), the 7th (6.65).
        let found = outcome(&[7, 6, 5, 4, 3, 2, 1].map(Some), 0);
        assert_eq!((found.median, found.p85, found.p95, found.longest), (Some(4), Some(6), Some(7), Some(7)));
    }

    #[test]
    fn whoever_has_no_place_waits_longest() {
        // Of 8, two without a place: the 4th is known, the 7th and the 8th are not.
        let found = outcome(&[None, Some(5), Some(1), Some(9), None, Some(3), Some(30), Some(2)], 1);
        assert_eq!((found.median, found.p85, found.p95, found.longest), (Some(5), None, None, Some(30)));
        assert_eq!((found.placed, found.placed_share), (6, 75));
        // Late is counted of all, 1 of 8: 12.5 per cent.
        assert_eq!(found.late_share, 13);
        let nobody = outcome(&[None, None], 0);
        assert_eq!((nobody.median, nobody.placed_share), (None, 0));
        assert_eq!(outcome(&[], 0).median, None);
    }

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!([share(1, 200), share(1, 201), share(2, 3), share(1, 3), share(0, 0)], [1, 0, 67, 33, 0]);
    }
}
