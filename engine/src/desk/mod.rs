//! What people hold in their hands: the plan as sheets, a workbook, a page, call sheets, messages, calendars and FHIR.
//!
//! [`Desk`] joins a plan with its case once, and everything here reads that. Each output is a room of its own that gives
//! files; [`outputs`] puts them together. Nobody who is excluded is on anything that makes contact, and nothing is said
//! about a patient but the pseudonym.

mod alternatives;
mod earlier;
pub mod fhir;
pub mod folder;
mod sheet;
mod sheets;
mod text;
mod transactions;
mod view;
mod workbook;

pub use alternatives::alternatives;
pub use earlier::Earlier;
pub use sheet::{Cell, Column, Kind, Sheet};
pub use sheets::sheets;
pub use text::csv_files;
pub use transactions::{Action, Step};
pub use view::{Desk, Entry, Waiting};
pub use workbook::workbook;

use crate::error::Result;
use crate::tables::OutputFile;

/// Everything, in the order in which it is told of.
///
/// # Errors
/// What keeps a file from being made.
pub fn outputs(desk: &Desk<'_>, _earlier: &Earlier) -> Result<Vec<OutputFile>> {
    let alternatives = alternatives(desk);
    let sheets = sheets(desk, &alternatives);
    let mut files = vec![workbook(desk, &sheets)?];
    files.extend(csv_files(&sheets)?);
    Ok(files)
}
