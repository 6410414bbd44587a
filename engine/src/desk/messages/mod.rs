//! Messages with a link to book, messages with a fixed place, letters, and whom a clinician speaks to.
//!
//! A link is sent only where nothing can go wrong with it: to somebody who permits messages and is safe to contact, who
//! needs no interpreter, is not urgent, not tied to another appointment and not to be checked first. Those invited together
//! have a pool: the very places that the plan gives them, opened for booking by themselves. Every place of a pool would do
//! for everybody who may book from it, and makes nobody late whom the plan does not; so it does not matter who is first.
//! Whoever cannot have a link gets a message that names the place held.
//!
//! No message and no letter says why, with whom, or what for.

mod days;
mod files;
mod waves;
mod who;
mod words;

use std::collections::BTreeSet;

use crate::desk::Desk;
use crate::error::{Error, Result};
use crate::tables::OutputFile;

use files::{clinician_file, held_file, letter_file, pool_file, wave_files};
use waves::Waves;
use who::{Sorted, sort};

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

/// The files that tell patients: `messages/wave-...csv` for each sending day and slot type, `messages/held.csv`,
/// `messages/pool.csv` (what staff open for booking), `letters.csv` and `clinician-contact.csv`.
///
/// # Errors
/// [`Error::Argument`] for options that make no sense.
pub fn messages(desk: &Desk<'_>, options: &MessageOptions) -> Result<Vec<OutputFile>> {
    let (sorted, waves) = plan(desk, *options)?;
    let mut files = wave_files(desk, &waves)?;
    let held: Vec<usize> = sorted.fixed.iter().chain(&waves.left).copied().collect();
    files.push(held_file(desk, &held)?);
    files.push(pool_file(desk, &waves)?);
    files.push(letter_file(desk, &sorted.letters)?);
    files.push(clinician_file(desk, &sorted.clinician)?);
    Ok(files)
}

/// The requests whose patients are sent a link: their places are opened for them and not booked by staff.
///
/// # Errors
/// As [`messages`].
pub fn invited(desk: &Desk<'_>, options: &MessageOptions) -> Result<BTreeSet<String>> {
    let (_, waves) = plan(desk, *options)?;
    let entries = waves.pools.iter().flat_map(|pool| &pool.invited);
    Ok(entries.map(|&entry| desk.entries[entry].row.request_id.clone()).collect())
}

fn plan(desk: &Desk<'_>, options: MessageOptions) -> Result<(Sorted, Waves)> {
    if options.over_invite_percent < 100 || options.wave_size == 0 {
        return Err(Error::Argument(
            "invitations are at least 100 per cent of the bookable places, and at least one to a wave"
                .to_owned(),
        ));
    }
    let sorted = sort(desk);
    let waves = waves::plan(desk, &sorted.invite, options);
    Ok((sorted, waves))
}
