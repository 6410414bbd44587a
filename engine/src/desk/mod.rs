//! What people hold in their hands: the plan as sheets, a workbook, a page, call sheets, messages, calendars and FHIR.
//!
//! [`Desk`] joins a plan with its case once, and everything here reads that. Each output is a room of its own that gives
//! files; [`outputs`] puts them together. Nobody who is excluded is on anything that makes contact, and nothing is said
//! about a patient but the pseudonym.

mod alternatives;
mod calendars;
mod caller;
mod csv_file;
mod earlier;
mod equity;
pub mod fhir;
mod file_name;
mod fingerprint;
mod first_come;
pub mod folder;
mod messages;
mod page;
mod sheet;
mod sheets;
mod text;
mod transactions;
mod view;
mod waits;
mod workbook;

pub use alternatives::alternatives;
pub use calendars::calendars;
pub use earlier::Earlier;
pub use equity::{Dimension, Equity, FEWEST, Group, Numbers, Outcome};
pub use file_name::file_names;
pub use first_come::first_come;
pub use messages::{Means, MessageOptions, Messages, Told, messages};
pub use page::page;
pub use sheet::{Cell, Column, Kind, Sheet};
pub use sheets::sheets;
pub use text::csv_files;
pub use transactions::{
    Action, Step, Stuck, Transactions, Why, stuck_csv, tied, transactions, transactions_csv,
};
pub use view::{Desk, Entry, Left, Waiting};
pub use workbook::workbook;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::tables::OutputFile;

/// Everything that is made from a plan, `earlier` being what an earlier run left.
///
/// # Errors
/// What keeps a file from being made.
pub fn outputs(desk: &Desk<'_>, earlier: &Earlier, options: &MessageOptions) -> Result<Vec<OutputFile>> {
    let (messages, (alternatives, equity)) = rayon::join(
        || messages(desk, options, &tied(desk, earlier)?, earlier),
        || rayon::join(|| alternatives(desk), || Equity::new(desk)),
    );
    let messages = messages?;
    let mut sheets = sheets(desk, &alternatives, &messages.told);
    sheets.push(equity.sheet());
    // Each is made from the desk alone: what takes longest is made beside the others.
    let (workbook, (lists, others)) = rayon::join(
        || workbook(desk, &sheets),
        || {
            rayon::join(
                || Ok::<_, Error>((page(desk, &sheets), csv_files(&sheets)?)),
                || others(desk, earlier, &messages.self_book),
            )
        },
    );
    let (page, lists) = lists?;
    let mut files = vec![workbook?, page];
    files.extend(lists);
    files.extend(messages.files);
    files.extend(others?);
    Ok(files)
}

/// What is done and handed on.
fn others(
    desk: &Desk<'_>,
    earlier: &Earlier,
    self_book: &BTreeMap<String, NaiveDate>,
) -> Result<Vec<OutputFile>> {
    let Transactions { steps, stuck } = transactions(desk, earlier, self_book)?;
    let mut files = vec![transactions_csv(&steps)?];
    if !stuck.is_empty() {
        files.push(stuck_csv(&stuck)?);
    }
    files.extend(calendars(desk, earlier)?);
    files.extend(fhir::bundles(desk, &steps)?);
    Ok(files)
}
