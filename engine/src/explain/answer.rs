//! Everything there is to say about one request: what `rebook explain` answers.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::Serialize;

use super::change::Change;
use super::dates::DateAnswer;
use super::search::Goal;
use super::{Explainer, words};
use crate::model::{Target, TargetFrom};
use crate::objective::days_late;
use crate::prepare::PlannedIdx;

/// The answer for a request that is planned, with a place or without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The request.
    pub request_id: String,
    /// Its patient, as the tables name them.
    pub patient_id: String,
    /// Its tier as given.
    pub tier: String,
    /// Its rank, from 1.
    pub rank: u32,
    /// How many ranks there are.
    pub ranks: u32,
    /// Why this rank.
    pub rank_reason: String,
    /// Its target date.
    pub target_date: NaiveDate,
    /// Why this target.
    pub target_reason: String,
    /// Its last date, where it has one.
    pub latest_date: Option<NaiveDate>,
    /// Where it is; none where it has no place.
    pub place: Option<PlaceAnswer>,
    /// Why it has no place, as in `unplaced.csv`; none where it has one.
    pub reason_code: Option<&'static str>,
    /// Why it is where it is, or has no place.
    pub reason: String,
    /// Whether the plan is proven to be the best.
    pub proven: bool,
    /// Every date from the plan's start on, and who or what holds it.
    pub dates: Vec<DateAnswer>,
    /// What would place it, or have it seen on an earlier date; each was tried.
    pub changes: Vec<ChangeAnswer>,
    /// Whether there may be more that could not be tried within the work allowed.
    pub more_untried: bool,
}

/// Where a request is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the fields are those of plan.csv, under the same names")]
pub struct PlaceAnswer {
    pub session_id: String,
    pub practitioner_id: String,
    pub site_id: String,
    pub start: NaiveDateTime,
    pub end: NaiveDateTime,
    pub delivery_channel: String,
    pub days_late: u32,
    /// Whether no start would suit it better.
    pub is_best: bool,
}

/// A change that would do, and the same in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeAnswer {
    /// What would be changed.
    pub change: Change,
    /// In words.
    pub text: String,
}

impl Explainer<'_, '_> {
    /// The answer for a request; none where no request of that id is planned.
    pub fn answer(&self, request_id: &str) -> Option<Answer> {
        let index = self.find(request_id)?;
        let planned = &self.prepared.requests[index.index()];
        let request = self.context.request(planned);
        let dates = self.dates(index);
        let place = self.place(index, dates.iter().all(|date| date.better == 0));
        let (reason_code, reason) = if place.is_some() {
            (None, self.place_reason(index))
        } else {
            let (code, reason) = self.unplaced_reason(index);
            (Some(code), reason)
        };
        // Where it has the best place there is, what could be earlier still is not worth a new plan.
        let plans = place.as_ref().is_none_or(|place| !place.is_best);
        let (changes, more_untried) = match self.goal(index) {
            Some(goal) => self.all_changes(index, goal, plans),
            None => (Vec::new(), false),
        };
        let goal = self.goal(index).unwrap_or(Goal::Placed);
        let in_words = |change: Change| ChangeAnswer { text: self.said(&change, index, goal), change };
        Some(Answer {
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            tier: self.context.case.policy.tiers[planned.tier.index()].code.clone(),
            rank: planned.rank.0,
            ranks: self.prepared.rank_count,
            rank_reason: self.rank_reason(index),
            target_date: planned.target,
            target_reason: self.target_reason(index),
            latest_date: request.latest_date,
            place,
            reason_code,
            reason,
            proven: self.proven,
            dates,
            changes: changes.into_iter().map(in_words).collect(),
            more_untried,
        })
    }

    /// What would be better: a place, or one on an earlier date; none where there is no earlier date.
    fn goal(&self, index: PlannedIdx) -> Option<Goal> {
        match &self.placed[index.index()] {
            None => Some(Goal::Placed),
            Some(placed) => placed.offer.day.checked_sub(1).map(Goal::By),
        }
    }

    fn place(&self, index: PlannedIdx, is_best: bool) -> Option<PlaceAnswer> {
        let case = self.context.case;
        let placed = self.placed[index.index()].as_ref()?;
        let planned = &self.prepared.requests[index.index()];
        let session = &case.sessions[placed.offer.session.index()];
        let start = case.slots[placed.run.first.index()].start;
        Some(PlaceAnswer {
            session_id: session.session_id.clone(),
            practitioner_id: case.clinicians[session.clinician.index()].practitioner_id.clone(),
            site_id: case.sites[session.site.index()].site_id.clone(),
            start,
            end: start + TimeDelta::minutes(i64::from(placed.offer.needed)),
            delivery_channel: placed.offer.channel.as_str().to_owned(),
            days_late: days_late(self.context, planned, i64::from(placed.offer.day)) as u32,
            is_best,
        })
    }

    fn rank_reason(&self, index: PlannedIdx) -> String {
        let planned = &self.prepared.requests[index.index()];
        let request = self.context.request(planned);
        let policy = &self.context.case.policy;
        let tier = &policy.tiers[planned.tier.index()];
        let care_type = &policy.care_types[planned.care_type.index()].code;
        let from = match request.priority {
            Some(_) => "as requests.csv says".to_owned(),
            None => format!("the tier of {care_type}, for requests.csv names none"),
        };
        let lifted = if planned.escalated {
            let days = words::count(tier.escalate_after_days as usize, "day", "days");
            format!("; one rank better, for it has waited {days} or more")
        } else {
            String::new()
        };
        format!("{}, {from}{lifted}", tier.code)
    }

    fn target_reason(&self, index: PlannedIdx) -> String {
        let planned = &self.prepared.requests[index.index()];
        let request = self.context.request(planned);
        let tier = &self.context.case.policy.tiers[planned.tier.index()];
        if planned.window_passed && planned.barred.is_none() {
            return "its latest date had passed before the plan began, so it is due at once".to_owned();
        }
        let mut text = if request.due_date == Some(planned.target) {
            "its due date".to_owned()
        } else if request.due_date.is_some() {
            "by its due date".to_owned()
        } else {
            let days = match tier.target {
                Target::Days(days) => words::count(days as usize, "day", "days"),
                Target::WorkingDays(days) => words::count(days as usize, "working day", "working days"),
            };
            let from = match tier.target_from {
                TargetFrom::Start => "the plan's start",
                TargetFrom::WaitingSince => "the day the wait began",
            };
            format!("{days} from {from} for {}", tier.code)
        };
        if request.latest_date == Some(planned.target) && request.due_date != Some(planned.target) {
            text += ", but not after its latest date";
        } else if request.earliest_date == Some(planned.target) && request.due_date != Some(planned.target) {
            text += ", but not before its earliest date";
        }
        text
    }
}
