//! Why a placed request is where it is: one or two sentences for `plan.csv`.

use std::collections::BTreeMap;

use super::glance::Glance;
use super::hold::Kind;
use super::ways::Way;
use super::{Explainer, words};
use crate::candidates::Offer;
use crate::model::{Continuity, DeliveryChannel};
use crate::objective::days_late;
use crate::prepare::{Link, Planned, PlannedIdx};
use crate::solve::Placed;

/// How many starts are kept from a request by each kind of thing.
pub(super) type Tally = BTreeMap<Kind, usize>;

/// What the other ways to place a request come to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Others {
    /// First day on which there is any way at all.
    first_day: Option<u32>,
    /// Ways that would suit better.
    better: Tally,
    /// First day of those.
    better_from: Option<u32>,
    /// Ways on an earlier date that would suit no better.
    earlier: usize,
    /// What is less convenient about those.
    drawbacks: Vec<&'static str>,
}

impl Explainer<'_, '_> {
    /// Why a placed request is where it is, in one or two sentences; empty for one that has no place.
    pub fn place_reason(&self, index: PlannedIdx) -> String {
        let Some(placed) = &self.placed[index.index()] else { return String::new() };
        let planned = &self.prepared.requests[index.index()];
        let others = self.others(index, placed);
        debug_assert_eq!(
            others,
            self.others_among(index, placed, None),
            "the rest of the offers do not matter"
        );
        let mut first = self.timing(planned, placed);
        if others.better.is_empty() {
            let first_date = others.first_day.is_none_or(|day| day >= placed.offer.day);
            first +=
                if first_date { ", on the first date that suits" } else { ", at the best place that suits" };
        }
        for clause in self.circumstances(index, planned, placed) {
            first += "; ";
            first += &clause;
        }
        let mut sentences = vec![words::sentence(&first)];
        if let Some(held) = self.held_back(index, &others) {
            sentences.push(words::sentence(&held));
        } else if others.earlier > 0 && !others.drawbacks.is_empty() {
            let starts = words::count(others.earlier, "earlier start suits", "earlier starts suit");
            sentences.push(words::sentence(&format!("{starts} less well: {}", others.drawbacks.join(", "))));
        }
        sentences.join(" ")
    }

    fn timing(&self, planned: &Planned, placed: &Placed) -> String {
        let target = words::date(planned.target);
        match days_late(self.context, planned, i64::from(placed.offer.day)) {
            0 => format!("in time for its target, {target}"),
            late => format!("{} after its target, {target}", words::count(late as usize, "day", "days")),
        }
    }

    /// What else decides where it goes: a passed window, a visit, a link, the plan before.
    fn circumstances(&self, index: PlannedIdx, planned: &Planned, placed: &Placed) -> Vec<String> {
        let mut clauses = Vec::new();
        if planned.window_passed {
            clauses.push("its latest date had passed before the plan began".to_owned());
        }
        if planned.visit.is_some() {
            let others: Vec<&str> = self
                .job(index)
                .into_iter()
                .filter(|&other| other != index)
                .map(|other| self.id(other))
                .collect();
            clauses.push(format!("as one visit with {}", words::few(&others, 4)));
        }
        if let (Link::After { other, .. }, Some(seat)) = (planned.link, self.ledger.seat(index))
            && let Some(before) = self.ledger.seat(other)
        {
            let days = (seat.date() - before.date()).num_days();
            let days = if days == 0 {
                "on the same day, after".to_owned()
            } else {
                format!("{} after", words::count(days as usize, "day", "days"))
            };
            clauses.push(format!("{days} {}", self.id(other)));
        }
        clauses.extend(self.since_before(index, planned, placed));
        clauses
    }

    /// Kept where the plan before had it, or why not.
    fn since_before(&self, index: PlannedIdx, planned: &Planned, placed: &Placed) -> Option<String> {
        let (session, start) = planned.previous.as_ref()?;
        if !placed.offer.moved {
            return Some("as in the plan before".to_owned());
        }
        let mut now = None;
        self.each_way(index, |way| {
            let own = way.moves.iter().find(|one| one.who == index);
            if own.is_some_and(|one| !one.offer.moved) && now.is_none() {
                now = Some(self.kind_of(index, &way));
            }
        });
        let why = match now {
            None => "is no longer possible",
            Some(Kind::Link) => "no longer fits the appointment it is linked to",
            Some(Kind::Patient) => "overlaps another new appointment of the patient",
            Some(Kind::MoreUrgent) => "has gone to a more urgent patient",
            Some(Kind::LastDate) => "has gone to a patient with a last date to keep",
            Some(Kind::AsUrgent | Kind::LessUrgent) => "has gone to another patient",
            Some(Kind::Cap) => "would be one contact too many",
            Some(Kind::Reserve) => "is kept for new demand",
            Some(Kind::Calls) => "comes before all can be called",
            Some(Kind::Free) => "suits less well",
        };
        Some(format!("its place in the plan before ({session}, {}) {why}", words::moment(*start)))
    }

