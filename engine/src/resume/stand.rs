//! Where somebody is, before and after.

use chrono::NaiveDateTime;

use crate::candidates::{Context, slots_of};
use crate::objective::{days_late, inconvenience};
use crate::prepare::Planned;
use crate::solve::Placed;

/// A place in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Of which session.
    pub session_id: String,
    /// The slots taken, ascending by start.
    pub slot_ids: Vec<String>,
    /// With whom.
    pub practitioner_id: String,
    /// Where.
    pub site_id: String,
    /// Local time.
    pub start: NaiveDateTime,
    /// How.
    pub delivery_channel: String,
}

/// Where a request stands, and what that means for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// None where it has no place.
    pub place: Option<Place>,
    /// Days after its target; without a place, those of the day on which it counts as seen (SPEC section 5).
    pub days_late: i64,
    /// Points of waiting and inconvenience, before any weight.
    pub points: i64,
}

/// A request that would stand elsewhere than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Who.
    pub request_id: String,
    /// Whose.
    pub patient_id: String,
    /// Tier code.
    pub tier: String,
    /// From 1, the most urgent.
    pub rank: u32,
    /// In the plan at hand.
    pub before: Stand,
    /// After the move.
    pub after: Stand,
}

impl Moved {
    pub(super) fn new(
        context: &Context<'_>,
        planned: &Planned,
        before: Option<&Placed>,
        after: Option<&Placed>,
    ) -> Self {
        let request = context.request(planned);
        Self {
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            tier: context.case.policy.tiers[planned.tier.index()].code.clone(),
            rank: planned.rank.0,
            before: stand(context, planned, before),
            after: stand(context, planned, after),
        }
    }
}

fn stand(context: &Context<'_>, planned: &Planned, placed: Option<&Placed>) -> Stand {
    let policy = &context.case.policy;
    let day = placed.map_or(policy.unplaced_day(), |placed| i64::from(placed.offer.day));
    let beside = placed.map_or(0, |placed| inconvenience(context, planned, &placed.offer));
    Stand {
        place: placed.map(|placed| place(context, placed)),
        days_late: days_late(context, planned, day),
        points: i64::from(policy.wait_per_day) * day + beside,
    }
}

fn place(context: &Context<'_>, placed: &Placed) -> Place {
    let case = context.case;
    let session = &case.sessions[placed.offer.session.index()];
    Place {
        session_id: session.session_id.clone(),
        slot_ids: slots_of(placed.run).map(|slot| case.slots[slot.index()].slot_id.to_string()).collect(),
        practitioner_id: case.clinicians[session.clinician.index()].practitioner_id.clone(),
        site_id: case.sites[session.site.index()].site_id.clone(),
        start: case.slots[placed.run.first.index()].start,
        delivery_channel: placed.offer.channel.as_str().to_owned(),
    }
}
