//! `rebook generate`: makes synthetic cases.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::{Console, Exit, Failure, Run};
use crate::calendar::parse_date;
use crate::error::Error;
use crate::generate::{Format, Options, Profile, write};
use crate::tables::can_be_folder;

/// Make a synthetic case of any size: no real patient, calibrated on published figures
///
/// Profiles: practice, pcn (practices and a hub), elective (operations), icb, regional. The same seed makes the
/// same files on every machine.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook generate --profile practice --seed 7 --out my-case\n  \
rebook plan my-case --out my-plan")]
pub struct Args {
    /// What kind of case: practice, pcn, elective, icb or regional
    #[arg(long, value_name = "PROFILE", default_value = "practice", value_parser = profile)]
    profile: Profile,
    /// How many practices; the profile's own number without it
    #[arg(long, value_name = "N")]
    practices: Option<usize>,
    /// The same seed makes the same case
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Folder to write the case to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// First plannable date; the outage is on the last working day before
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    start: Option<NaiveDate>,
    /// Requests of each practice; one day's without it
    #[arg(long, value_name = "N")]
    requests: Option<usize>,
    /// Patients of each practice, which decides how many slots it has
    #[arg(long, value_name = "N")]
    patients: Option<u32>,
    /// Requests as exports really leave them: some rows cannot be read
    #[arg(long)]
    dirty: bool,
    /// How the tables are written: csv or parquet
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = format)]
    format: Format,
    /// Replace the case in the folder
    #[arg(long)]
    force: bool,
}

fn profile(text: &str) -> Result<Profile, String> {
    Profile::parse(text).ok_or_else(|| "a profile is practice, pcn, elective, icb or regional".to_owned())
}

fn format(text: &str) -> Result<Format, String> {
    let names: Vec<&str> = Format::NAMES.iter().map(|entry| entry.0).collect();
    Format::parse(text).ok_or_else(|| format!("a format is {}", names.join(" or ")))
}

fn date(text: &str) -> Result<NaiveDate, String> {
    parse_date(text.trim()).map_err(|_| "a date is written YYYY-MM-DD, such as 2024-07-22".to_owned())
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let mut options = Options::new(self.profile, self.seed);
        options.practices = self.practices;
        options.requests = self.requests;
        options.patients = self.patients;
        options.dirty = self.dirty;
        options.format = self.format;
        options.start = self.start.unwrap_or(options.start);
        can_be_folder(&self.out)?;
        let mut last = std::time::Instant::now();
        let mut requests = 0;
        write(&options, &self.out, self.force, &mut |done, so_far| {
            requests = so_far;
            if last.elapsed().as_secs() >= 2 {
                last = std::time::Instant::now();
                // Progress that cannot be shown is no reason to stop.
                let _ = writeln!(console.err, "... {done} parts, {so_far} requests");
            }
        })
        .map_err(|error: Error| Failure::from(error))?;
        writeln!(console.err, "Wrote a case of {requests} requests to {}", self.out.display())?;
        Ok(Exit::Done)
    }
}
