//! The places that a plan proposes or that were accepted, as entries of calendars.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::super::fingerprint::fingerprint;
use super::super::{Desk, Entry};
use super::event::Event;
use super::text::clean;
use crate::calendar::is_skipped_in_london;
use crate::model::{Accepted, Case, Clinician, DeliveryChannel, Site, Slot};

/// Hexadecimal digits of a UID: 128 bits, so that no two are ever the same.
const UID_DIGITS: usize = 32;

/// A name that nobody can have on the internet (RFC 2606), so that our UIDs are nobody else's.
pub const UID_DOMAIN: &str = "@rebook.invalid";

/// Whose calendar.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'d> {
    /// A practitioner's.
    Clinician(&'d Clinician),
    /// A site's.
    Site(&'d Site),
}

impl<'d> Owner<'d> {
    /// The first word of the file's name.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Clinician(_) => "clinician",
            Self::Site(_) => "site",
        }
    }

    /// As in the tables.
    pub fn id(self) -> &'d str {
        match self {
            Self::Clinician(clinician) => &clinician.practitioner_id,
            Self::Site(site) => &site.site_id,
        }
    }

    /// What programs call the calendar.
    pub fn title(self) -> String {
        let name = match self {
            Self::Clinician(clinician) => clean(&clinician.practitioner_id),
            Self::Site(site) => location(site),
        };
        clean(&format!("Proposed appointments, {name}"))
    }
}

/// A place: of one request, or of all that share a group slot.
#[derive(Debug)]
pub struct Place<'d> {
    /// With whom.
    pub clinician: &'d Clinician,
    /// Where.
    pub site: &'d Site,
    /// Local time.
    start: NaiveDateTime,
    /// Local time.
    end: NaiveDateTime,
    /// How; a group may be held in more than one way.
    channels: BTreeSet<DeliveryChannel>,
    /// For whom.
    holder: Holder<'d>,
}

/// Who has a place.
#[derive(Debug, Clone, Copy)]
enum Holder<'d> {
    /// The request with this id.
    Request(&'d str),
    /// So many people, in the group slot with this id.
    Group(&'d str, usize),
}

/// A place of one request, of the plan or accepted.
struct Own<'d> {
    request_id: &'d str,
    clinician: &'d Clinician,
    site: &'d Site,
    start: NaiveDateTime,
    end: NaiveDateTime,
    channel: Option<DeliveryChannel>,
    /// Where it is a place in a group.
    group: Option<&'d Slot>,
}

/// Every place of the plan, and every one that was accepted; those of group slots once.
pub fn places<'d>(desk: &'d Desk<'_>) -> Vec<Place<'d>> {
    let mut places = Vec::with_capacity(desk.entries.len());
    let mut groups: BTreeMap<&str, Place<'d>> = BTreeMap::new();
    for own in desk.entries.iter().map(|entry| proposed(desk, entry)).chain(accepted(desk)) {
        let Some(slot) = own.group else {
            places.push(Place::new(&own, (own.start, own.end), Holder::Request(own.request_id)));
            continue;
        };
        // It takes its whole slot, however long anybody needs.
        let none_yet = || Place::new(&own, (slot.start, slot.end()), Holder::Group(&slot.slot_id, 0));
        let group = groups.entry(&slot.slot_id).or_insert_with(none_yet);
        group.channels.extend(own.channel);
        if let Holder::Group(_, people) = &mut group.holder {
            *people += 1;
        }
    }
    places.extend(groups.into_values());
    places
}

fn proposed<'d>(desk: &'d Desk<'_>, entry: &'d Entry<'_>) -> Own<'d> {
    let first = &desk.case.slots[entry.placed.run.first.index()];
    Own {
        request_id: &entry.row.request_id,
        clinician: entry.clinician,
        site: entry.site,
        start: entry.row.start,
        end: entry.row.end,
        channel: Some(entry.placed.offer.channel),
        group: first.places.is_some().then_some(first),
    }
}

