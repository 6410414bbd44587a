//! Who is told how.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use crate::desk::view::asks_interpreter;
use crate::desk::{Desk, Entry};
use crate::model::{ContactRoute, DeliveryChannel};
use crate::prepare::{Link, PlannedIdx};

/// Days for which a link can be used, the day of sending being one.
pub(super) const LINK_DAYS: u64 = 7;

/// Positions among the entries of the desk, ascending. Those who are called are on none of these lists, nor are those who
/// may have died or left.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted {
    /// A message with a link, if a wave can take them.
    pub invite: Vec<usize>,
    /// A message that names the place.
    pub fixed: Vec<usize>,
    /// A letter.
    pub letters: Vec<usize>,
    /// A clinician, before anybody else says anything.
    pub clinician: Vec<usize>,
}

/// What is to be known of all others to decide about one.
struct Others<'a> {
    /// Requests that another one comes after.
    awaited: BTreeSet<PlannedIdx>,
    /// How many places each patient has.
    places: BTreeMap<&'a str, usize>,
    /// For whom there is more to do in the booking system than to book a free place.
    tied: &'a BTreeSet<String>,
}

/// Decides for everybody of the plan.
pub(super) fn sort(desk: &Desk<'_>, tied: &BTreeSet<String>) -> Sorted {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &desk.entries {
        *places.entry(entry.row.patient_id.as_str()).or_default() += 1;
    }
    let awaited = desk.prepared.requests.iter().filter_map(|planned| match planned.link {
        Link::After { other, .. } => Some(other),
        Link::None | Link::Booked { .. } => None,
    });
    let others = Others { awaited: awaited.collect(), places, tied };
    let mut sorted = Sorted::default();
    for (at, entry) in desk.entries.iter().enumerate() {
        // Where another row says that the patient has died or left, somebody looks before anybody makes contact.
        if desk.gone.contains(entry.row.patient_id.as_str()) {
            continue;
        }
        let list = match entry.route {
            ContactRoute::Phone => continue,
            ContactRoute::Clinician => &mut sorted.clinician,
            ContactRoute::Letter => &mut sorted.letters,
            // The route says so already; a message to the wrong phone cannot be taken back.
            ContactRoute::Sms | ContactRoute::App if !entry.request.sms_permitted => &mut sorted.clinician,
            ContactRoute::Sms | ContactRoute::App if may_have_link(desk, &others, entry) => {
                &mut sorted.invite
            }
            ContactRoute::Sms | ContactRoute::App => &mut sorted.fixed,
        };
        list.push(at);
    }
    sorted
}

fn may_have_link(desk: &Desk<'_>, others: &Others<'_>, entry: &Entry<'_>) -> bool {
    let (planned, request) = (entry.planned, entry.request);
    let soon = desk.case.policy.start + Days::new(LINK_DAYS);
    let last = request.latest_date.map_or(planned.target, |latest| latest.min(planned.target));
    let alone = request.together_id.is_none() && planned.visit.is_none();
    let unlinked = request.after_request_id.is_none()
        && planned.link == Link::None
        && !others.awaited.contains(&entry.index);
    !desk.case.policy.tiers[planned.tier.index()].call
        && !needs_interpreter(entry)
        && alone
        && unlinked
        && others.places.get(entry.row.patient_id.as_str()) == Some(&1)
        && !others.tied.contains(&entry.row.request_id)
        && last > soon
        && !planned.check_first
        // Whoever has been told before and did not come to a place is not left to a link again.
        && request.outcome.is_none()
        && entry.placed.offer.channel != DeliveryChannel::HomeVisit
}

/// Whether a message in English, or a voice, is not enough.
pub(super) fn needs_interpreter(entry: &Entry<'_>) -> bool {
    entry.planned.needs.iter().any(|need| asks_interpreter(need))
}
