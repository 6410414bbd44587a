//! The answer of `rebook explain` in print: what a practice manager says at the desk.

use std::io::{self, Write};

use crate::explain::words::date as day;
use crate::explain::{Answer, DateAnswer, HoldAnswer};

/// Prints an answer.
///
/// # Errors
/// What the writer refuses.
pub fn print_answer(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    heading(answer, out)?;
    writeln!(out, "Rank {} of {}: {}.", answer.rank, answer.ranks, answer.rank_reason)?;
    write!(out, "Target {}: {}.", day(answer.target_date), answer.target_reason)?;
    match answer.latest_date {
        Some(latest) => writeln!(out, " Latest date {}.", day(latest))?,
        None => writeln!(out)?,
    }
    writeln!(out, "\nWhy: {}", answer.reason)?;
    dates(answer, out)?;
    changes(answer, out)?;
    if !answer.proven {
        writeln!(out, "\nThis plan is NOT proven to be the best: a better one might answer differently.")?;
    }
    Ok(())
}

fn heading(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{} ({}, {}): ", answer.request_id, answer.patient_id, answer.tier)?;
    let Some(place) = &answer.place else { return writeln!(out, "NO PLACE") };
    write!(
        out,
        "{} at {}, {} with {} at {} ({})",
        day(place.start.date()),
        place.start.format("%H:%M"),
        place.delivery_channel,
        place.practitioner_id,
        place.site_id,
        place.session_id
    )?;
    match place.days_late {
        0 => writeln!(out, ", in time"),
        1 => writeln!(out, ", 1 DAY LATE"),
        late => writeln!(out, ", {late} DAYS LATE"),
    }
}

/// Dates in a row that are held in the same way.
struct Group<'a> {
    dates: Vec<&'a DateAnswer>,
}

impl Group<'_> {
    fn span(&self) -> String {
        let first = self.dates.first().map(|date| day(date.date)).unwrap_or_default();
        match self.dates.last() {
            Some(last) if self.dates.len() > 1 => format!("{first} to {}", day(last.date)),
            _ => first,
        }
    }

    /// What holds the dates, counts and names of all of them together.
    fn lines(&self) -> Vec<String> {
        let Some(first) = self.dates.first() else { return Vec::new() };
        if let [only] = self.dates[..] {
            return only.holds.iter().map(|hold| hold.text.clone()).collect();
        }
        let mut lines = Vec::new();
        for (at, hold) in first.holds.iter().enumerate() {
            let same: Vec<&HoldAnswer> = self.dates.iter().filter_map(|date| date.holds.get(at)).collect();
            let count = same.iter().map(|other| other.count).sum();
            let mut names: Vec<&str> = Vec::new();
            for name in same.iter().flat_map(|other| &other.names) {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            lines.push(hold.said_of(count, &names));
        }
        lines
    }
}

/// What two dates must share to be told together: what kind of thing holds them, and where that is rules, the same.
fn signature(date: &DateAnswer) -> Vec<(&'static str, &[&'static str], &[String])> {
    let names = |at: usize| {
        let hold = &date.holds[at];
        if hold.rules.is_empty() { &[][..] } else { hold.names.as_slice() }
    };
    let holds = date.holds.iter().enumerate();
    holds.map(|(at, hold)| (hold.kind, hold.rules.as_slice(), names(at))).collect()
}

fn dates(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    if let Some(place) = &answer.place
        && place.is_best
    {
        let before = if answer.dates.is_empty() { "." } else { ". The dates before it:" };
        writeln!(out, "\nThis is the best place there is for it, whoever else is planned{before}")?;
    } else if !answer.dates.is_empty() {
        writeln!(out, "\nThe dates, and who or what holds them:")?;
    }
    let closed = |date: &&DateAnswer| date.holds.iter().all(|hold| hold.kind == "no-session");
    let mut groups: Vec<Group<'_>> = Vec::new();
    for date in answer.dates.iter().filter(|date| !closed(date)) {
        match groups.last_mut() {
            Some(group) if group.dates.last().is_some_and(|last| signature(last) == signature(date)) => {
                group.dates.push(date);
            }
            _ => groups.push(Group { dates: vec![date] }),
        }
    }
    for group in groups {
        let mut span = group.span();
        for line in group.lines() {
            writeln!(out, "  {span:<24} {line}")?;
            span.clear();
        }
    }
    let closed: Vec<String> = answer.dates.iter().filter(closed).map(|date| day(date.date)).collect();
    if !closed.is_empty() {
        writeln!(out, "  No session that could serve: {}", closed.join(", "))?;
    }
    Ok(())
}

fn changes(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let (what, none) = match &answer.place {
        Some(place) if place.is_best && answer.changes.is_empty() => return Ok(()),
        Some(_) => ("It would be seen on an earlier date", "it would be seen on an earlier date"),
        None => ("It would have a place", "it would have a place"),
    };
    if answer.changes.is_empty() {
        let why = if answer.more_untried { "within the work allowed" } else { "among the changes tried" };
        return writeln!(out, "\nNo single change was found {why} with which {none}.");
    }
    writeln!(out, "\n{what} with any one of these (each was tried):")?;
    for change in &answer.changes {
        writeln!(out, "  - {}", change.text)?;
    }
    if answer.more_untried && answer.place.as_ref().is_none_or(|place| !place.is_best) {
        writeln!(out, "There may be others: not everything could be tried within the work allowed.")?;
    }
    Ok(())
}
