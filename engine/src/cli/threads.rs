//! How many threads a command uses.

use crate::error::{Error, Result};

/// Runs work with so many threads, or with one for each core.
///
/// # Errors
/// [`Error::Argument`] for none at all or more than the system gives.
pub fn with<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let Some(threads) = threads else { return Ok(work()) };
    if threads == 0 {
        return Err(Error::Argument("--threads: found 0; expected at least 1".to_owned()));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Error::Argument(format!("--threads {threads}: {error}")))?;
    Ok(pool.install(work))
}
