//! How many threads a run uses.

use crate::error::{Error, Result};

/// More threads than this only cost memory.
const MOST: usize = 1024;

/// Runs work with so many threads, or with one for each core; `option` is what asked for them.
///
/// # Errors
/// [`Error::Argument`] for none at all or more than the system gives.
pub fn with<T: Send>(option: &str, threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let Some(threads) = threads else { return Ok(work()) };
    if !(1..=MOST).contains(&threads) {
        return Err(Error::Argument(format!("{option}: found {threads}; expected 1 to {MOST}")));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Error::Argument(format!("{option} {threads}: {error}")))?;
    Ok(pool.install(work))
}
