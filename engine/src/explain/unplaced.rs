//! Why a request has no place: one code of SPEC section 6, and the same in words.
//!
//! The first that holds, in this order, is the code:
//! 1. `window-passed`, `after-excluded`: nothing the book holds could change it.
//! 2. `after-unplaced`: what it comes after, outside its own visit, has no place.
//! 3. `no-candidate`: the request itself has no candidate at all.
//! 4. `together-impossible`: a companion of its visit is barred or has no candidate, or no arrangement of the
//!    visit would fit into the empty book. A visit that waits for another request is `after-unplaced` as a whole.
//! 5. `cap`, `reserve`, `calls`: at some start nobody is in the way and such a limit alone is: the limit that
//!    closes most of these starts, and among equals the first as listed. It is what a manager can change.
//! 6. `held`: at every start somebody of at least its standing is in the way, or an appointment that it is tied to.

use std::collections::{BTreeMap, BTreeSet};

use super::hold::{Kind, Obstacle};
use super::reason::Tally;
use super::{Explainer, words};
use crate::prepare::{Barred, Link, PlannedIdx};
use crate::solve::Limit;

/// A code of `unplaced.csv` and the reason in words.
type Verdict = (&'static str, String);

/// What keeps every way from an unplaced request.
#[derive(Debug, Default)]
struct Survey {
    ways: usize,
    kinds: Tally,
    /// Ways that limits alone close, by the kind of limit.
    by_limit: BTreeMap<Kind, usize>,
    /// The full limits at those.
    full: BTreeSet<Limit>,
    /// Linked appointments that are in the way.
    tied: BTreeSet<PlannedIdx>,
}

impl Explainer<'_, '_> {
    /// Why a request has no place: a code of SPEC section 6, and the reason in words.
    pub fn unplaced_reason(&self, index: PlannedIdx) -> (&'static str, String) {
        let (code, text) = self.verdict(index, &mut BTreeSet::new());
        (code, words::sentence(&text))
    }

    fn verdict(&self, index: PlannedIdx, asked: &mut BTreeSet<PlannedIdx>) -> Verdict {
        asked.insert(index);
        let planned = &self.prepared.requests[index.index()];
        match planned.barred {
            Some(Barred::WindowPassed) => {
                let latest = self.context.request(planned).latest_date.map(words::date).unwrap_or_default();
                return ("window-passed", format!("its latest date, {latest}, is before the plan begins"));
            }
            Some(Barred::AfterExcluded) => {
                let after = self.context.request(planned).after_request_id.as_deref().unwrap_or_default();
                let text = format!("it comes after {after}, which is excluded from the plan");
                return ("after-excluded", text);
            }
            None => {}
        }
        if let Some(before) = self.waits_for(index) {
            return ("after-unplaced", format!("it comes after {}, which has no place", self.id(before)));
        }
        if self.offers_of(index).is_empty() {
            return ("no-candidate", self.no_candidate(index));
        }
        if planned.visit.is_some()
            && let Some(verdict) = self.companions(index, asked)
        {
            return verdict;
        }
        self.crowded_out(index)
    }

    /// The request outside its own visit that it comes after and that has no place.
    fn waits_for(&self, index: PlannedIdx) -> Option<PlannedIdx> {
        let planned = &self.prepared.requests[index.index()];
        let Link::After { other, .. } = planned.link else { return None };
        let own_visit =
            planned.visit.is_some() && self.prepared.requests[other.index()].visit == planned.visit;
        (!own_visit && self.placed[other.index()].is_none()).then_some(other)
    }

    /// What the companions of a visit are in want of, and whether the visit could ever be.
    fn companions(&self, index: PlannedIdx, asked: &mut BTreeSet<PlannedIdx>) -> Option<Verdict> {
        let members = self.job(index);
        for &member in members.iter().filter(|&&member| member != index) {
            let with = format!("{}, which is to be booked with it", self.id(member));
            if self.prepared.requests[member.index()].barred.is_some() {
                let (_, why) = self.verdict(member, asked);
                return Some(("together-impossible", format!("{with}, can have no place: {why}")));
            }
            if self.offers_of(member).is_empty() {
                let why = self.no_candidate(member);
                return Some(("together-impossible", format!("{with}, has no candidate: {why}")));
            }
        }
        for &member in members.iter().filter(|&&member| member != index) {
            let Some(before) = self.waits_for(member) else { continue };
            let text = format!(
                "{}, which is to be booked with it, comes after {}, which has no place",
                self.id(member),
                self.id(before)
            );
            return Some(("after-unplaced", text));
        }
        let mut possible = false;
        self.each_way(index, |way| possible = possible || self.holds().within_limits(way.moves));
        (!possible).then(|| {
            let others: Vec<&str> =
                members.iter().filter(|&&other| other != index).map(|&other| self.id(other)).collect();
            let text = format!(
                "on no date could it be booked in one visit with {}, even if nobody else were planned",
                words::few(&others, 4)
            );
            ("together-impossible", text)
        })
    }

    /// Held by others, or closed by a limit.
    fn crowded_out(&self, index: PlannedIdx) -> Verdict {
        let survey = self.survey(index);
        let most = survey.by_limit.values().max().copied().unwrap_or(0);
        let limit = survey.by_limit.iter().find(|(_, count)| **count == most).map(|(kind, _)| *kind);
        let code = match limit {
            Some(Kind::Cap) => "cap",
            Some(Kind::Reserve) => "reserve",
            Some(Kind::Calls) => "calls",
            _ => "held",
        };
        let what = match self.prepared.requests[index.index()].visit {
            Some(_) => words::count(survey.ways, "way", "ways") + " to book the visit",
            None => words::count(survey.ways, "start", "starts") + " would suit",
        };
        let held: Vec<String> =
            survey.kinds.iter().map(|(&kind, &count)| kind.held(count, self.proven)).collect();
        let mut text = format!("{what}: {}", words::list(&held));
        if !survey.tied.is_empty() {
            let tied: Vec<&str> = survey.tied.iter().map(|&other| self.id(other)).collect();
            text += "; it is linked to ";
            text += &words::few(&tied, 3);
        }
        if let Some(kind) = limit {
            let full: Vec<String> = survey
                .full
                .iter()
                .filter(|&&limit| self.holds().kind(index, &Obstacle::Full(limit)) == kind)
                .map(|&limit| self.limit_words(limit))
                .collect();
            let full: Vec<&str> = full.iter().map(String::as_str).collect();
            text += "; no more: ";
            text += &words::few(&full, 3);
        }
        (code, text)
    }

    fn survey(&self, index: PlannedIdx) -> Survey {
        let holds = self.holds();
        let mut survey = Survey::default();
        self.each_way(index, |way| {
            let obstacles = holds.obstacles(way.moves);
            survey.ways += 1;
            *survey.kinds.entry(holds.telling(index, way.moves, &obstacles)).or_default() += 1;
            let mut limits = BTreeSet::new();
            for obstacle in &obstacles {
                match obstacle {
                    Obstacle::Full(limit) => {
                        limits.insert(*limit);
                    }
                    Obstacle::Waits(other)
                    | Obstacle::After(other)
                    | Obstacle::Before(other)
                    | Obstacle::Patient(other) => {
                        survey.tied.insert(*other);
                    }
                    Obstacle::Taken(_) => {}
                }
            }
            if !obstacles.is_empty() && obstacles.iter().all(|one| matches!(one, Obstacle::Full(_))) {
                let kinds: BTreeSet<Kind> =
                    obstacles.iter().map(|obstacle| holds.kind(index, obstacle)).collect();
                for kind in kinds {
                    *survey.by_limit.entry(kind).or_default() += 1;
                }
                survey.full.extend(limits);
            }
        });
        survey
    }

    /// Which limit it is, in words.
    pub(super) fn limit_words(&self, limit: Limit) -> String {
        let case = self.context.case;
        match limit {
            Limit::Day(clinician, date) => {
                let id = &case.clinicians[clinician.index()].practitioner_id;
                format!("contacts of {id} on {}", words::date(date))
            }
            Limit::Session(session) => format!("contacts in {}", case.sessions[session.index()].session_id),
            Limit::Reserve(site, role, date) => {
                let site = &case.sites[site.index()].site_id;
                let role = &case.policy.reserves[role as usize].role;
                format!("{role} minutes at {site} on {} beyond the reserve", words::date(date))
            }
            Limit::Calls(site, date) => {
                let site = &case.sites[site.index()].site_id;
                format!("calls of {site} by {}", words::date(date))
            }
        }
    }
}
