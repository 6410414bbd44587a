//! Messages with a link to book, messages with a fixed place, letters, and whom a clinician speaks to.
//!
//! A link is sent only where nothing can go wrong with it: to somebody who permits messages and is safe to contact, who
//! needs no interpreter, is not urgent, not tied to another appointment and not to be checked first. Those invited together
//! have a pool: the very places that the plan gives them, opened for booking by themselves. Every place of a pool would do
//! for everybody who may book from it, and makes nobody late whom the plan does not; so it does not matter who is first.
//! Whoever cannot have a link gets a message that names the place held. So does whoever has something in the book already,
//! or a place that is still somebody else's: they would end up with two appointments, or find none.
//!
//! No message and no letter says why, with whom, or what for.

mod days;
mod files;
mod memory;
mod told;
mod waves;
mod who;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::desk::{Desk, Earlier, Entry};
use crate::error::{Error, Result};
use crate::tables::OutputFile;

use files::{clinician_file, held_file, letter_file, pool_file, wave_files};
use memory::Memory;
pub use told::{Means, Told};
use waves::Waves;
use who::sort;

/// How invitations are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageOptions {
    /// Invitations for a hundred bookable places; 100 = as many as there are places, and never less.
    pub over_invite_percent: u32,
    /// Most invitations of a site on one day.
    pub wave_size: u32,
}

impl Default for MessageOptions {
    fn default() -> Self {
        Self { over_invite_percent: 100, wave_size: 50 }
    }
}

/// What tells patients.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    /// `messages/wave-...csv` for each sending day and slot type, `messages/held.csv`, `messages/pool.csv` (what staff open
    /// for booking), `letters.csv` and `clinician-contact.csv`.
    pub files: Vec<OutputFile>,
    /// The requests whose patients are sent a link, with the last day on which they may use it: until then their places
    /// are for those of their pool, and nobody of the staff books them.
    pub self_book: BTreeMap<String, NaiveDate>,
    /// Everybody who is told in writing, by the day on which it is sent.
    pub told: Vec<Told>,
}

/// The day by which somebody has been spoken to: that of the plan, else the last that leaves enough notice.
pub(super) fn speak_by(desk: &Desk<'_>, entry: &Entry<'_>) -> NaiveDate {
    entry.row.call_by.unwrap_or_else(|| days::last_day(desk, entry))
}

/// Decides who is told how and writes it down. No link goes to the requests that are `tied`: more is to be done for them
/// in the booking system than to book a place that is free. What an earlier run told them is said beside it.
///
/// # Errors
/// [`Error::Argument`] for options that make no sense.
pub fn messages(
    desk: &Desk<'_>,
    options: &MessageOptions,
    tied: &BTreeSet<String>,
    earlier: &Earlier,
) -> Result<Messages> {
    check(*options)?;
    let sorted = sort(desk, tied);
    let waves = waves::plan(desk, &sorted.invite, *options);
    let memory = Memory::of(earlier);
    let mut files = wave_files(desk, &waves, &memory)?;
    let held: Vec<usize> = sorted.fixed.iter().chain(&waves.left).copied().collect();
    files.push(held_file(desk, &held, &memory)?);
    files.push(pool_file(desk, &waves, &memory)?);
    files.push(letter_file(desk, &sorted.letters, &memory)?);
    files.push(clinician_file(desk, &sorted.clinician)?);
    let told = told::told(desk, &sorted, &waves, &memory);
    Ok(Messages { files, self_book: self_book(desk, &waves), told })
}

fn check(options: MessageOptions) -> Result<()> {
    if options.over_invite_percent < 100 || options.wave_size == 0 {
        return Err(Error::Argument(format!(
            "{} invitations for a hundred places and {} to a wave: invitations are at least 100 for a hundred \
             bookable places, and at least one to a wave",
            options.over_invite_percent, options.wave_size
        )));
    }
    Ok(())
}

fn self_book(desk: &Desk<'_>, waves: &Waves) -> BTreeMap<String, NaiveDate> {
    let invited = waves.pools.iter().flat_map(|pool| pool.invited.iter().map(|&at| (at, pool.book_by)));
    invited.map(|(at, book_by)| (desk.entries[at].row.request_id.clone(), book_by)).collect()
}
