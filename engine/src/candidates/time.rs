//! SPEC rule 3.5: notice, availability and the care type's times of day.

use chrono::Datelike;

use super::clock_range;
use super::context::Context;
use super::run::RunCheck;
use crate::prepare::Planned;

/// Starts no earlier than the notice allows.
pub(super) fn notice(_: &Context<'_>, planned: &Planned, check: &RunCheck) -> bool {
    check.start >= planned.not_before
}

/// The whole appointment lies inside one window of the patient's availability.
pub(super) fn available(context: &Context<'_>, planned: &Planned, check: &RunCheck) -> bool {
    let (from, to) = clock_range(check.start, check.needed);
    context.request(planned).available.covers(check.start.weekday(), from, to)
}

/// The whole appointment lies inside the care type's times of day.
pub(super) fn time_of_day(context: &Context<'_>, planned: &Planned, check: &RunCheck) -> bool {
    let care_type = &context.case.policy.care_types[planned.care_type.index()];
    let (from, to) = clock_range(check.start, check.needed);
    care_type.start_after.is_none_or(|after| after <= from) && care_type.finish_by.is_none_or(|by| to <= by)
}
