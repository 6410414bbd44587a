//! SPEC section 5: the lexicographic vector, entry by entry.

use crate::candidates::{Context, Offer};
use crate::model::{Continuity, DeliveryChannel};
use crate::prepare::{Planned, Prepared};
use crate::units::Rank;

/// Where each entry of the vector stands: late_1 .. late_v, window, late_v+1 .. late_n, wait_1 .. wait_n, order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    ranks: usize,
    window_rank: Rank,
}

impl Layout {
    /// The layout for these ranks.
    pub fn new(prepared: &Prepared) -> Self {
        Self { ranks: prepared.rank_count as usize, window_rank: prepared.window_rank }
    }

    /// Number of entries.
    pub fn len(self) -> usize {
        2 * self.ranks + 2
    }

    /// Never: `window` and `order` are always there.
    pub fn is_empty(self) -> bool {
        false
    }

    /// Number of ranks.
    pub fn ranks(self) -> usize {
        self.ranks
    }

    /// Entry of the lateness of a rank.
    pub fn late(self, rank: Rank) -> usize {
        rank.index() + usize::from(rank > self.window_rank)
    }

    /// Entry of the missed windows.
    pub fn window(self) -> usize {
        self.window_rank.0 as usize
    }

    /// Entry of the waiting of a rank.
    pub fn wait(self, rank: Rank) -> usize {
        self.ranks + 1 + rank.index()
    }

    /// Entry of the order among equals.
    pub fn order(self) -> usize {
        2 * self.ranks + 1
    }

    /// Whether a missed window of this request counts in its own entry.
    pub fn counts_window(self, planned: &Planned) -> bool {
        planned.windowed && planned.rank > self.window_rank
    }

    /// The first entry that this request adds to when it is unplaced.
    pub fn standing(self, planned: &Planned) -> usize {
        if self.counts_window(planned) { self.window() } else { self.late(planned.rank) }
    }
}

/// What one request adds to the vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cost {
    /// Weight x days late.
    pub late: i64,
    /// Weight, where a window of a lower rank is missed.
    pub window: i64,
    /// Weight x points.
    pub wait: i64,
    /// Days waited already x days of waiting.
    pub order: i64,
}

impl Cost {
    /// Adds it to a vector.
    pub fn add_to(self, layout: Layout, rank: Rank, vector: &mut [i64]) {
        vector[layout.late(rank)] += self.late;
        vector[layout.window()] += self.window;
        vector[layout.wait(rank)] += self.wait;
        vector[layout.order()] += self.order;
    }
}

/// Days late of an appointment so many days after the plan's start.
pub fn days_late(context: &Context<'_>, planned: &Planned, day: i64) -> i64 {
    (day - (planned.target - context.case.policy.start).num_days()).max(0)
}

fn cost_on_day(context: &Context<'_>, planned: &Planned, day: i64, inconvenience: i64) -> Cost {
    let weight = i64::from(planned.weight);
    let points = i64::from(context.case.policy.wait_per_day) * day + inconvenience;
    Cost {
        late: weight * days_late(context, planned, day),
        window: 0,
        wait: weight * points,
        order: i64::from(planned.waited) * day,
    }
}

/// The least that a request adds on a day, which is where nothing is inconvenient; never less than on a day before.
pub fn least_on(context: &Context<'_>, planned: &Planned, day: u32) -> Cost {
    cost_on_day(context, planned, i64::from(day), 0)
}

/// What a request adds when it takes this offer.
pub fn cost_of(context: &Context<'_>, planned: &Planned, offer: &Offer) -> Cost {
    cost_on_day(context, planned, i64::from(offer.day), inconvenience(context, planned, offer))
}

/// What a request adds when it has no place: seen `unplaced_days` after the last plannable date.
pub fn cost_unplaced(context: &Context<'_>, layout: Layout, planned: &Planned) -> Cost {
    let cost = cost_on_day(context, planned, context.case.policy.unplaced_day(), 0);
    Cost { window: if layout.counts_window(planned) { i64::from(planned.weight) } else { 0 }, ..cost }
}

/// Points beside waiting.
pub fn inconvenience(context: &Context<'_>, planned: &Planned, offer: &Offer) -> i64 {
    let points = &context.case.policy.inconvenience;
    let request = context.request(planned);
    let session = &context.case.sessions[offer.session.index()];
    let clinician = &context.case.clinicians[session.clinician.index()];
    let stranger = request.continuity == Continuity::Preferred
        && request.preferred_practitioner_id.as_ref().is_some_and(|id| *id != clinician.practitioner_id);
    let elsewhere = offer.channel == DeliveryChannel::InPerson && session.site != planned.site;
    let step = context.role_position(planned.care_type, session.clinician).unwrap_or(0);
    let mut sum = i64::from(points.role_step) * i64::from(step)
        + i64::from(points.wasted_minute) * i64::from(offer.wasted);
    if stranger {
        sum += i64::from(points.other_practitioner);
    }
    if elsewhere {
        sum += i64::from(points.other_site);
    }
    if offer.moved {
        sum += i64::from(points.moved);
    }
    sum
}
