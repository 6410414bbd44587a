//! The guarantee against its own words: on many small random plans, everybody who may be displaced is tried in
//! every combination, and each plan that results is checked rule by rule, without the ledger.

use crate::model::{Case, ContactRoute, Reserve};
use crate::verify::asks::Asks;
use crate::verify::exclusions::judge;
use crate::verify::findings::Findings;
use crate::verify::ledger::Limits;
use crate::verify::objective::{days_late, in_window_entry, points, standing};
use crate::verify::place::{Place, candidate_at, candidates};
use crate::verify::test_support::{Dice, Scene, date};
use crate::verify::view::View;
use crate::verify::{book, calls, guarantee, links, occupancy, patients, reserve, swap, visits};

/// A case of a few sessions and requests, with every kind of limit now and then.
pub(super) fn random_case(dice: &mut Dice) -> Case {
    let mut scene = Scene::new();
    for number in 0..2 + dice.below(3) {
        let day = dice.pick(&["2024-07-22", "2024-07-23", "2024-07-30"]);
        let start = format!("{day}T09:{}", dice.pick(&["00", "10", "15"]));
        let id = format!("s{number}");
        let (who, site) = (dice.pick(&["dr", "dr2"]), dice.pick(&["S1", "S1", "S2"]));
        let slots = 1 + dice.below(3) as u32;
        let session = scene.session(&id, who, site, &start, slots);
        session.max_contacts = dice.one_in(4).then_some(1);
        if dice.one_in(4) {
            scene.group(&format!("{id}/1"), 2);
        }
        if dice.one_in(6) {
            scene.slot(&format!("{id}/1")).reserved_for = Some("urgent".to_owned());
        }
    }
    let count = 3 + dice.below(4);
    for number in 0..count {
        let request = scene.request(&format!("r{number}"), dice.pick(&["U", "A", "B", "C", "C"]));
        request.duration_minutes = Some(dice.pick(&[10, 15, 15, 30]));
        request.contact_route = dice.pick(&[ContactRoute::Letter, ContactRoute::Phone]);
        request.latest_date = dice.one_in(4).then(|| date("2024-07-30"));
        if dice.one_in(4) {
            request.due_date = Some(date("2024-07-22"));
        }
        if number > 0 && dice.one_in(3) {
            request.after_request_id = Some(format!("r{}", dice.below(number)));
            request.after_min_days = dice.pick(&[0, 0, 1]);
            request.after_max_days = dice.pick(&[0, 1, 9]);
        }
        if dice.one_in(3) {
            request.together_id = Some(dice.pick(&["v", "w"]).to_owned());
        }
        if dice.one_in(5) {
            request.patient_id = "pat-r0".to_owned();
            request.original_start = Some(crate::verify::test_support::moment("2024-07-20T09:00"));
        }
    }
    for clinician in ["dr", "dr2"] {
        scene.clinician(clinician).max_contacts_day = dice.one_in(4).then_some(2);
    }
    scene.site("S1").calls_per_day = dice.one_in(3).then_some(1);
    if dice.one_in(3) {
        scene.case.policy.reserves =
            vec![Reserve { role: "gp".to_owned(), fraction: "0.5".parse().unwrap() }];
    }
    scene.case
}

struct Trial<'a> {
    view: &'a View<'a>,
    asks: &'a Asks<'a>,
}

