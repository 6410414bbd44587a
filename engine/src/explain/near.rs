//! Sessions without a start that suits: which rules of SPEC section 3 are in the way, the nearest misses first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Explainer, words};
use crate::candidates::{Rule, Sitting, hurdles, offers, unmet_needs};
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

    /// `closed, notice`.
    fn codes(&self) -> String {
        let codes: Vec<&str> = self.rules.iter().map(|rule| rule.code()).collect();
        codes.join(", ")
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

    /// What is in the way in these sittings, rule by rule; needs that are missing are named.
    pub(super) fn miss_words(&self, planned: &Planned, miss: &Miss<'_>) -> Vec<String> {
        let of_rule = |rule: &Rule| match rule {
            Rule::Channel => self.lacking_words(planned, &miss.sittings),
            _ => rule.words().to_owned(),
        };
        miss.rules.iter().map(of_rule).collect()
    }

    /// Which needs are not met, or that no channel suits.
    fn lacking_words(&self, planned: &Planned, sittings: &[&Sitting]) -> String {
        let mut lacking: BTreeSet<&str> = BTreeSet::new();
        let mut no_channel = false;
        for sitting in sittings {
            let session = self.context.session(sitting);
            if !planned.channels.iter().any(|channel| session.delivery_channels.contains(channel)) {
                no_channel = true;
                continue;
            }
            lacking.extend(unmet_needs(self.context, planned, sitting).map(String::as_str));
        }
        let mut said: Vec<String> = Vec::new();
        let lacking: Vec<String> = lacking.into_iter().map(str::to_owned).collect();
        match lacking.len() {
            0 => {}
            1 => said.push(format!("{} is missing", lacking[0])),
            _ => said.push(format!("{} are missing", words::list(&lacking))),
        }
        if no_channel {
            said.push("it is not held by a channel that suits".to_owned());
        }
        said.join(", or ")
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
            return "there is no slot at any site that serves this patient".to_owned();
        }
        let told: Vec<String> = near
            .iter()
            .take(TOLD)
            .map(|miss| {
                let sessions = words::count(miss.sittings.len(), "session", "sessions");
                let why = words::list(&self.miss_words(planned, miss));
                format!("in {sessions} {why} ({})", miss.codes())
            })
            .collect();
        format!("no slot suits: {}", told.join("; "))
    }
}
