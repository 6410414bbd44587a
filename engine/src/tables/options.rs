//! How a case is read.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};

/// How a case is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// First plannable date, instead of the policy's.
    pub start: Option<NaiveDate>,
    /// The moment the book was read, instead of the policy's.
    pub as_of: Option<NaiveDateTime>,
    /// Folder of the plan before this one.
    pub previous: Option<PathBuf>,
    /// Call lists of earlier plans, filled in, the oldest first; they need `previous`.
    pub outcomes: Vec<PathBuf>,
    /// Columns of `requests.csv` to carry over into the plan.
    pub keep_columns: Vec<String>,
    /// Whether sessions marked `additional` may be used.
    pub use_additional: bool,
    /// Another policy than the case's own.
    pub policy: Option<PolicyFrom>,
}

/// Where a policy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyFrom {
    /// In this file.
    File(PathBuf),
    /// Here: the text of such a file.
    Text(String),
}
