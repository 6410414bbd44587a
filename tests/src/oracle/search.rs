//! All combinations of candidates-or-unplaced, by depth-first search.
//!
//! The only plans passed over are those that break a rule already, and those that cannot beat the best one even
//! if every request still to be decided got what is best for it alone. Vectors are compared entry by entry and
//! added entry by entry, so the sum of the least additions is not more than any sum of additions.

use super::candidates::Candidate;
use super::cost::Vector;
use super::rules::Rules;

/// One way to serve a request, and what it adds to the vector.
pub struct Choice<'a> {
    /// Where; `None` = left out.
    pub place: Option<&'a Candidate>,
    /// What it adds.
    pub cost: Vector,
}

/// What a search found.
pub struct Found<'a> {
    /// The least vector.
    pub vector: Vector,
    /// One plan that has it, request by request.
    pub plan: Vec<Option<&'a Candidate>>,
    /// How many whole plans were seen that keep all rules.
    pub feasible: u64,
    /// How many decisions were tried.
    pub tried: u64,
}

/// The best plan over the choices of each request.
pub fn search<'a>(rules: &Rules<'_>, mut choices: Vec<Vec<Choice<'a>>>) -> Option<Found<'a>> {
    for of_request in &mut choices {
        of_request.sort_by_key(|choice| choice.cost);
    }
    // at_least[k]: the least that requests k.. can add together.
    let mut at_least = vec![Vector::default(); choices.len() + 1];
    for (k, of_request) in choices.iter().enumerate().rev() {
        at_least[k] = at_least[k + 1] + of_request.first().map(|choice| choice.cost).unwrap_or_default();
    }
    let mut search = Search { rules, choices: &choices, at_least, best: None, feasible: 0, tried: 0 };
    search.decide(&mut Vec::new(), Vector::default());
    let (feasible, tried) = (search.feasible, search.tried);
    search.best.map(|(vector, plan)| Found { vector, plan, feasible, tried })
}

struct Search<'s, 'a> {
    rules: &'s Rules<'s>,
    choices: &'s [Vec<Choice<'a>>],
    at_least: Vec<Vector>,
    best: Option<(Vector, Vec<Option<&'a Candidate>>)>,
    feasible: u64,
    tried: u64,
}

impl<'a> Search<'_, 'a> {
    fn decide(&mut self, plan: &mut Vec<Option<&'a Candidate>>, so_far: Vector) {
        let Some(of_request) = self.choices.get(plan.len()) else {
            self.feasible += 1;
            if self.best.as_ref().is_none_or(|(vector, _)| so_far < *vector) {
                self.best = Some((so_far, plan.clone()));
            }
            return;
        };
        for choice in of_request {
            let with = so_far + choice.cost;
            let bound = with + self.at_least[plan.len() + 1];
            if self.best.as_ref().is_some_and(|(vector, _)| bound >= *vector) {
                // The choices ascend by cost: none after this one can do better.
                break;
            }
            self.tried += 1;
            plan.push(choice.place);
            if self.rules.hold(plan).is_ok() {
                self.decide(plan, with);
            }
            plan.pop();
        }
    }
}
