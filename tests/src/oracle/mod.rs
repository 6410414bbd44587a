//! A brute-force oracle: the best plan of a small case, straight from the SPEC.
//!
//! It is written to be read beside the SPEC, clause by clause, and shares no line with the engine but the data
//! model and the calendar. Where the SPEC leaves something open, the comment at that place says how it is read.

mod before;
mod candidates;
mod contact;
mod cost;
mod excluded;
mod rules;
mod search;
pub mod switches;

use std::collections::BTreeMap;

use rebook::model::{Case, PlanRow};

pub use before::{Wanted, ranks_of_tiers};
pub use candidates::Candidate;
pub use cost::Layout;
pub use excluded::check_first;
pub use switches::{Clause, Switches};

use rules::Rules;
use search::Choice;

/// What the oracle says of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oracle {
    /// The best vector: late_1..late_v, window, late_v+1..late_n, wait_1..wait_n, order.
    pub vector: Vec<i64>,
    /// Reason codes of the excluded, by line.
    pub excluded: BTreeMap<u64, &'static str>,
    /// One best plan: the place of each request that is placed, by line.
    pub plan: BTreeMap<u64, Candidate>,
    /// Whole plans seen that keep all rules.
    pub feasible: u64,
    /// Decisions tried.
    pub tried: u64,
}

/// A case as the oracle sees it before it searches.
#[derive(Debug)]
pub struct Prepared<'a> {
    case: &'a Case,
    switches: Switches,
    /// Reason codes of the excluded, by line.
    pub excluded: BTreeMap<u64, &'static str>,
    /// The others, in the order of the file.
    pub wanted: Vec<Wanted<'a>>,
    /// Their candidates.
    pub candidates: Vec<Vec<Candidate>>,
    /// Where the entries stand.
    pub layout: Layout,
}

/// The best plan of a case.
pub fn best(case: &Case) -> Oracle {
    best_with(case, Switches::ALL_ON)
}

/// The best plan of a case where some clauses do not hold.
pub fn best_with(case: &Case, switches: Switches) -> Oracle {
    prepare(case, switches).best()
}

/// Sections 1 to 3.
pub fn prepare(case: &Case, switches: Switches) -> Prepared<'_> {
    let excluded = excluded::excluded(case);
    let wanted: Vec<Wanted<'_>> = case
        .requests
        .iter()
        .filter(|request| !excluded.contains_key(&request.line))
        .map(|request| before::wanted(case, request, switches))
        .collect();
    let candidates = wanted.iter().map(|one| candidates::candidates(case, one, switches)).collect();
    Prepared { case, switches, excluded, candidates, layout: Layout::of(case, switches), wanted }
}

impl Prepared<'_> {
    /// The case.
    pub fn case(&self) -> &Case {
        self.case
    }

    /// Sections 4 and 5, over all combinations.
    pub fn best(&self) -> Oracle {
        self.best_within(u64::MAX).expect("to leave everybody out breaks no rule")
    }

    /// The same, or `None` where more than `limit` decisions had to be tried.
    pub fn best_within(&self, limit: u64) -> Option<Oracle> {
        self.least_within(limit, self.layout.length(), |_, _, cost| cost)
    }

    /// The best plan where moves are counted, in an entry after those of lateness with `window` among them: requests that had
    /// a place in the previous plan and have another one or none.
    pub fn best_moving_few_within(&self, limit: u64) -> Option<Oracle> {
        self.least_within(limit, self.layout.length() + 1, |wanted, place, cost| {
            let before = excluded::previous_row(self.case, &wanted.request.request_id);
            let stays = |row: &PlanRow| {
                place.is_some_and(|place| {
                    self.case.sessions[place.session].session_id == row.session_id && place.start == row.start
                })
            };
            cost.with_moves(self.layout, i64::from(before.is_some_and(|row| !stays(row))))
        })
    }

    fn least_within(
        &self,
        limit: u64,
        length: usize,
        counted: impl Fn(&Wanted<'_>, Option<&Candidate>, cost::Vector) -> cost::Vector,
    ) -> Option<Oracle> {
        let rules = Rules::new(self.case, &self.wanted, &self.excluded, self.switches);
        let choices = self
            .wanted
            .iter()
            .zip(&self.candidates)
            .map(|(wanted, candidates)| {
                let places = candidates.iter().map(Some).chain([None]);
                places
                    .map(|place| {
                        let own = cost::cost(self.case, self.layout, wanted, place, self.switches);
                        Choice { place, cost: counted(wanted, place, own) }
                    })
                    .collect()
            })
            .collect();
        let found = search::search(&rules, choices, limit)?;
        let plan = self.wanted.iter().zip(&found.plan);
        Some(Oracle {
            vector: found.vector.entries(length),
            excluded: self.excluded.clone(),
            plan: plan
                .filter_map(|(wanted, place)| Some((wanted.request.line, Candidate::clone((*place)?))))
                .collect(),
            feasible: found.feasible,
            tried: found.tried,
        })
    }

    /// `call_order` and `call_by` of each placed request, by line.
    pub fn turns(&self, places: &BTreeMap<u64, &Candidate>) -> BTreeMap<u64, contact::Turn> {
        contact::turns(self, places)
    }

    /// What the request at that position of `wanted` adds to the vector there, or left out.
    pub fn adds(&self, position: usize, place: Option<&Candidate>) -> Vec<i64> {
        let added = cost::cost(self.case, self.layout, &self.wanted[position], place, self.switches);
        added.entries(self.layout.length())
    }

    /// The vector of a given plan, where it keeps all rules; else which clause it breaks, and for which line.
    ///
    /// # Errors
    /// The clause and the line.
    pub fn judge(&self, places: &BTreeMap<u64, &Candidate>) -> Result<Vec<i64>, (Clause, u64)> {
        let rules = Rules::new(self.case, &self.wanted, &self.excluded, self.switches);
        let mut plan = Vec::new();
        let mut vector = cost::Vector::default();
        for wanted in &self.wanted {
            let place = places.get(&wanted.request.line).copied();
            rules.allow(&plan, plan.len(), place).map_err(|clause| (clause, wanted.request.line))?;
            plan.push(place);
            vector += cost::cost(self.case, self.layout, wanted, place, self.switches);
        }
        Ok(vector.entries(self.layout.length()))
    }
}
