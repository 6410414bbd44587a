//! What people hold in their hands: the plan as sheets, a workbook, a page, call sheets, messages, calendars and FHIR.
//!
//! [`Desk`] joins a plan with its case once, and everything here reads that. Each output is a room of its own that gives
//! files; [`outputs`] puts them together. Nobody who is excluded is on anything that makes contact, and nothing is said
//! about a patient but the pseudonym.

mod earlier;
pub mod fhir;
mod sheet;
mod transactions;
mod view;

pub use earlier::Earlier;
pub use sheet::{Cell, Column, Kind, Sheet};
pub use transactions::{Action, Step};
pub use view::{Desk, Entry, Waiting};
