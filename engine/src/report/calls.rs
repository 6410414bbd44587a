//! Who is called by when (SPEC section 6, `call_by`).

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::WorkingDays;
use crate::model::Case;
use crate::units::{Rank, SiteIdx};

/// A row that is reached by phone.
#[derive(Debug, Clone)]
pub(super) struct Call<'a> {
    /// Position among the rows.
    pub row: usize,
    /// The patient's own site, which makes the call.
    pub site: SiteIdx,
    /// Rank of the request.
    pub rank: Rank,
    /// Start of the appointment.
    pub start: NaiveDateTime,
    /// The request.
    pub request_id: &'a str,
}

/// The day by which each row is called, by position.
///
/// Going through a site by rank, start and id, each gets the earliest calling day with calls left; where that
/// would miss an appointment, the whole site goes by start, rank and id instead, which never does: the plan keeps
/// rule 4.4 for every date.
pub(super) fn call_days(case: &Case, days: &WorkingDays, calls: Vec<Call<'_>>) -> BTreeMap<usize, NaiveDate> {
    let mut by_site: BTreeMap<SiteIdx, Vec<Call<'_>>> = BTreeMap::new();
    for call in calls {
        by_site.entry(call.site).or_default().push(call);
    }
    let mut found = BTreeMap::new();
    for (site, mut calls) in by_site {
        let per_day = case.sites[site.index()].calls_per_day;
        calls.sort_by(|a, b| (a.rank, a.start, a.request_id).cmp(&(b.rank, b.start, b.request_id)));
        let turns = in_turn(case, days, per_day, calls.len());
        if calls.iter().zip(&turns).any(|(call, day)| *day > call.start.date()) {
            calls.sort_by(|a, b| (a.start, a.rank, a.request_id).cmp(&(b.start, b.rank, b.request_id)));
        }
        found.extend(calls.iter().map(|call| call.row).zip(turns));
    }
    found
}

/// The calling days of so many calls, one after the other.
fn in_turn(case: &Case, days: &WorkingDays, per_day: Option<u32>, calls: usize) -> Vec<NaiveDate> {
    let start = case.policy.start;
    let Some(per_day) = per_day else { return vec![start; calls] };
    let calling = start.iter_days().filter(|&date| date == start || days.is_working_day(date));
    calling.flat_map(|date| std::iter::repeat_n(date, per_day as usize)).take(calls).collect()
}
