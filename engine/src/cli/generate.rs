//! `rebook generate`: makes synthetic cases.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::case_args::date;
use super::{Console, Exit, Failure, Run};
use crate::generate::{Options, Profile, write};

/// Make a synthetic case of any size, without anybody's data
///
/// The case is calibrated on published figures of English general practice and of elective surgery, and its story
/// is that of an outage on the last working day before its start. The same options make the same files on every
/// machine.
///
/// Example:
///
///     rebook generate --profile practice --seed 1 --out my-case
///
/// docs/generator.md says what comes from which source and what is assumed.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Folder to write the case to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One practice, a network, a care board (150 practices), a region (900), or a hospital's theatre lists
    #[arg(long, default_value = "practice", value_parser = profile_names())]
    profile: String,
    /// The same seed makes the same case
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many practices (or hospitals), instead of the profile's number; 6300 regional ones are England
    #[arg(long, value_name = "N")]
    practices: Option<usize>,
    /// Requests of each practice that was hit, at most; the outage began earlier where one day is not enough
    #[arg(long, value_name = "N")]
    requests: Option<usize>,
    /// Patients of each practice, which decide how many slots it has
    #[arg(long, value_name = "N")]
    patients: Option<u32>,
    /// First plannable date; the outage is on the last working day before
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    start: Option<NaiveDate>,
    /// Leave rows in requests.csv as exports really leave them: some cannot be read
    #[arg(long)]
    dirty: bool,
    /// Replace the case in a folder that is not empty
    #[arg(long)]
    force: bool,
}

fn profile_names() -> clap::builder::PossibleValuesParser {
    Profile::NAMES.map(|entry| entry.0).into()
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let profile = Profile::parse(&self.profile).unwrap_or(Profile::Practice);
        let standard = Options::new(profile, self.seed);
        let options = Options {
            practices: self.practices,
            requests: self.requests,
            patients: self.patients,
            start: self.start.unwrap_or(standard.start),
            dirty: self.dirty,
            ..standard
        };
        let mut made = 0;
        let mut told = Ok(());
        write(&options, &self.out, self.force, &mut |parts, requests| {
            made = requests;
            // A word now and then is enough: an England takes a minute.
            if parts % 100 == 0 && told.is_ok() {
                told = writeln!(console.err, "{parts} parts, {requests} requests so far");
            }
        })?;
        told?;
        writeln!(console.err, "{made} requests in {}", self.out.display())?;
        Ok(Exit::Done)
    }
}
