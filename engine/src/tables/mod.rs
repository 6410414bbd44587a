//! Reading and writing every file of a case and of a plan.
//!
//! Everything that can be wrong with a file is an [`Issue`](crate::issue::Issue); all of them are collected
//! before anything is said. `requests.csv` is read without loss: a cell that cannot be read is a defect of its
//! request. Every other table must be readable as a whole, because a slot left out of the book would be a
//! double booking.

#[cfg(feature = "arrow")]
mod arrow;
mod book;
mod case;
mod cells;
mod cut;
mod delimited;
mod derive;
mod digest;
mod doubts;
mod fhir;
mod folder;
mod header;
mod known;
mod load;
mod log;
mod meant;
mod options;
mod outcomes;
#[cfg(feature = "parquet")]
mod parquet;
mod plan;
mod policy;
mod requests;
mod resolve;
mod scan;
pub mod schema;
mod shape;
mod sheet;
mod source;
mod text;
#[cfg(any(feature = "arrow", feature = "parquet"))]
mod typed;
mod write;

#[cfg(feature = "arrow")]
pub use arrow::{Frame, Frames, call_batch, case_batch, diff_batch, plan_batches};
#[cfg(feature = "arrow")]
pub use case::read_case_frames;
pub use case::{read_case, read_case_files, read_case_watched};
#[cfg(feature = "desk")]
pub(crate) use digest::hexadecimal;
#[cfg(feature = "desk")]
pub(crate) use fhir::terms::DELIVERY_CHANNEL;
pub use folder::{DESK_MARKER, OutputFile, can_be_folder, can_be_replaced, replace_folder, write_folder};
pub use options::{PolicyFrom, ReadOptions};
pub use outcomes::{with_outcomes, with_outcomes_in};
#[cfg(feature = "parquet")]
pub use parquet::ParquetTable;
pub use plan::{PLAN_FILES, plan_files, read_plan, with_previous, with_previous_in, write_plan};
pub use policy::{
    FILE as POLICY_FILE, builtin_policy, parse_policy, policy_from_json, policy_to_toml, read_policy,
};
pub use text::{guard, unguard};
pub use write::write_case;
