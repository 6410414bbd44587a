//! On how many random cases is each clause of the SPEC decisive?
//!
//! A clause that no case needs is not tested by comparing with the oracle, however many cases are compared. So
//! each clause is switched off in turn: a clause of section 3 is decisive where that changes the candidates of
//! some request, any other clause where it changes the best vector.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rebook::model::Case;

use crate::oracle::{Clause, Switches, prepare};

/// Decisions tried before a search is given up: the few cases beyond that are not counted.
const LIMIT: u64 = 5_000;

/// How often a clause was decisive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Cases in which switching it off changes the candidates of a request.
    pub candidates: usize,
    /// Cases in which switching it off changes the best vector.
    pub vectors: usize,
}

/// What a set of cases exercises.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Cases looked at.
    pub cases: usize,
    /// Cases not looked at because they are hard.
    pub hard: usize,
    /// By clause.
    pub clauses: BTreeMap<Clause, Count>,
    /// Cases with a row that is excluded so, by reason code.
    pub excluded: BTreeMap<&'static str, usize>,
    /// Requests placed and left out in the best plans.
    pub placed: usize,
    /// Requests left out in the best plans.
    pub unplaced: usize,
}

impl Coverage {
    /// Looks at one more case.
    pub fn add(&mut self, case: &Case) {
        self.cases += 1;
        let all_on = prepare(case, Switches::ALL_ON);
        let Some(best) = all_on.best_within(LIMIT) else {
            self.hard += 1;
            return;
        };
        self.placed += best.plan.len();
        self.unplaced += all_on.wanted.len() - best.plan.len();
        let mut codes: Vec<&str> = best.excluded.values().copied().collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            *self.excluded.entry(code).or_default() += 1;
        }
        for &clause in Clause::ALL {
            let without = prepare(case, Switches::without(clause));
            let count = self.clauses.entry(clause).or_default();
            count.candidates += usize::from(without.candidates != all_on.candidates);
            let differs = without.best_within(LIMIT).is_some_and(|other| other.vector != best.vector);
            count.vectors += usize::from(differs);
        }
    }

    /// Adds the counts of other cases.
    pub fn merge(&mut self, other: &Self) {
        self.cases += other.cases;
        self.hard += other.hard;
        self.placed += other.placed;
        self.unplaced += other.unplaced;
        for (clause, count) in &other.clauses {
            let mine = self.clauses.entry(*clause).or_default();
            mine.candidates += count.candidates;
            mine.vectors += count.vectors;
        }
        for (code, count) in &other.excluded {
            *self.excluded.entry(code).or_default() += count;
        }
    }

    /// How often that clause was decisive in the way that its section asks for.
    pub fn decisive(&self, clause: Clause) -> usize {
        let count = self.clauses.get(&clause).copied().unwrap_or_default();
        if clause.code().starts_with('3') { count.candidates } else { count.vectors }
    }

    /// The table, a line for each clause.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} cases ({} too hard), {} requests placed, {} left out\n{:<32} {:>10} {:>8}\n",
            self.cases, self.hard, self.placed, self.unplaced, "clause", "candidates", "vectors"
        );
        for (clause, count) in &self.clauses {
            let _ = writeln!(text, "{:<32} {:>10} {:>8}", clause.code(), count.candidates, count.vectors);
        }
        for (code, count) in &self.excluded {
            let _ = writeln!(text, "excluded {code:<23} {count:>19}");
        }
        text
    }
}
