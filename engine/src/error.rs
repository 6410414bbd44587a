//! The one error of the library.

use std::path::PathBuf;

use crate::issue::Issue;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input cannot be used; every problem found is listed.
    #[error("the input cannot be used: {} problem(s)", .0.len())]
    Unusable(Vec<Issue>),
    /// A file or folder could not be read or written.
    #[error("{action} {}: {reason}", path.display())]
    Io {
        /// What was tried, such as "cannot read".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// An argument that makes no sense.
    #[error("{0}")]
    Argument(String),
    /// The engine contradicted itself: a defect, never the data's fault.
    #[error("internal check failed: {0}. Please report this; nothing was written.")]
    Internal(String),
}

/// A result of the library.
pub type Result<T> = std::result::Result<T, Error>;
