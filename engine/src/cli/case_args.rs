//! The arguments that say which case is meant, shared by the commands that read one.

use std::io::Write;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};

use super::progress::{Say, told};
use crate::calendar::{parse_date, parse_moment};
use crate::error::Result;
use crate::model::Case;
use crate::tables::{PolicyFrom, ReadOptions, read_case, read_case_watched};

/// The case and how it is read.
#[derive(Debug, Clone, clap::Args)]
pub struct CaseArgs {
    /// Folder of the case
    #[arg(value_name = "CASE")]
    pub case: PathBuf,
    /// First plannable date, instead of the policy's
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub start: Option<NaiveDate>,
    /// The moment the book was read, instead of the policy's: nothing starts before it
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", value_parser = moment)]
    pub as_of: Option<NaiveDateTime>,
    /// Another policy file than the case's own
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Folder of the plan before this one: what was proposed there stays where it can
    #[arg(long, value_name = "DIR")]
    pub previous: Option<PathBuf>,
    /// Call list of the plan before, filled in (.xlsx or .csv): what came of each call. Given again for each list, oldest first
    #[arg(long, value_name = "FILE")]
    pub outcomes: Vec<PathBuf>,
    /// Columns of requests.csv to carry over into plan.csv, separated by commas
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub keep_columns: Vec<String>,
    /// Allow sessions marked additional: those that exist only if they are bought
    #[arg(long)]
    pub additional: bool,
}

impl CaseArgs {
    /// The options as the reader takes them.
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            start: self.start,
            as_of: self.as_of,
            previous: self.previous.clone(),
            outcomes: self.outcomes.clone(),
            keep_columns: self.keep_columns.iter().map(|name| name.trim().to_owned()).collect(),
            use_additional: self.additional,
            policy: self.policy.clone().map(PolicyFrom::File),
        }
    }

    /// Reads the case, telling how far that is where it takes long.
    ///
    /// # Errors
    /// As [`read_case`].
    pub fn read_told(&self, err: &mut (dyn Write + Send)) -> Result<Case> {
        told(err, |say| self.read_saying(say))
    }

    /// Reads the case, saying how far that is.
    ///
    /// # Errors
    /// As [`read_case`].
    pub fn read_saying(&self, say: Say<'_>) -> Result<Case> {
        read_case_watched(&self.case, &self.options(), &|file, rows| {
            say(format!("reading, {rows} rows of {file} so far"));
        })
    }

    /// Reads the case.
    ///
    /// # Errors
    /// As [`read_case`].
    pub fn read(&self) -> Result<Case> {
        read_case(&self.case, &self.options())
    }
}

fn date(text: &str) -> std::result::Result<NaiveDate, String> {
    parse_date(text.trim()).map_err(|_| "a date is written YYYY-MM-DD, such as 2024-07-22".to_owned())
}

fn moment(text: &str) -> std::result::Result<NaiveDateTime, String> {
    parse_moment(text.trim())
        .map_err(|_| "a moment is written YYYY-MM-DDTHH:MM, such as 2024-07-22T07:00".to_owned())
}
