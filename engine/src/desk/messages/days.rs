//! On which day what is sent.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::who::LINK_DAYS;
use crate::desk::{Desk, Entry};

/// Hours of notice of somebody's tier or route.
pub(super) fn notice(desk: &Desk<'_>, entry: &Entry<'_>) -> TimeDelta {
    let policy = &desk.case.policy;
    let own = policy.tiers[entry.planned.tier.index()].min_notice_hours;
    TimeDelta::hours(i64::from(own.unwrap_or_else(|| policy.min_notice_hours.of(entry.planned.route))))
}

/// The end of a day. What is sent on it, at whatever time, has been sent by then.
pub(super) fn end_of(date: NaiveDate) -> NaiveDateTime {
    (date + Days::new(1)).and_time(NaiveTime::MIN)
}

/// The first day on which anything can be sent: the plan's start, or the day on which the book was read where that is later.
pub(super) fn earliest(desk: &Desk<'_>) -> NaiveDate {
    desk.case.policy.start.max(desk.case.policy.as_of.date())
}

/// The first day of the plan on which anybody works; its very first where the appointment is earlier.
pub(super) fn first_day(desk: &Desk<'_>, entry: &Entry<'_>) -> NaiveDate {
    let start = earliest(desk);
    let first = desk.prepared.working_days.nth_after(start, 0);
    if first < entry.row.start.date() { first } else { start }
}

/// The last working day of the plan that ends in time for the notice; where there is none, the first day.
pub(super) fn last_day(desk: &Desk<'_>, entry: &Entry<'_>) -> NaiveDate {
    let (start, days) = (earliest(desk), &desk.prepared.working_days);
    let by = entry.row.start - notice(desk, entry);
    let before = std::iter::successors(by.date().pred_opt(), NaiveDate::pred_opt);
    let mut in_time = before.take_while(|day| *day >= start);
    in_time.find(|day| days.is_working_day(*day)).unwrap_or_else(|| first_day(desk, entry))
}

/// The last day on which a link sent on this day may be used: before the first of the places it is for, and where that is
/// later than the day of sending with a working day in between, so that staff can reach whoever has not booked while every
/// place still can be had.
pub(super) fn book_by(desk: &Desk<'_>, send_on: NaiveDate, first: NaiveDate) -> NaiveDate {
    let latest = send_on + Days::new(LINK_DAYS - 1);
    let days_before = |date: NaiveDate| {
        std::iter::successors(date.pred_opt(), NaiveDate::pred_opt).take_while(|day| *day > send_on)
    };
    let working = days_before(first).find(|day| desk.prepared.working_days.is_working_day(*day));
    let with_a_day_left = working.and_then(|day| days_before(day).next());
    with_a_day_left.or_else(|| days_before(first).next()).unwrap_or(send_on).min(latest)
}
