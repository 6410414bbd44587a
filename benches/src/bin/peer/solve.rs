//! This solver on a case, stage by stage.

use std::path::PathBuf;
use std::time::Instant;

use rebook::candidates::Context;
use rebook::prepare::prepare;
use rebook::solve::Effort;
use rebook::solve::instance::{Found, Ready};
use serde_json::json;

use crate::{Outcome, case};

/// Options of `peer solve`.
#[derive(clap::Args)]
pub struct Args {
    /// The case
    case: String,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Stop the search after so many seconds
    #[arg(long)]
    limit: Option<f64>,
    /// Write the answer here
    #[arg(long)]
    answer: Option<PathBuf>,
}

/// Solves it; the clock of `solve_seconds` starts with the problem in memory.
pub fn run(args: &Args) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build_global();
    pool.map_err(|error| format!("--threads {}: {error}", args.threads))?;
    let mut clock = Instant::now();
    let mut lap = || {
        let seconds = clock.elapsed().as_secs_f64();
        clock = Instant::now();
        seconds
    };
    let case = case::read(&args.case)?;
    let read = lap();
    let prepared = prepare(&case);
    let context = Context::new(&case);
    let prepare = lap();
    let ready = Ready::new(&context, &prepared);
    let build = lap();
    let began = Instant::now();
    let stop = || args.limit.is_some_and(|limit| began.elapsed().as_secs_f64() > limit);
    let found = ready.solve(Effort { pivots: u64::MAX, stop: &stop });
    let solve = lap();
    let Found { entries, answer, nodes, pivots } = found;
    if let Some(path) = &args.answer {
        let text = serde_json::to_vec(&answer).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let proven = entries.iter().all(|entry| entry.value == entry.bound);
    let (values, bounds): (Vec<i64>, Vec<i64>) =
        entries.iter().map(|entry| (entry.value, entry.bound)).unzip();
    Ok(json!({
        "vector": values,
        "bounds": bounds,
        "status": if proven { "optimal" } else { "limit" },
        "read_seconds": read,
        "prepare_seconds": prepare,
        "build_seconds": build,
        "solve_seconds": solve,
        "nodes": nodes,
        "pivots": pivots,
    }))
}
