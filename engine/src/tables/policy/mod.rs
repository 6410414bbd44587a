//! `policy.toml`: read with every problem at once, and written so that it reads back the same.

mod keys;
mod read;
mod write;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use sha2::{Digest, Sha256};

use super::digest::hexadecimal;
use super::log::Log;
use super::options::{PolicyFrom, ReadOptions};
use super::source::{self, Source};
use crate::calendar::{LAST_WRITABLE, MINUTES_PER_DAY, england_bank_holidays};
use crate::error::{Error, Result};
use crate::issue::{Code, Issue};
use crate::model::{BankHolidays, InputFile, Policy, Target, Tier};

pub use write::policy_to_toml;

/// Name of a case's policy.
pub const FILE: &str = "policy.toml";

/// Longest policy file, in bytes.
const LONGEST: u64 = 1 << 20;

/// The built-in policy as text.
const BUILTIN: &str = include_str!("../../../policies/general-practice.toml");

/// A policy as its file says, before the overrides of a run.
struct Draft {
    policy: Policy,
    start_given: bool,
    as_of_given: bool,
}

impl Draft {
    /// The policy of a run.
    fn decided(self, start: Option<NaiveDate>, as_of: Option<NaiveDateTime>) -> Policy {
        let mut policy = self.policy;
        policy.start = start.unwrap_or(policy.start);
        if !self.as_of_given {
            policy.as_of = policy.start.and_time(NaiveTime::MIN);
        }
        policy.as_of = as_of.unwrap_or(policy.as_of);
        policy
    }
}

/// The built-in general-practice policy.
pub fn builtin_policy() -> Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    let read = || {
        let mut issues = Vec::new();
        let draft = read::read(BUILTIN, "general-practice.toml", None, &mut issues);
        // invariant: the text is part of the program, and a test reads it.
        draft.expect("the built-in policy is sound").decided(None, None)
    };
    POLICY.get_or_init(read).clone()
}

/// Reads a policy file.
///
/// # Errors
/// [`Error::Unusable`] with every problem of the file; [`Error::Io`] if it cannot be read.
pub fn read_policy(path: &Path) -> Result<Policy> {
    let bytes = fs::read(path).map_err(|error| Error::Io {
        action: "cannot read",
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    policy_of(&bytes)
}

/// Reads the text of a policy file.
///
/// # Errors
/// [`Error::Unusable`] with every problem of the text.
pub fn parse_policy(text: &str) -> Result<Policy> {
    policy_of(text.as_bytes())
}

/// Reads a policy whose keys and values are JSON, as those of a policy file are TOML.
///
/// # Errors
/// As [`parse_policy`]; lines are those of the same as TOML.
pub fn policy_from_json(text: &str) -> Result<Policy> {
    let refused = |error: &dyn std::fmt::Display| {
        let issue = Issue::new(Code::TomlBroken, FILE, "keys and values that TOML can say");
        Error::Unusable(vec![issue.value(&error.to_string())])
    };
    let value: toml::Table = serde_json::from_str(text).map_err(|error| refused(&error))?;
    parse_policy(&toml::to_string(&value).map_err(|error| refused(&error))?)
}

fn policy_of(bytes: &[u8]) -> Result<Policy> {
    let mut log = Log::default();
    match parse(bytes, FILE, &mut log) {
        Some(draft) => Ok(draft.decided(None, None)),
        None => Err(Error::Unusable(log.problems)),
    }
}

fn parse(bytes: &[u8], name: &str, log: &mut Log) -> Option<Draft> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| 0);
        let line = keys::line(bytes, at);
        let issue =
            Issue::new(Code::TomlBroken, name, "UTF-8 text").at(line).value("bytes that are not UTF-8");
        log.problems.push(issue);
        return None;
    };
    let mut issues = Vec::new();
    let draft = read::read(text, name, Some(&builtin_policy()), &mut issues);
    issues.sort();
    log.problems.extend(issues);
    draft
}

