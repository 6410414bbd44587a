//! Sessions without a start that suits: which rules of SPEC section 3 are in the way, the nearest misses first.

use std::collections::BTreeMap;

use super::{Explainer, words};
use crate::candidates::{Rule, Sitting, hurdles, offers};
use crate::prepare::{Link, Planned, PlannedIdx};

/// Rules that say what a session is for. One that fails any of these was never meant for the request: it is a near
/// miss only where every session fails one.
const STRUCTURE: &[Rule] = &[Rule::Role, Rule::Site, Rule::CareType, Rule::Range];

/// Most groups of near misses that are told.
const TOLD: usize = 3;

/// Sittings that miss by the same rules.
#[derive(Debug, Clone)]
pub(super) struct Miss<'e> {
    /// In the order of the page.
    pub rules: Vec<Rule>,
    /// Ascending by session and date.
    pub sittings: Vec<&'e Sitting>,
}

impl Miss<'_> {
    /// Whether these sittings were never meant for such a request.
    pub fn is_structural(&self) -> bool {
        self.rules.iter().any(|rule| STRUCTURE.contains(rule))
    }

    /// `the site is closed and the notice would be too short (closed, notice)`.
    pub fn words(&self) -> String {
        let words: Vec<String> = self.rules.iter().map(|rule| rule.words().to_owned()).collect();
        let codes: Vec<&str> = self.rules.iter().map(|rule| rule.code()).collect();
        format!("{} ({})", words::list(&words), codes.join(", "))
    }
}

impl Explainer<'_, '_> {
    /// The sittings grouped by the rules they fail, those that fail the fewest first, then the largest groups.
    pub(super) fn misses<'s>(
        &self,
        planned: &Planned,
        sittings: impl Iterator<Item = &'s Sitting>,
    ) -> Vec<Miss<'s>> {
        let mut groups: BTreeMap<Vec<Rule>, Vec<&Sitting>> = BTreeMap::new();
        for sitting in sittings {
            let rules = hurdles(self.context, planned, sitting);
            if !rules.is_empty() {
                groups.entry(rules).or_default().push(sitting);
            }
        }
        let mut found: Vec<Miss<'s>> =
            groups.into_iter().map(|(rules, sittings)| Miss { rules, sittings }).collect();
        found.sort_by_key(|miss| {
            (
                miss.is_structural(),
                miss.rules.len(),
                std::cmp::Reverse(miss.sittings.len()),
                miss.rules.clone(),
            )
        });
        found
    }

    /// The nearest misses of a request over the whole plan.
    pub(super) fn nearest_misses(&self, planned: &Planned) -> Vec<Miss<'_>> {
        let mut found = self.misses(planned, self.context.sittings_for(planned));
        if let Some(first) = found.first() {
            let (fewest, kind) = (first.rules.len(), first.is_structural());
            found.retain(|miss| miss.rules.len() == fewest && miss.is_structural() == kind);
        }
        found
    }

    /// Why a request without any candidate has none.
    pub(super) fn no_candidate(&self, index: PlannedIdx) -> String {
        let planned = &self.prepared.requests[index.index()];
        if let Link::Booked { end, min_days, max_days } = planned.link
            && !offers(self.context, planned).is_empty()
        {
            return format!(
                "no slot that suits is {min_days} to {max_days} days after the appointment before it, which is \
                 booked on {}",
                words::moment(end)
            );
        }
        let near = self.nearest_misses(planned);
        if near.is_empty() {
            return "there is no session at any site that serves this patient".to_owned();
        }
        let told: Vec<String> = near
            .iter()
            .take(TOLD)
            .map(|miss| {
                let sessions = words::count(miss.sittings.len(), "session", "sessions");
                format!("in {sessions} {}", miss.words())
            })
            .collect();
        format!("no slot suits: {}", told.join("; "))
    }
}
