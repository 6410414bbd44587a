//! Synthetic cases of any size, calibrated on published figures (`figures`), for fixtures, tests and benchmarks.
//!
//! The same options make the same bytes on every machine: everything is drawn in whole numbers, and every
//! practice draws from streams of its own, so that cases can be made part by part.

mod book;
mod care;
mod dirt;
mod elective;
mod figures;
mod frame;
mod links;
mod network;
mod patients;
mod policy;
mod requests;
mod rota;
mod rows;
mod sample;
mod specials;
mod staff;
mod write;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::error::{Error, Result};

pub use rows::{ClinicianRow, RequestRow, SessionRow, SiteRow, SlotRow, Tables};
pub use write::{FILES, files, write};

/// What kind of case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// One practice of about 9,000 patients, with its share of a hub.
    Practice,
    /// A primary care network: five practices and a hub.
    Pcn,
    /// An integrated care board: 150 practices.
    Icb,
    /// A region: 900 practices. England is `Regional` with 6,300.
    Regional,
    /// A hospital whose theatre lists were lost, with a policy of its own; "practices" are hospitals.
    Elective,
}

impl Profile {
    /// Every profile by its name.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("practice", Self::Practice),
        ("pcn", Self::Pcn),
        ("icb", Self::Icb),
        ("regional", Self::Regional),
        ("elective", Self::Elective),
    ];

    /// The profile of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find(|entry| entry.0 == text).map(|entry| entry.1)
    }

    fn practices(self) -> usize {
        match self {
            Self::Practice | Self::Elective => 1,
            Self::Pcn => network::PRACTICES,
            Self::Icb => 150,
            Self::Regional => 900,
        }
    }
}

/// How the tables of a case are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Comma-separated values.
    #[default]
    Csv,
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// Every format by its name, which is also how the names of its files end.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("csv", Self::Csv),
        #[cfg(feature = "parquet")]
        ("parquet", Self::Parquet),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|entry| entry.1 == self).map_or("csv", |entry| entry.0)
    }

    /// The format of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find(|entry| entry.0 == text).map(|entry| entry.1)
    }
}

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What kind of case.
    pub profile: Profile,
    /// How many practices; `None` = as many as the profile has.
    pub practices: Option<usize>,
    /// The same seed makes the same case.
    pub seed: u64,
    /// First plannable date. The outage is on the last working day before.
    pub start: NaiveDate,
    /// Requests of each practice hit, at most; reached where an outage of twenty days suffices. `None` = one
    /// day's. Of a hospital: operations, at most those of the week lost.
    pub requests: Option<usize>,
    /// Patients of each practice, which decides how many slots it has; `None` = drawn. Nothing to a hospital.
    pub patients: Option<u32>,
    /// Whether requests look as exports really leave them: some rows cannot be read.
    pub dirty: bool,
    /// How the tables are written.
    pub format: Format,
}

/// A case in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generated {
    /// The rows of its tables.
    pub tables: Tables,
    /// The text of `policy.toml`.
    pub policy: String,
}

/// Practices have four digits in ids.
const MOST_PRACTICES: usize = 9_999;

impl Options {
    /// The profile's own size, on the Monday after the outage of 19 July 2024.
    pub fn new(profile: Profile, seed: u64) -> Self {
        Self {
            profile,
            practices: None,
            seed,
            start: monday_after_outage(),
            requests: None,
            patients: None,
            dirty: false,
            format: Format::Csv,
        }
    }

    fn practices(&self) -> usize {
        self.practices.unwrap_or_else(|| self.profile.practices())
    }

    fn check(&self) -> Result<()> {
        let years = 2000..=2100;
        let problem = if !(1..=MOST_PRACTICES).contains(&self.practices()) {
            format!("practices: found {}; expected 1 to {MOST_PRACTICES}", self.practices())
        } else if !years.contains(&chrono::Datelike::year(&self.start)) {
            format!("start: found {}; expected a date from 2000 to 2100", self.start)
        } else if self.patients.is_some_and(|patients| !(500..=100_000).contains(&patients)) {
            format!("patients: found {}; expected 500 to 100000", self.patients.unwrap_or(0))
        } else {
            return Ok(());
        };
        Err(Error::Argument(problem))
    }
}

fn monday_after_outage() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 7, 22).unwrap_or_default()
}

/// A case part by part, one network each: what is held in memory does not grow with the case.
///
/// # Errors
/// Options that make no sense.
pub fn parts(options: &Options) -> Result<impl Iterator<Item = Tables> + '_> {
    options.check()?;
    let practices = options.practices();
    let hospitals = options.profile == Profile::Elective;
    let in_part = if hospitals { 1 } else { network::PRACTICES };
    Ok((0..practices.div_ceil(in_part)).map(move |number| {
        let mut part = if hospitals {
            elective::hospital(options, number)
        } else {
            network::network(options, number, (practices - number * in_part).min(in_part))
        };
        if options.dirty {
            dirt::soil(options.seed, number, &mut part.requests);
        }
        part
    }))
}

/// A whole case in memory.
///
/// # Errors
/// Options that make no sense.
pub fn generate(options: &Options) -> Result<Generated> {
    let mut tables = Tables::default();
    for part in parts(options)? {
        tables.append(part);
    }
    Ok(Generated { tables, policy: policy::policy(options) })
}
