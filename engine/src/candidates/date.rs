//! SPEC rule 3.4: the date.

use super::context::{Context, Sitting};
use crate::prepare::Planned;

/// The date is plannable.
pub(super) fn in_range(context: &Context<'_>, _: &Planned, sitting: &Sitting) -> bool {
    context.case.policy.start <= sitting.date && sitting.date <= context.last_date
}

/// Not before the request's earliest date.
pub(super) fn earliest(_: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    planned.earliest.is_none_or(|earliest| earliest <= sitting.date)
}

/// Not after the request's latest date, where that still binds.
pub(super) fn latest(_: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    planned.latest.is_none_or(|latest| sitting.date <= latest)
}

/// Not a date on which the patient cannot come.
pub(super) fn unavailable(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    !context.request(planned).unavailable_dates.contains(sitting.date)
}

/// The practitioner is not on leave.
pub(super) fn leave(context: &Context<'_>, _: &Planned, sitting: &Sitting) -> bool {
    !context.clinician(sitting).leave.contains(sitting.date)
}

/// The site is not closed.
pub(super) fn closed(context: &Context<'_>, _: &Planned, sitting: &Sitting) -> bool {
    !context.case.sites[context.session(sitting).site.index()].closed_dates.contains(sitting.date)
}

/// Not a bank holiday, unless the session is additional.
pub(super) fn bank_holiday(context: &Context<'_>, _: &Planned, sitting: &Sitting) -> bool {
    context.session(sitting).additional || !context.working_days.is_bank_holiday(sitting.date)
}
