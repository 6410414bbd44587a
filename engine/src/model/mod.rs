//! The data of a case, a policy and a plan: no algorithms, no input or output.

mod book;
mod case;
mod outcome;
mod plan;
mod policy;
mod request;

pub use book::{Clinician, Gender, Session, Site, Slot, SlotStatus};
pub use case::{Accepted, Case, InputFile};
pub use outcome::Outcome;
pub use plan::{
    Counts, DiffRow, DiffStand, ExcludedRow, ObjectiveEntry, ObjectiveRecord, PlanFiles, PlanRow,
    PolicyRecord, RankEntry, RunRecord, Summary, TierCounts, UnplacedRow,
};
pub use policy::{
    BankHolidays, CareType, FlagWeight, Inconvenience, NoticeHours, Policy, Reserve, Target, TargetFrom, Tier,
};
pub(crate) use request::coded;
pub use request::{
    CancelledBy, ContactRoute, Continuity, DeliveryChannel, GenderWish, Reconciliation, Request,
};
