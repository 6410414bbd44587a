//! Rebooks cancelled appointments: a prioritised, proven, explained plan.
//!
//! A case is what was cancelled, the book of free slots, who may do what, and a policy; all of it comes from a folder
//! of tables. The plan is the best by the policy, with a proof for every entry of its objective, and says for everybody
//! why they are where they are. It is a proposal: nothing is booked, and nothing leaves the machine.
//!
//! ```
//! use rebook::tables::{ReadOptions, read_case, write_plan};
//! use rebook::verify::verify;
//! use rebook::{PlanOptions, plan};
//!
//! # fn main() -> rebook::Result<()> {
//! # let (here, out) = (std::path::Path::new(env!("CARGO_MANIFEST_DIR")), tempfile::tempdir().expect("a folder"));
//! # let (folder, out) = (here.join("../fixtures/practice"), out.path().join("my-plan"));
//! let case = read_case(&folder, &ReadOptions::default())?;
//! let files = plan(&case, &PlanOptions::default())?;
//! assert_eq!(files.summary.status, "optimal");
//! for row in &files.plan {
//!     println!("{} {} {}", row.request_id, row.start, row.reason);
//! }
//! assert!(verify(&case, &files).is_empty(), "an independent look at every rule");
//! write_plan(&out, &files, &[])?;
//! # Ok(())
//! # }
//! ```
//!
//! # The road of the data
//!
//! | module | what it does |
//! |---|---|
//! | [`tables`] | reads and writes every file; what is wrong with one is an [`issue`], never a panic |
//! | [`model`] | the data of a case, a policy and a plan |
//! | [`prepare`] | who is planned, and each request's rank, target and window (SPEC sections 1 and 2) |
//! | [`candidates`] | where each may go (section 3) |
//! | [`objective`] | the vector that says which plan is better (section 5) |
//! | [`solve`] | the best plan, with its proof (sections 4 and 5) |
//! | [`explain`] | why here, what holds the better dates, what would change it |
//! | [`report`] | the rows of the plan's files, the summary, and what people read |
//! | [`desk`] | what people hold in their hands: workbook, page, call sheets, messages, calendars, FHIR |
//! | [`resume`] | a plan kept in memory: who is next for a slot, and who moves when somebody is away |
//! | [`verify`] | stands beside the road: recomputes every rule from the files alone |
//! | [`generate`] | synthetic cases of any size |
//!
//! Features: `cli` (the command line), `desk` and `parquet` (tables as Parquet) are on by default; `arrow` is for tables that are
//! data frames, as the Python package has them.
//!
//! [`plan`](plan()) walks the road; [`calendar`], [`units`] and [`error`] are under all of them. Layers never look up:
//! a test reads the imports.

pub mod calendar;
pub mod candidates;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "desk")]
pub mod desk;
pub mod error;
pub mod explain;
pub mod generate;
pub mod issue;
mod lookup;
pub mod model;
pub mod objective;
pub mod plan;
pub mod prepare;
pub mod report;
pub mod resume;
pub mod solve;
pub mod tables;
pub mod units;
pub mod verify;

pub use error::{Error, Result};
pub use plan::{PlanOptions, plan};
