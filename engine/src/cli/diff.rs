//! `rebook diff`: what differs between two plans.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::{Console, Exit, Failure, Run};
use crate::explain::words::date as day;
use crate::model::{DiffRow, DiffStand};
use crate::report::{NamedEntry, diff, listed};
use crate::tables::read_plan;

/// Compare two plans: who moves, who gains a place, who loses one
///
/// Reads both plans and lists every request that stands elsewhere in the second, and
/// every entry of the objective that differs. Nothing is written. What a plan made anew
/// changes, in the morning or after somebody falls sick, is seen at a glance.
#[derive(Debug, Clone, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "Example:\n  rebook diff plan-monday plan-tuesday")]
pub struct Args {
    /// Folder of the plan before
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// Folder of the plan after
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// Print the rows as JSON
    #[arg(long)]
    json: bool,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let (before, after) = (read_plan(&self.before)?, read_plan(&self.after)?);
        let rows = diff(&before, &after);
        if self.json {
            console.print_json(&json!({ "requests": rows }))?;
            return Ok(Exit::Done);
        }
        print(&rows, console.out)?;
        let (old, new) = (listed(&before.summary.objective), listed(&after.summary.objective));
        let of = |entries: &[NamedEntry], name: &str| {
            entries.iter().find(|entry| entry.name == name).map(|entry| entry.value)
        };
        let names = new.iter().chain(old.iter().filter(|entry| of(&new, &entry.name).is_none()));
        let changed = names.map(|entry| entry.name.as_str()).filter(|name| of(&old, name) != of(&new, name));
        let shown = |value: Option<i64>| value.map_or("-".to_owned(), |value| value.to_string());
        for (at, name) in changed.enumerate() {
            if at == 0 {
                writeln!(console.out, "\nEntries of the objective that differ (less is better):")?;
            }
            writeln!(console.out, "  {name:<10} {} -> {}", shown(of(&old, name)), shown(of(&new, name)))?;
        }
        Ok(Exit::Done)
    }
}

fn print(rows: &[DiffRow], out: &mut dyn Write) -> std::io::Result<()> {
    if rows.is_empty() {
        return writeln!(out, "Every request stands where it stood.");
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.change).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(change, count)| format!("{count} {change}")).collect();
    let (many, stand) = if rows.len() == 1 { ("request", "stands") } else { ("requests", "stand") };
    writeln!(out, "{} {many} {stand} elsewhere: {}", rows.len(), counts.join(", "))?;
    for row in rows {
        let tier = row.tier.as_deref().map_or(String::new(), |tier| format!(", {tier}"));
        writeln!(
            out,
            "  {:<12} {} ({}{tier}): {} -> {}",
            row.change,
            row.request_id,
            row.patient_id,
            place(&row.before),
            place(&row.after)
        )?;
    }
    Ok(())
}

fn place(stand: &DiffStand) -> String {
    let (Some(start), Some(who), Some(site)) = (stand.start, &stand.practitioner_id, &stand.site_id) else {
        return stand.status.to_owned();
    };
    let late = match stand.days_late {
        Some(0) | None => String::new(),
        Some(1) => ", 1 day late".to_owned(),
        Some(days) => format!(", {days} days late"),
    };
    format!("{} {} with {who} at {site}{late}", day(start.date()), start.format("%H:%M"))
}