impl Trial<'_> {
    /// Whether every rule of section 4 is kept.
    fn sound(&self, places: &[Option<Place>]) -> bool {
        let (view, asks) = (self.view, self.asks);
        let mut out = Findings::default();
        occupancy::check(view, asks, places, &mut out);
        book::check(view, asks, places, &mut out);
        reserve::check(view, asks, places, &mut out);
        calls::check(view, asks, places, &mut out);
        patients::check(view, asks, places, &mut out);
        links::check(asks, places, &mut out);
        visits::check(view, asks, places, &mut out);
        out.into_sorted().is_empty()
    }

    /// A sound plan, put together at random.
    fn random_plan(&self, dice: &mut Dice) -> Vec<Option<Place>> {
        let count = self.asks.all.len();
        let mut places = vec![None; count];
        for _ in 0..4 * count {
            let ask = dice.below(count);
            let group = match self.asks.all[ask].visit {
                Some(visit) => self.asks.visits[visit].clone(),
                None => vec![ask],
            };
            let mut tried = places.clone();
            for member in group {
                let found: Vec<Place> = candidates(self.view, &self.asks.all[member]).collect();
                tried[member] = (!found.is_empty() && places[member].is_none())
                    .then(|| found[dice.below(found.len())].clone());
            }
            if self.sound(&tried) {
                places = tried;
            }
        }
        places
    }

    /// Part (a) by its words: whether this request could gain.
    fn gains(&self, places: &[Option<Place>], mover: usize) -> bool {
        let ask = &self.asks.all[mover];
        let now = places[mover].as_ref();
        let window =
            (now.is_none() && in_window_entry(self.asks, ask)).then(|| self.asks.ranks.window_entry());
        let late = self.asks.ranks.late_entry(ask.rank);
        candidates(self.view, ask).any(|place| {
            let less_late = ask.weight * days_late(self.view, ask, Some(&place))
                < ask.weight * days_late(self.view, ask, now);
            let entries = window.filter(|_| ask.weight > 0).into_iter().chain(less_late.then_some(late));
            entries.into_iter().any(|entry| self.displacing(places, mover, &place, entry))
        })
    }

    fn displacing(&self, places: &[Option<Place>], mover: usize, place: &Place, entry: u32) -> bool {
        let count = self.asks.all.len();
        let later = |ask: usize| standing(self.asks, &self.asks.all[ask]) > entry;
        (0u32..1 << count).any(|set| {
            let leaves = |ask: usize| set & (1 << ask) != 0;
            let closed = (0..count).filter(|&ask| leaves(ask)).all(|ask| {
                let companions = self.asks.all[ask].visit.map_or(&[][..], |visit| &self.asks.visits[visit]);
                let along = companions.iter().chain(&self.asks.followers[ask]);
                places[ask].is_some()
                    && ask != mover
                    && later(ask)
                    && along.copied().filter(|&other| places[other].is_some()).all(leaves)
            });
            closed && {
                let mut tried: Vec<Option<Place>> = places.to_vec();
                (0..count).filter(|&ask| leaves(ask)).for_each(|ask| tried[ask] = None);
                tried[mover] = Some(place.clone());
                self.sound(&tried)
            }
        })
    }

    /// Part (b) by its words.
    fn should_swap(&self, places: &[Option<Place>], one: usize, other: usize) -> bool {
        let (Some(a), Some(b)) = (&places[one], &places[other]) else { return false };
        let (ask, other_ask) = (&self.asks.all[one], &self.asks.all[other]);
        let Some(taken) = candidate_at(self.view, ask, b.session, &b.slots) else { return false };
        let Some(given) = candidate_at(self.view, other_ask, a.session, &a.slots) else { return false };
        let mut tried = places.to_vec();
        tried[one] = Some(taken.clone());
        tried[other] = Some(given.clone());
        ask.rank < other_ask.rank
            && points(self.view, ask, Some(&taken)) < points(self.view, ask, Some(a))
            && days_late(self.view, ask, Some(&taken)) <= days_late(self.view, ask, Some(a))
            && days_late(self.view, other_ask, Some(&given)) <= days_late(self.view, other_ask, Some(b))
            && self.sound(&tried)
    }
}

#[test]
fn the_guarantee_is_what_its_words_say() {
    let mut dice = Dice::new(7);
    let (mut gains, mut swaps, mut neither) = (0, 0, 0);
    for round in 0..1500 {
        let case = random_case(&mut dice);
        let view = View::new(&case);
        let asks = Asks::new(&view, &judge(&view));
        let limits = Limits::new(&view);
        let trial = Trial { view: &view, asks: &asks };
        let places = trial.random_plan(&mut dice);
        let count = asks.all.len();

        let mut out = Findings::default();
        guarantee::check(&view, &asks, &limits, &places, &mut out);
        let found: Vec<String> = out.into_sorted().into_iter().map(|v| v.requests[0].clone()).collect();
        let mut expected: Vec<String> = (0..count)
            .filter(|&ask| trial.gains(&places, ask))
            .map(|ask| asks.all[ask].id().to_owned())
            .collect();
        expected.sort();
        assert_eq!(found, expected, "part (a), round {round}: {places:#?}");

        let mut out = Findings::default();
        swap::check(&view, &asks, &limits, &places, &mut out);
        let mut found = Vec::new();
        for violation in out.into_sorted() {
            let one = violation.requests[0].clone();
            found.extend(violation.requests.into_iter().skip(1).map(|other| (one.clone(), other)));
        }
        found.sort();
        let pairs = (0..count).flat_map(|one| (0..count).map(move |other| (one, other)));
        let mut expected: Vec<(String, String)> = pairs
            .filter(|&(one, other)| trial.should_swap(&places, one, other))
            .map(|(one, other)| (asks.all[one].id().to_owned(), asks.all[other].id().to_owned()))
            .collect();
        expected.sort();
        assert_eq!(found, expected, "part (b), round {round}: {places:#?}");

        gains += usize::from(trial.sound(&places) && (0..count).any(|ask| trial.gains(&places, ask)));
        swaps += found.len();
        neither += usize::from((0..count).all(|ask| !trial.gains(&places, ask)) && found.is_empty());
    }
    assert!(gains > 20 && swaps > 20 && neither > 20, "{gains} gains, {swaps} swaps, {neither} neither");
}
