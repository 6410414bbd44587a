//! What patients read: never why, with whom or what for.

use chrono::{NaiveDate, NaiveDateTime};

use super::who::needs_interpreter;
use crate::desk::Entry;
use crate::desk::view::{NO_ANSWER, PLACE_TAKEN};
use crate::model::{DeliveryChannel, Site};

/// Where the tool that sends the message puts the link.
const LINK: &str = "{link}";

/// How an appointment is held.
pub(super) fn how(channel: DeliveryChannel) -> &'static str {
    match channel {
        DeliveryChannel::InPerson => "in person",
        DeliveryChannel::Telephone => "by telephone",
        DeliveryChannel::Video => "by video",
        DeliveryChannel::HomeVisit => "at your home",
    }
}

/// Where the patient has to go, if anywhere.
pub(super) fn place<'a>(entry: &Entry<'a>) -> Option<&'a Site> {
    (entry.placed.offer.channel == DeliveryChannel::InPerson).then_some(entry.site)
}

/// A message with a link.
pub(super) fn invitation(channel: DeliveryChannel, book_by: NaiveDate) -> String {
    format!(
        "Please rebook your cancelled appointment ({}) by {}: {LINK} The link works once. If it does not suit you, ring us.",
        how(channel),
        book_by.format("%a %-d %b")
    )
}

/// A message that names the place.
pub(super) fn fixed(entry: &Entry<'_>) -> String {
    let elsewhere = place(entry).is_some_and(|site| site.site_id != entry.home.site_id);
    format!(
        "For your cancelled appointment we hold {}, {}{}. To change it, reply or ring us.",
        entry.row.start.format("%a %-d %b %Y at %H:%M"),
        how(entry.placed.offer.channel),
        if elsewhere { ", at another site (ring us for where)" } else { "" }
    )
}

/// The paragraphs of a letter.
pub(super) fn letter(entry: &Entry<'_>) -> [String; 3] {
    let whereabouts = place(entry).map(|site| format!(", at {}", site.called())).unwrap_or_default();
    [
        "We are sorry that your appointment was cancelled. We have held a new one for you.".to_owned(),
        format!("It is on {}, {}{whereabouts}.", long(entry.row.start), how(entry.placed.offer.channel)),
        "If it does not suit you, or if you do not need it any more, please ring us.".to_owned(),
    ]
}

fn long(moment: NaiveDateTime) -> String {
    moment.format("%A %-d %B %Y at %H:%M").to_string()
}

/// What staff do before they send.
pub(super) fn before(entry: &Entry<'_>) -> String {
    let asked = [
        (entry.is_flagged(PLACE_TAKEN), "had accepted a place that is gone: ring instead, and say sorry"),
        (entry.is_flagged(NO_ANSWER), "did not answer before: ring instead"),
        (entry.planned.check_first, "check first whether it is still needed"),
        (needs_interpreter(entry), "an interpreter is needed"),
    ];
    asked.iter().filter(|(is, _)| *is).map(|(_, what)| *what).collect::<Vec<_>>().join("; ")
}
