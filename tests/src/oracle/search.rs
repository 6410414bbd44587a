//! All combinations of candidates-or-unplaced, by depth-first search.
//!
//! The only plans passed over are those that break a rule already, and those that cannot beat the best one even
//! if every request still to be decided got what is best for it alone, among what the decisions so far allow it.
//! (What they do not allow, no further decision will.) Vectors are compared entry by entry and added entry by
//! entry, so the sum of the least additions is not more than any sum of additions.

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

/// The best plan over the choices of each request; `None` where more than `limit` decisions had to be tried.
pub fn search<'a>(rules: &Rules<'_>, mut choices: Vec<Vec<Choice<'a>>>, limit: u64) -> Option<Found<'a>> {
    for of_request in &mut choices {
        of_request.sort_by_key(|choice| choice.cost);
    }
    let mut search = Search { rules, choices: &choices, best: None, feasible: 0, tried: 0, limit };
    search.decide(&mut Vec::new(), Vector::default());
    let (feasible, tried) = (search.feasible, search.tried);
    search.best.filter(|_| tried <= limit).map(|(vector, plan)| Found { vector, plan, feasible, tried })
}

struct Search<'s, 'a> {
    rules: &'s Rules<'s>,
    /// Ascending by cost.
    choices: &'s [Vec<Choice<'a>>],
    best: Option<(Vector, Vec<Option<&'a Candidate>>)>,
    feasible: u64,
    tried: u64,
    limit: u64,
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
        let Some(others) = self.others_add_at_least(plan) else { return };
        for choice in of_request {
            let with = so_far + choice.cost;
            if self.best.as_ref().is_some_and(|(vector, _)| with + others >= *vector) {
                // The choices ascend by cost: none after this one can do better.
                break;
            }
            if self.tried > self.limit {
                return;
            }
            self.tried += 1;
            if self.rules.allow(plan, plan.len(), choice.place).is_ok() {
                plan.push(choice.place);
                self.decide(plan, with);
                plan.pop();
            }
        }
    }

    /// The least that the requests after the next one can add, each looked at alone; `None` where nothing is
    /// allowed to one of them.
    fn others_add_at_least(&self, plan: &[Option<&Candidate>]) -> Option<Vector> {
        let mut sum = Vector::default();
        for (position, of_request) in self.choices.iter().enumerate().skip(plan.len() + 1) {
            let mut allowed =
                of_request.iter().filter(|choice| self.rules.allow(plan, position, choice.place).is_ok());
            sum += allowed.next()?.cost;
        }
        Some(sum)
    }
}
