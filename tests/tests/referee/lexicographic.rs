//! The least vector, entry by entry: each entry is minimised among the plans that are best in those before it.

use good_lp::variable::UnsolvedProblem;
use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, variable};

use super::rows::{Problem, Row};

#[cfg(not(feature = "highs"))]
type Model = good_lp::solvers::microlp::MicroLpProblem;
#[cfg(feature = "highs")]
type Model = good_lp::solvers::highs::HighsProblem;

#[cfg(not(feature = "highs"))]
fn backend(problem: UnsolvedProblem) -> Model {
    good_lp::microlp(problem)
}

/// By itself it is content with a plan that is worse by a ten-thousandth.
#[cfg(feature = "highs")]
fn backend(problem: UnsolvedProblem) -> Model {
    good_lp::highs(problem).set_option("mip_rel_gap", 0.0)
}

#[cfg(not(feature = "highs"))]
fn begin_with(model: Model, start: impl Iterator<Item = (Variable, f64)>) -> Model {
    good_lp::WithInitialSolution::with_initial_solution(model, start)
}

/// From nothing: given a start by good_lp 1.15, HiGHS 1.16 calls plans optimal that are not, that of small case 94 among
/// them. The oracle said so.
#[cfg(feature = "highs")]
fn begin_with(model: Model, _: impl Iterator<Item = (Variable, f64)>) -> Model {
    model
}

/// The variables taken in a plan with the least vector.
///
/// What is proven of an entry before the next is turned into fewer choices where it can be: with `least` the sum
/// over the requests of the least that each can add, no choice that adds more than its request's least by more
/// than the value exceeds `least` is in any plan of that value.
pub fn solve(problem: &Problem) -> Vec<usize> {
    let mut stage = Stage {
        problem,
        open: vec![true; problem.variables.len()],
        may_be_left: vec![true; problem.left_out.len()],
        fixed: Vec::new(),
        plan: Vec::new(),
    };
    let entries = problem.left_out.first().map_or(0, Vec::len);
    for entry in 0..entries {
        stage.minimise(entry);
    }
    stage.plan
}

struct Stage<'p> {
    problem: &'p Problem,
    /// Variables that can still be taken.
    open: Vec<bool>,
    /// Requests that can still be left out.
    may_be_left: Vec<bool>,
    /// Entries that are bound by a row, with their values.
    fixed: Vec<(usize, i64)>,
    /// The best plan so far.
    plan: Vec<usize>,
}

impl Stage<'_> {
    fn minimise(&mut self, entry: usize) {
        let least: Vec<i64> = (0..self.may_be_left.len()).map(|request| self.least(request, entry)).collect();
        let bound: i64 = least.iter().sum();
        if self.value(entry) > bound {
            self.plan = self.best_plan(entry);
        }
        let slack = self.value(entry) - bound;
        for (index, variable) in self.problem.variables.iter().enumerate() {
            self.open[index] &= variable.adds[entry] - least[variable.request] <= slack;
        }
        for (request, left_out) in self.problem.left_out.iter().enumerate() {
            self.may_be_left[request] &= left_out[entry] - least[request] <= slack;
        }
        if slack > 0 {
            self.fixed.push((entry, self.value(entry)));
        }
    }

    /// The least that a request can add to an entry by what is still open to it.
    fn least(&self, request: usize, entry: usize) -> i64 {
        let taken = self
            .problem
            .variables
            .iter()
            .zip(&self.open)
            .filter(|(variable, open)| variable.request == request && **open)
            .map(|(variable, _)| variable.adds[entry]);
        let left = self.may_be_left[request].then(|| self.problem.left_out[request][entry]);
        taken.chain(left).min().expect("the best plan so far is among what is open")
    }

    /// The entry of the best plan so far.
    fn value(&self, entry: usize) -> i64 {
        let base: i64 = self.problem.left_out.iter().map(|adds| adds[entry]).sum();
        base + self.plan.iter().map(|&variable| self.saves(variable, entry)).sum::<i64>()
    }

    /// What taking a variable adds beyond leaving its request out: mostly less than nothing.
    fn saves(&self, variable: usize, entry: usize) -> i64 {
        let of = &self.problem.variables[variable];
        of.adds[entry] - self.problem.left_out[of.request][entry]
    }

    /// A plan with the least value of the entry among those that keep the rules and the entries before.
    fn best_plan(&self, entry: usize) -> Vec<usize> {
        let mut variables = ProblemVariables::new();
        let taken: Vec<_> = (0..self.problem.variables.len())
            .map(|index| {
                let most = if self.open[index] { 1.0 } else { 0.0 };
                variables.add(variable().integer().min(0.0).max(most))
            })
            .collect();
        let sum = |terms: &[(usize, i64)]| -> Expression {
            terms.iter().map(|&(index, times)| times as f64 * taken[index]).sum()
        };
        let all_saves = |entry: usize| -> Vec<(usize, i64)> {
            let worth = |&index: &usize| self.open[index] && self.saves(index, entry) != 0;
            (0..taken.len()).filter(worth).map(|index| (index, self.saves(index, entry))).collect()
        };
        let mut model = variables.minimise(sum(&all_saves(entry))).using(backend);
        for Row { terms, most } in &self.problem.rows {
            model = model.with(sum(terms).leq(*most as f64));
        }
        for &(fixed, value) in &self.fixed {
            let base: i64 = self.problem.left_out.iter().map(|adds| adds[fixed]).sum();
            // Whole numbers: half a unit of room does no harm and saves the solver from its rounding.
            model = model.with(sum(&all_saves(fixed)).leq((value - base) as f64 + 0.5));
        }
        for (request, may_be_left) in self.may_be_left.iter().enumerate() {
            if !may_be_left {
                let of_request: Vec<(usize, i64)> = (0..taken.len())
                    .filter(|&index| self.problem.variables[index].request == request)
                    .map(|index| (index, 1))
                    .collect();
                model = model.with(sum(&of_request).geq(1.0));
            }
        }
        let start = taken
            .iter()
            .enumerate()
            .map(|(index, &its)| (its, if self.plan.contains(&index) { 1.0 } else { 0.0 }));
        let solution = begin_with(model, start).solve().expect("the plan so far is a solution");
        (0..taken.len()).filter(|&index| solution.value(taken[index]) > 0.5).collect()
    }
}