    /// The most telling thing in the way of this way.
    pub(super) fn kind_of(&self, index: PlannedIdx, way: &Way<'_, '_>) -> Kind {
        let holds = self.holds();
        holds.telling(index, way.moves, &holds.obstacles(way.moves))
    }

    fn others(&self, index: PlannedIdx, placed: &Placed) -> Others {
        let alone = self.prepared.requests[index.index()].visit.is_none();
        let offers = alone.then(|| self.offers_that_matter(index, placed));
        self.others_among(index, placed, offers.as_deref())
    }

    /// The same of these offers alone, or of all ways.
    fn others_among<'s>(&'s self, index: PlannedIdx, placed: &Placed, offers: Option<&'s [Offer]>) -> Others {
        let present = self.present_cost(index);
        let mut others = Others::default();
        let mut glance = Glance::new(self.holds(), index, Some(&placed.offer));
        let look = |way: Way<'_, 's>| {
            others.first_day = Some(others.first_day.map_or(way.day, |day| day.min(way.day)));
            if way.cost < present.as_slice() {
                *others.better.entry(glance.kind(&way)).or_default() += 1;
                others.better_from = Some(others.better_from.map_or(way.day, |day| day.min(way.day)));
            } else if way.day < placed.offer.day {
                others.earlier += 1;
                for one in way.moves {
                    let now = self.placed[one.who.index()].as_ref().map(|placed| &placed.offer);
                    for drawback in now.map_or(Vec::new(), |now| self.drawbacks(one.who, one.offer, now)) {
                        if !others.drawbacks.contains(&drawback) {
                            others.drawbacks.push(drawback);
                        }
                    }
                }
            }
        };
        match offers {
            Some(offers) => self.each_start(index, offers, look),
            None => self.each_way(index, look),
        }
        others
    }

    /// What is less convenient about one offer than about another.
    pub(super) fn drawbacks(&self, index: PlannedIdx, one: &Offer, than: &Offer) -> Vec<&'static str> {
        let planned = &self.prepared.requests[index.index()];
        let request = self.context.request(planned);
        let session = |offer: &Offer| &self.context.case.sessions[offer.session.index()];
        let stranger = |offer: &Offer| {
            let id = &self.context.case.clinicians[session(offer).clinician.index()].practitioner_id;
            request.continuity == Continuity::Preferred
                && request.preferred_practitioner_id.as_ref().is_some_and(|preferred| preferred != id)
        };
        let elsewhere =
            |offer: &Offer| offer.channel == DeliveryChannel::InPerson && session(offer).site != planned.site;
        let role = |offer: &Offer| self.context.role_position(planned.care_type, session(offer).clinician);
        let found = [
            (stranger(one) && !stranger(than), "not the practitioner preferred"),
            (elsewhere(one) && !elsewhere(than), "at another site"),
            (role(one) > role(than), "a role further down the list"),
            (one.wasted > than.wasted, "minutes of the slots would be lost"),
            (one.moved && !than.moved, "moved from the plan before"),
        ];
        found.iter().filter(|(holds, _)| *holds).map(|(_, words)| *words).collect()
    }

    /// What holds the better places, in counts.
    fn held_back(&self, index: PlannedIdx, others: &Others) -> Option<String> {
        let from = others.better_from?;
        let total: usize = others.better.values().sum();
        let in_visit = self.prepared.requests[index.index()].visit.is_some();
        let what = match (in_visit, total) {
            (true, 1) => "way for the visit".to_owned(),
            (true, _) => "ways for the visit".to_owned(),
            (false, 1) => "start".to_owned(),
            (false, _) => "starts".to_owned(),
        };
        let date = words::date(self.date_of(from));
        let held: Vec<String> =
            others.better.iter().map(|(&kind, &count)| kind.held(count, self.proven)).collect();
        Some(format!("{total} better {what} from {date} on: {}", words::list(&held)))
    }
}
