//! SPEC section 5: what one request adds to the vector.

use std::ops::{Add, AddAssign};

use chrono::NaiveDate;
use rebook::model::{Case, Continuity, DeliveryChannel};

use super::before::{Wanted, ranks_of_tiers};
use super::candidates::Candidate;
use super::excluded::previous_row;
use super::switches::{Clause, Switches};

/// Most entries that a vector of the oracle can have: 15 ranks.
const MOST: usize = 32;

/// A vector of the objective, compared entry by entry from the first; entries that a policy does not have are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Vector([i64; MOST]);

impl Vector {
    /// The entries of a policy with so many.
    pub fn entries(&self, length: usize) -> Vec<i64> {
        self.0[..length].to_vec()
    }
}

impl Vector {
    /// The same with one more entry after those of lateness with `window` among them.
    pub fn with_moves(mut self, layout: Layout, moves: i64) -> Self {
        let at = layout.ranks + 1;
        self.0.copy_within(at..MOST - 1, at + 1);
        self.0[at] = moves;
        self
    }
}

impl AddAssign for Vector {
    fn add_assign(&mut self, other: Self) {
        for (mine, its) in self.0.iter_mut().zip(other.0) {
            *mine += its;
        }
    }
}

impl Add for Vector {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

/// Where the entries of a policy stand in its vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Number of ranks.
    pub ranks: usize,
    /// The last rank whose lateness comes before `window`.
    pub before_window: usize,
}

impl Layout {
    /// n = the number of ranks, v = the rank of the tier at position `window_rank` among the scheduled ones, n
    /// where there are fewer.
    pub fn of(case: &Case, switches: Switches) -> Self {
        let tiers = ranks_of_tiers(case, switches);
        let ranks = tiers.last().map_or(0, |(_, rank)| *rank);
        let before_window = match case.policy.window_rank as usize {
            0 => 0,
            position => tiers.get(position - 1).map_or(ranks, |(_, rank)| *rank),
        };
        Self { ranks, before_window }
    }

    /// late_1..late_n and window, wait_1..wait_n, order.
    pub fn length(self) -> usize {
        2 * self.ranks + 2
    }

    fn late(self, rank: usize) -> usize {
        if rank <= self.before_window { rank - 1 } else { rank }
    }

    fn window(self) -> usize {
        self.before_window
    }

    fn wait(self, rank: usize) -> usize {
        self.ranks + rank
    }

    fn order(self) -> usize {
        2 * self.ranks + 1
    }
}

/// What the request adds where it is placed there, or is left out.
pub fn cost(
    case: &Case,
    layout: Layout,
    wanted: &Wanted<'_>,
    place: Option<&Candidate>,
    switches: Switches,
) -> Vector {
    let policy = &case.policy;
    let unplaced_days = if switches.on(Clause::UnplacedDays) { policy.unplaced_days } else { 365 };
    let unplaced_as = || policy.last_date() + chrono::Days::new(u64::from(unplaced_days));
    let seen: NaiveDate = place.map_or_else(unplaced_as, Candidate::date);
    let late = (seen - wanted.target).num_days().max(0);
    let wait = (seen - policy.start).num_days();
    let inconvenience = place.map_or(0, |place| inconvenience(case, wanted, place, switches));
    let per_day = if switches.on(Clause::WaitPerDay) { i64::from(policy.wait_per_day) } else { 10 };
    let points = per_day * wait + inconvenience;

    let mut vector = Vector::default();
    vector.0[layout.late(wanted.rank)] += wanted.weight * late;
    vector.0[layout.wait(wanted.rank)] += wanted.weight * points;
    let missed = place.is_none() && wanted.windowed && wanted.rank > layout.before_window;
    if missed && switches.on(Clause::WindowEntry) {
        vector.0[layout.window()] += wanted.weight;
    }
    if switches.on(Clause::OrderEntry) {
        let least = if switches.on(Clause::OrderLeast) { 0 } else { i64::MIN };
        let most = if switches.on(Clause::OrderMost) { 365 } else { i64::MAX };
        vector.0[layout.order()] += wanted.waiting_days.clamp(least, most) * wait;
    }
    vector
}

/// The points beside waiting.
fn inconvenience(case: &Case, wanted: &Wanted<'_>, place: &Candidate, switches: Switches) -> i64 {
    let prices = &case.policy.inconvenience;
    let clinician = &case.clinicians[place.clinician];
    let request = wanted.request;
    let mut points = 0;
    let mut add = |clause: Clause, applies: bool, price: u32, times: i64| {
        if applies && switches.on(clause) {
            points += i64::from(price) * times;
        }
    };

    // Continuity preferred without saying whom: there is nobody else to be.
    let somebody_else = request
        .preferred_practitioner_id
        .as_deref()
        .is_some_and(|preferred| preferred != clinician.practitioner_id);
    let preferred = request.continuity == Continuity::Preferred;
    add(Clause::OtherPractitioner, preferred && somebody_else, prices.other_practitioner, 1);

    let elsewhere = request.site.is_some_and(|own| own.index() != place.site);
    let in_person = place.channel == DeliveryChannel::InPerson;
    add(Clause::OtherSite, in_person && elsewhere, prices.other_site, 1);

    let step = wanted.care_type.roles.iter().position(|role| *role == clinician.role).unwrap_or(0);
    add(Clause::RoleStep, true, prices.role_step, step as i64);

    let wasted = !place.group || switches.off(Clause::GroupWaste);
    add(Clause::WastedMinute, wasted, prices.wasted_minute, place.slot_minutes - place.needed);

    let moved = previous_row(case, &request.request_id).is_some_and(|row| {
        row.session_id != case.sessions[place.session].session_id || row.start != place.start
    });
    add(Clause::Moved, moved, prices.moved, 1);
    points
}
