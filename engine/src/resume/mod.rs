//! A plan kept in memory, and the questions of the day after it was made: who is next for a slot that has become free,
//! and what is the plan when somebody is away.
//!
//! Both start from the plan at hand and are answered in milliseconds to seconds where planning anew would move everybody
//! about. What is said is proven, or says that it is not: docs/method.md, section 11.
//!
//! ```
//! use rebook::calendar::DateSet;
//! use rebook::resume::Kept;
//! use rebook::solve::Effort;
//! use rebook::tables::{ReadOptions, read_case};
//! use rebook::{PlanOptions, plan};
//!
//! # fn main() -> rebook::Result<()> {
//! # let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/practice");
//! let case = read_case(&folder, &ReadOptions::default())?;
//! let files = plan(&case, &PlanOptions::default())?;
//! let first = files.plan[0].clone();
//! let kept = Kept::new(&case, files)?;
//!
//! // The first patient of the list does not want the appointment: who should be asked next?
//! let next = kept.next_after(&first.request_id)?;
//! for taker in &next.takers {
//!     println!("{}: {} days late, then {}", taker.who[0].request_id, taker.who[0].before.days_late, taker.who[0].after.days_late);
//! }
//!
//! // The clinician is away on that date: who has to move?
//! let away = DateSet::from_ranges(vec![(first.start.date(), first.start.date())]);
//! let effort = Effort { pivots: 1_000_000, stop: &|| false };
//! let replan = kept.absence(&first.practitioner_id, &away, effort)?;
//! assert!(replan.moves.bound <= replan.moves.value);
//! assert!(replan.moved.iter().any(|moved| moved.request_id == first.request_id));
//! # Ok(())
//! # }
//! ```

mod absence;
mod kept;
mod next;
mod stand;

pub use absence::Replan;
pub use kept::Kept;
pub use next::{Next, Taker};
pub use stand::{Moved, Place, Stand};
