//! SPEC rule 3.4: the date.

use super::context::{Book, Context, Sitting};
use crate::prepare::Planned;

/// The date is plannable.
pub(super) fn in_range(book: &Book<'_>, sitting: &Sitting) -> bool {
    book.case.policy.start <= sitting.date && sitting.date <= book.last_date
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
pub(super) fn leave(book: &Book<'_>, sitting: &Sitting) -> bool {
    !book.case.clinicians[book.session(sitting).clinician.index()].leave.contains(sitting.date)
}

/// The site is not closed.
pub(super) fn closed(book: &Book<'_>, sitting: &Sitting) -> bool {
    !book.case.sites[book.session(sitting).site.index()].closed_dates.contains(sitting.date)
}

/// Not a bank holiday, unless the session is additional.
pub(super) fn bank_holiday(book: &Book<'_>, sitting: &Sitting) -> bool {
    book.session(sitting).additional || !book.working_days.is_bank_holiday(sitting.date)
}
