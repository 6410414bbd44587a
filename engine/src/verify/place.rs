//! Places: where a row of the plan puts a request, and where else one could be.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::asks::{Ask, Asks};
use super::candidate::{channel, place_fits, session_channel, site_serves};
use super::findings::Findings;
use super::rule::Rule;
use super::run;
use super::view::View;
use crate::model::{DeliveryChannel, PlanRow};
use crate::units::{SessionIdx, SiteIdx, SlotIdx};

/// A place of a request: slots of a session, and the appointment in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub session: SessionIdx,
    /// By start.
    pub slots: Vec<SlotIdx>,
    pub start: NaiveDateTime,
    /// Of the appointment: start + needed minutes.
    pub end: NaiveDateTime,
    /// Of the last slot.
    pub slots_end: NaiveDateTime,
    pub channel: DeliveryChannel,
}

impl Place {
    pub fn date(&self) -> NaiveDate {
        self.start.date()
    }

    /// The ids of its slots.
    pub fn slot_ids<'a>(&self, view: &View<'a>) -> Vec<&'a str> {
        self.slots.iter().map(|&slot| view.slot(slot).slot_id.as_str()).collect()
    }

    /// Minutes of its slots.
    pub fn slot_minutes(&self, view: &View) -> i64 {
        self.slots.iter().map(|&slot| i64::from(view.slot(slot).duration_minutes)).sum()
    }

    /// Whether its one slot is a group slot.
    pub fn is_group(&self, view: &View) -> bool {
        self.slots.iter().any(|&slot| view.slot(slot).places.is_some())
    }
}

/// The place that these slots make, whatever the rules say of it; `None` for no slots.
fn place(
    view: &View,
    ask: &Ask,
    session: SessionIdx,
    slots: Vec<SlotIdx>,
    channel: DeliveryChannel,
) -> Option<Place> {
    let start = view.slot(*slots.first()?).start;
    let slots_end = slots.iter().map(|&slot| view.slot(slot).end()).max()?;
    let needed = ask.needed_minutes(view.clinician_of(session));
    let end = needed
        .and_then(|minutes| start.checked_add_signed(TimeDelta::minutes(minutes.into())))
        .unwrap_or(slots_end);
    Some(Place { session, slots, start, end, slots_end, channel })
}

/// The candidate of a request that begins with the slot at `first` of a session, once the session serves the
/// request by `channel`.
pub(super) fn candidate(
    view: &View,
    ask: &Ask,
    session: SessionIdx,
    channel: DeliveryChannel,
    first: usize,
) -> Option<Place> {
    let needed = ask.needed_minutes(view.clinician_of(session))?;
    let slots = run::from(view, ask, session, first, needed)?;
    place(view, ask, session, slots.to_vec(), channel).filter(|place| place_fits(view, ask, place))
}

/// The candidate of a request that takes exactly these slots of a session.
pub(super) fn candidate_at(view: &View, ask: &Ask, session: SessionIdx, slots: &[SlotIdx]) -> Option<Place> {
    let channel = session_channel(view, ask, session)?;
    let first = view.position(*slots.first()?);
    candidate(view, ask, session, channel, first).filter(|place| place.slots == slots)
}

/// The sessions that serve a request, each with its channel.
pub(super) fn serving<'v>(
    view: &'v View,
    ask: &'v Ask,
) -> impl Iterator<Item = (SessionIdx, DeliveryChannel)> + 'v {
    let sites = if ask.never() { 0 } else { view.case.sites.len() };
    (0..sites)
        .map(SiteIdx::from)
        .filter(move |&site| site_serves(view, ask, site))
        .flat_map(|site| view.sessions_at(site))
        .filter_map(move |&session| Some((session, session_channel(view, ask, session)?)))
}

/// Every candidate of a request, lazily.
pub(super) fn candidates<'v>(view: &'v View, ask: &'v Ask) -> impl Iterator<Item = Place> + 'v {
    serving(view, ask).flat_map(move |(session, channel)| {
        (0..view.slots_of(session).len())
            .filter_map(move |first| candidate(view, ask, session, channel, first))
    })
}

/// Reads where the rows of `plan.csv` put each request, and names rows that cannot be read so.
pub(super) fn read(view: &View, asks: &Asks, rows: &[PlanRow], out: &mut Findings) -> Vec<Option<Place>> {
    let mut places = vec![None; asks.all.len()];
    for row in rows {
        // Rows of requests that are excluded or unknown are the business of conservation.
        let Some(index) = asks.by_id(&row.request_id) else { continue };
        if places[index].is_some() {
            out.add(Rule::Capacity, format!("{} has two places", row.request_id), [&row.request_id]);
            continue;
        }
        match read_row(view, &asks.all[index], row) {
            Ok(place) => places[index] = Some(place),
            Err(message) => {
                out.add_with_slots(Rule::Run, message, [&row.request_id], &row.slot_ids);
            }
        }
    }
    places
}

fn read_row(view: &View, ask: &Ask, row: &PlanRow) -> Result<Place, String> {
    let id = &row.request_id;
    let session = view
        .session_by_id(&row.session_id)
        .ok_or_else(|| format!("{id}: the case has no session {:?}", row.session_id))?;
    let mut slots = Vec::with_capacity(row.slot_ids.len());
    for slot_id in &row.slot_ids {
        let slot =
            view.slot_by_id(slot_id).ok_or_else(|| format!("{id}: the case has no slot {slot_id:?}"))?;
        if view.slot(slot).session != session {
            return Err(format!("{id}: slot {slot_id:?} is not of session {:?}", row.session_id));
        }
        slots.push(slot);
    }
    slots.sort_by_key(|&slot| (view.slot(slot).start, slot));
    // A channel that the row states wrongly is reported as such; the rules go on with the one it should be.
    let channel = channel(view, ask, session)
        .or_else(|| DeliveryChannel::parse(&row.delivery_channel))
        .unwrap_or(DeliveryChannel::InPerson);
    place(view, ask, session, slots, channel).ok_or_else(|| format!("{id}: the row names no slots"))
}
