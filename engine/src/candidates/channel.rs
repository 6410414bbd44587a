//! SPEC rule 3.2: the channel, and every need met.

use super::context::{Context, Sitting};
use crate::model::DeliveryChannel;
use crate::prepare::Planned;

/// There is a channel that will do.
pub(super) fn channel(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    channel_of(context, planned, sitting).is_some()
}

/// Needs of the request that are not met.
///
/// A need is met by the practitioner's skills, the site's features or the session's features; what is not listed
/// is not there.
pub(crate) fn unmet_needs<'p>(
    context: &Context<'_>,
    planned: &'p Planned,
    sitting: &Sitting,
) -> impl Iterator<Item = &'p String> {
    let held = context.session(sitting);
    let site = &context.case.sites[held.site.index()];
    let clinician = context.clinician(sitting);
    planned.needs.iter().filter(move |need| {
        !clinician.skills.contains(need) && !site.features.contains(need) && !held.features.contains(need)
    })
}

/// The first channel of the request's list that the session has and for which every need is met; needs of the place
/// do not arise by telephone or video.
pub fn channel_of(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> Option<DeliveryChannel> {
    let held = context.session(sitting);
    let remote_ok = |need: &String| context.case.policy.place_needs.contains(need);
    planned.channels.iter().copied().find(|channel| {
        let remote = matches!(channel, DeliveryChannel::Telephone | DeliveryChannel::Video);
        held.delivery_channels.contains(channel)
            && unmet_needs(context, planned, sitting).all(|need| remote && remote_ok(need))
    })
}