/// What was accepted is in no plan any more, and still what somebody is to come to.
fn accepted<'d>(desk: &'d Desk<'_>) -> impl Iterator<Item = Own<'d>> {
    let case = desk.case;
    // Also when it is over: an entry of yesterday that people came to was not cancelled.
    desk.accepted().map(move |accepted| {
        let session = &case.sessions[accepted.session.index()];
        let is_first = |slot: &&Slot| accepted.slot_ids.first().is_some_and(|first| *first == slot.slot_id);
        Own {
            request_id: &accepted.request_id,
            clinician: &case.clinicians[session.clinician.index()],
            site: &case.sites[session.site.index()],
            start: accepted.start,
            end: accepted.end,
            channel: accepted.channel,
            group: slots_of(case, accepted).find(is_first).filter(|slot| slot.places.is_some()),
        }
    })
}

/// The slots of the session of a place, which are together.
fn slots_of<'d>(case: &'d Case, accepted: &Accepted) -> impl Iterator<Item = &'d Slot> {
    let session = accepted.session;
    let from = case.slots.partition_point(|slot| slot.session < session);
    case.slots[from..].iter().take_while(move |slot| slot.session == session)
}

impl<'d> Place<'d> {
    fn new(own: &Own<'d>, (start, end): (NaiveDateTime, NaiveDateTime), holder: Holder<'d>) -> Self {
        let channels = own.channel.into_iter().collect();
        Self { clinician: own.clinician, site: own.site, start, end, channels, holder }
    }

    /// The same in every run and on every machine; it shows neither request nor patient.
    pub fn uid(&self, owner: Owner<'_>) -> String {
        let (what, id) = match self.holder {
            Holder::Request(id) => ("request", id),
            Holder::Group(id, _) => ("group slot", id),
        };
        let print = fingerprint(&["calendar", owner.kind(), owner.id(), what, id]);
        format!("{}{UID_DOMAIN}", &print[..UID_DIGITS])
    }

    /// As the calendar of `owner` has it.
    pub fn event(&self, owner: Owner<'_>) -> Event {
        let kind = if matches!(self.holder, Holder::Group(..)) { "group appointment" } else { "appointment" };
        let mut parts = vec![format!("Proposed {kind}")];
        if matches!(owner, Owner::Site(_)) {
            parts.push(clean(&self.clinician.practitioner_id));
        }
        let channels: Vec<&str> = self.channels.iter().map(|channel| words(*channel)).collect();
        parts.extend((!channels.is_empty()).then(|| channels.join(" and ")));
        parts.push(format!("{} min", (self.end - self.start).num_minutes()));
        if let Holder::Group(_, people) = self.holder {
            parts.push(if people == 1 { "1 person".to_owned() } else { format!("{people} people") });
        }
        Event {
            start: self.start,
            end: end_after(self.start, self.end),
            location: location(self.site),
            summary: parts.join(", "),
            is_cancelled: false,
        }
    }
}

/// What people call a site.
fn location(site: &Site) -> String {
    let name = site.name.as_deref().map(clean).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| clean(&site.site_id))
}

/// In the words of a calendar.
fn words(channel: DeliveryChannel) -> &'static str {
    match channel {
        DeliveryChannel::InPerson => "in person",
        DeliveryChannel::Telephone => "telephone",
        DeliveryChannel::Video => "video",
        DeliveryChannel::HomeVisit => "home visit",
    }
}

/// The end as London's clock shows it. An appointment that begins in the hour that the clock skips begins an hour
/// later by the clock, so its end does too: it may not come before the beginning.
fn end_after(start: NaiveDateTime, end: NaiveDateTime) -> NaiveDateTime {
    let is_pushed = is_skipped_in_london(start) && !is_skipped_in_london(end);
    if is_pushed { end + TimeDelta::hours(1) } else { end }
}