/// The policy of a run: the one named by the options, the case's own, or the built-in one.
pub fn load(
    source: &Source<'_>,
    options: &ReadOptions,
    log: &mut Log,
    files: &mut Vec<InputFile>,
) -> Option<Policy> {
    let opened: Option<std::result::Result<Box<dyn Read + Send + '_>, _>> = match &options.policy {
        Some(PolicyFrom::Text(text)) => Some(Ok(Box::new(text.as_bytes()))),
        Some(PolicyFrom::File(path)) => {
            let opened = source::open(path, FILE, log);
            if opened.is_none() {
                let issue = Issue::new(Code::FileMissing, FILE, "the file that --policy names");
                log.problems.push(issue.value(&path.display().to_string()));
                return None;
            }
            opened
        }
        None => source.open(FILE, log),
    };
    let draft = match opened {
        None => Draft { policy: builtin_policy(), start_given: false, as_of_given: false },
        Some(Err(_)) => return None,
        Some(Ok(mut input)) => {
            let mut bytes = Vec::new();
            if let Err(error) = input.by_ref().take(LONGEST + 1).read_to_end(&mut bytes) {
                let issue = Issue::new(Code::NotReadable, FILE, "a file that can be read to its end");
                log.problems.push(issue.value(&error.to_string()));
                return None;
            }
            if bytes.len() as u64 > LONGEST {
                let issue = Issue::new(Code::TomlBroken, FILE, "at most 1 MiB of text");
                log.problems.push(issue.at(1).value("more than 1 MiB"));
                return None;
            }
            files.push(InputFile {
                name: FILE.to_owned(),
                sha256: hexadecimal(&Sha256::digest(&bytes)),
                rows: 0,
            });
            parse(&bytes, FILE, log)?
        }
    };
    let start_given = draft.start_given || options.start.is_some();
    let policy = draft.decided(options.start, options.as_of);
    if last_written(&policy) > LAST_WRITABLE {
        let expected = format!("a start from which no date of the plan is after {LAST_WRITABLE}");
        let issue = Issue::new(Code::PolicyValue, FILE, expected);
        log.problems.push(issue.field("start").value(&policy.start.to_string()));
        return None;
    }
    doubts(&policy, start_given, &mut log.warnings);
    Some(policy)
}

/// The last date that a plan of this policy could write of its own: its last one, or the last target from its start.
fn last_written(policy: &Policy) -> NaiveDate {
    let days = policy.working_days();
    let target = |tier: &Tier| match tier.target {
        Target::Days(count) => policy.start.checked_add_days(Days::new(u64::from(count))),
        Target::WorkingDays(count) => Some(days.nth_after(policy.start, count)),
    };
    let targets = policy.tiers.iter().filter_map(target);
    targets.chain([policy.last_date()]).max().unwrap_or(NaiveDate::MAX)
}

/// What is allowed but worth a look.
fn doubts(policy: &Policy, start_given: bool, warnings: &mut Vec<Issue>) {
    if !start_given {
        let issue = Issue::new(Code::StartDefaulted, FILE, "the first plannable date");
        warnings.push(issue.field("start").value(&policy.start.to_string()));
    }
    let last_known = england_bank_holidays().last();
    if policy.bank_holidays == BankHolidays::England
        && let Some(last) = last_known
        && chrono::Datelike::year(&policy.last_date()) > chrono::Datelike::year(last)
    {
        let expected = format!("a plan that ends in {} at the latest", chrono::Datelike::year(last));
        let issue = Issue::new(Code::HolidaysRunOut, FILE, expected);
        warnings.push(issue.field("bank_holidays").value(&policy.last_date().to_string()));
    }
    for kind in &policy.care_types {
        let (start, finish) = (kind.start_after.unwrap_or(0), kind.finish_by.unwrap_or(MINUTES_PER_DAY));
        if start + kind.duration_minutes > finish {
            let expected =
                format!("at least {} minutes between start_after and finish_by", kind.duration_minutes);
            let issue = Issue::new(Code::NoRoomInDay, FILE, expected);
            let value = format!("{} minutes", finish.saturating_sub(start));
            warnings.push(issue.field(format!("care_types.{}", kind.code)).value(&value));
        }
    }
    let known: BTreeSet<&str> =
        policy.care_types.iter().flat_map(|kind| kind.roles.iter().map(String::as_str)).collect();
    let caps = policy.max_contacts_day.keys().map(|role| ("max_contacts_day", role));
    let reserves = policy.reserves.iter().map(|reserve| ("reserve", &reserve.role));
    for (field, role) in caps.chain(reserves).filter(|(_, role)| !known.contains(role.as_str())) {
        let issue = Issue::new(Code::PolicyRoleUnused, FILE, "a role of the policy's care types");
        warnings.push(issue.field(field).value(role));
    }
}

#[cfg(test)]
mod tests;
