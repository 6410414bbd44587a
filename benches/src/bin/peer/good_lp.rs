//! The linear models, written once over good_lp and solved by whichever backend is asked for.

use std::path::PathBuf;
use std::time::Instant;

use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolutionStatus, Solver, SolverModel, Variable,
    WithTimeLimit, variable,
};
use rebook::solve::instance::Lists;
use rebook_benches::linear::Linear;
use serde_json::json;

use crate::{Exported, Outcome};

/// Which solver stands behind good_lp.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Backend {
    Microlp,
    Highs,
}

/// Options of `peer linear`.
#[derive(clap::Args)]
pub struct Args {
    /// As exported
    instance: PathBuf,
    /// The solver behind good_lp; highs needs the feature of that name
    #[arg(long, default_value = "microlp")]
    backend: Backend,
    /// Whole numbers: the exact problem and not its relaxation
    #[arg(long)]
    whole: bool,
    /// Minimise so many entries only
    #[arg(long, default_value_t = usize::MAX)]
    entries: usize,
    /// Stop after so many seconds
    #[arg(long, default_value_t = 60.0)]
    limit: f64,
}

/// Minimises entry by entry; each one is bound to its least before the next.
pub fn run(args: &Args) -> Outcome {
    let exported = Exported::read(&args.instance)?;
    let linear = exported.linear()?;
    match args.backend {
        Backend::Microlp => stages(linear, args, good_lp::microlp),
        #[cfg(feature = "highs")]
        Backend::Highs => stages(linear, args, exact_highs),
        #[cfg(not(feature = "highs"))]
        Backend::Highs => {
            Err("built without HiGHS: cargo build --release -p rebook-benches --features highs".into())
        }
    }
}

/// HiGHS; by itself it is content with a plan that is worse by a ten-thousandth.
#[cfg(feature = "highs")]
fn exact_highs(problem: good_lp::variable::UnsolvedProblem) -> good_lp::solvers::highs::HighsProblem {
    good_lp::highs(problem).set_option("mip_rel_gap", 0.0)
}

/// A row whose sum is at most a number.
type Row = (Vec<(usize, f64)>, f64);

fn stages<S>(linear: &Linear, args: &Args, backend: S) -> Outcome
where
    S: Solver + Copy,
    S::Model: WithTimeLimit + SolverModel<Error = ResolutionError>,
{
    let began = Instant::now();
    let row = |number: usize| list(&linear.rows, number);
    let mut rows: Vec<Row> = linear.rhs.iter().enumerate().map(|(at, &rhs)| (row(at), rhs as f64)).collect();
    let mut saves: Vec<Vec<(usize, f64)>> = vec![Vec::new(); linear.base.len()];
    for column in 0..linear.options.len() {
        linear.saves.list(column).for_each(|(entry, amount)| saves[entry].push((column, amount as f64)));
    }
    let mut vector: Vec<f64> = Vec::new();
    let mut seconds: Vec<f64> = Vec::new();
    let mut status = "optimal";
    for (entry, saves) in saves.into_iter().enumerate().take(args.entries) {
        let clock = Instant::now();
        let left = args.limit - began.elapsed().as_secs_f64();
        let least = if saves.is_empty() {
            Some(0.0)
        } else {
            minimise(linear, args.whole, &rows, &saves, backend, left)?
        };
        seconds.push(clock.elapsed().as_secs_f64());
        let Some(least) = least else {
            status = "limit";
            break;
        };
        vector.push(linear.base[entry] as f64 + least);
        // Whole numbers: half a unit of room does no harm and saves the solver from its rounding.
        let room = if args.whole { 0.5 } else { 1e-7 * least.abs().max(1.0) };
        rows.push((saves, least + room));
    }
    Ok(json!({
        "vector": vector,
        "stage_seconds": seconds,
        "solve_seconds": began.elapsed().as_secs_f64(),
        "status": status,
    }))
}

fn list(lists: &Lists, number: usize) -> Vec<(usize, f64)> {
    lists.list(number).map(|(of, amount)| (of, amount as f64)).collect()
}

/// The least of a sum; none where time runs out.
fn minimise<S>(
    linear: &Linear,
    whole: bool,
    rows: &[Row],
    objective: &[(usize, f64)],
    backend: S,
    seconds: f64,
) -> Result<Option<f64>, String>
where
    S: Solver + Copy,
    S::Model: WithTimeLimit + SolverModel<Error = ResolutionError>,
{
    if seconds <= 0.0 {
        return Ok(None);
    }
    let mut variables = ProblemVariables::new();
    let definition = || if whole { variable().integer() } else { variable() };
    let columns: Vec<Variable> =
        (0..linear.options.len()).map(|_| variables.add(definition().min(0.0).max(1.0))).collect();
    let sum = |terms: &[(usize, f64)]| -> Expression {
        terms.iter().map(|&(column, by)| by * columns[column]).sum()
    };
    let mut model = variables.minimise(sum(objective)).using(backend).with_time_limit(seconds);
    for (terms, rhs) in rows {
        model.add_constraint(sum(terms).leq(*rhs));
    }
    let solution = match model.solve() {
        Ok(solution) if !matches!(solution.status(), SolutionStatus::TimeLimit) => solution,
        Ok(_) | Err(ResolutionError::Other("NoSolutionFound")) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let value: f64 = objective.iter().map(|&(column, by)| by * solution.value(columns[column])).sum();
    Ok(Some(if whole { value.round() } else { value }))
}
