//! The summary that a practice manager reads: who is in time, who is late and by how much, who has no place and
//! what would give them one, and whether this is proven best.

use std::io::{self, Write};

use super::files::NOT_LOOKED_FOR;
use super::vector::{NamedEntry, listed};
use crate::explain::words::count;
use crate::model::{PlanFiles, PlanRow, UnplacedRow};

/// How many rows of a kind are shown before "and so many more".
const FEW: usize = 5;

/// A plan and where it was written.
#[derive(Debug, Clone, Copy)]
pub struct Readable<'a> {
    /// The plan.
    pub plan: &'a PlanFiles,
    /// Folder of its files; none where it is not written.
    pub folder: Option<&'a str>,
    /// Whether the folder has what people work with.
    pub desk: bool,
}

/// Prints the summary.
///
/// # Errors
/// What the writer refuses.
pub fn print_summary(readable: Readable<'_>, out: &mut dyn Write) -> io::Result<()> {
    let plan = readable.plan;
    let counts = &plan.summary.counts;
    let approved = &plan.summary.policy.approved_by;
    writeln!(
        out,
        "\nPlan from {} (book as of {}), policy {:?} version {}, {}",
        plan.summary.run.start,
        plan.summary.run.as_of,
        plan.summary.policy.name,
        plan.summary.policy.version,
        if approved.is_empty() { "NOT APPROVED".to_owned() } else { format!("approved by {approved}") }
    )?;
    writeln!(
        out,
        "{} requests = {} placed + {} without a place + {} excluded",
        counts.requests, counts.placed, counts.unplaced, counts.excluded
    )?;
    excluded(plan, out)?;
    first_of_all(plan, out)?;
    by_tier(plan, out)?;
    unplaced(plan, out)?;
    proof(plan, out)?;
    writeln!(out, "\nEverything is proposed: a person approves it before anybody is called.")?;
    match readable.folder {
        Some(folder) => {
            writeln!(out, "Written to {folder}: plan.csv, unplaced.csv, excluded.csv, summary.json")?;
            if readable.desk {
                writeln!(out, "To work with: rebooking.xlsx and report.html in its folder desk")?;
            }
            Ok(())
        }
        None => Ok(()),
    }
}

fn excluded(plan: &PlanFiles, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for row in &plan.excluded {
        match counts.iter_mut().find(|(code, _)| *code == row.reason_code) {
            Some((_, count)) => *count += 1,
            None => counts.push((&row.reason_code, 1)),
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = counts.iter().map(|(code, count)| format!("{count} {code}")).collect();
    writeln!(out, "Excluded: {}", list.join(", "))
}

/// Whom a clinician must look at before anything else.
fn first_of_all(plan: &PlanFiles, out: &mut dyn Write) -> io::Result<()> {
    let escalate: Vec<&str> = plan
        .excluded
        .iter()
        .filter(|row| row.reason_code == "escalate-now")
        .map(|row| row.request_id.as_str())
        .collect();
    if !escalate.is_empty() {
        writeln!(out, "\nESCALATE NOW, a clinician is needed: {}", list(&escalate))?;
    }
    let passed = |flags: &[String]| flags.iter().any(|flag| flag == "window-passed");
    let placed = plan.plan.iter().filter(|row| passed(&row.flags)).map(|row| row.request_id.as_str());
    let left = plan.unplaced.iter().filter(|row| row.reason_code == "window-passed");
    let passed: Vec<&str> = left.map(|row| row.request_id.as_str()).chain(placed).collect();
    if !passed.is_empty() {
        writeln!(out, "\nWINDOW PASSED, a clinician decides what is to be done: {}", list(&passed))?;
    }
    Ok(())
}

fn list(ids: &[&str]) -> String {
    let shown = ids.iter().take(2 * FEW).copied().collect::<Vec<_>>().join(", ");
    if ids.len() > 2 * FEW { format!("{shown} and {} more", ids.len() - 2 * FEW) } else { shown }
}

fn by_tier(plan: &PlanFiles, out: &mut dyn Write) -> io::Result<()> {
    let mut tiers: Vec<(u32, &str)> = plan.plan.iter().map(|row| (row.rank, row.tier.as_str())).collect();
    tiers.extend(plan.unplaced.iter().map(|row| (row.rank, row.tier.as_str())));
    tiers.sort_unstable();
    tiers.dedup();
    // An escalated request has a better rank than its tier: each tier has one line all the same.
    let mut seen: Vec<&str> = Vec::new();
    tiers.reverse();
    tiers.retain(|(_, tier)| {
        !seen.contains(tier) && {
            seen.push(tier);
            true
        }
    });
    tiers.reverse();
    writeln!(
        out,
        "\n{:<8}{:>10}{:>10}{:>8}{:>14}{:>12}",
        "tier", "requests", "in time", "late", "longest late", "no place"
    )?;
    for (_, tier) in tiers {
        let rows: Vec<&PlanRow> = plan.plan.iter().filter(|row| row.tier == tier).collect();
        let late: Vec<u32> = rows.iter().map(|row| row.days_late).filter(|days| *days > 0).collect();
        let left = plan.unplaced.iter().filter(|row| row.tier == tier).count();
        let longest =
            late.iter().max().map_or_else(|| "-".to_owned(), |days| count(*days as usize, "day", "days"));
        writeln!(
            out,
            "{:<8}{:>10}{:>10}{:>8}{:>14}{:>12}",
            tier,
            rows.len() + left,
            rows.len() - late.len(),
            late.len(),
            longest,
            left
        )?;
    }
    Ok(())
}

fn unplaced(plan: &PlanFiles, out: &mut dyn Write) -> io::Result<()> {
    if plan.unplaced.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nNo place for {}:", plan.unplaced.len())?;
    for UnplacedRow { request_id, tier, reason, smallest_change, .. } in plan.unplaced.iter().take(FEW) {
        writeln!(out, "  {request_id} ({tier}): {reason}")?;
        if !smallest_change.is_empty() && smallest_change != NOT_LOOKED_FOR {
            writeln!(out, "      Smallest change: {smallest_change}")?;
        }
    }
    if plan.unplaced.len() > FEW {
        writeln!(out, "  and {} more in unplaced.csv", plan.unplaced.len() - FEW)?;
    }
    Ok(())
}

/// Whether it is proven best; where it is not, why not, and how far every open entry could still be from the best.
fn proof(plan: &PlanFiles, out: &mut dyn Write) -> io::Result<()> {
    if plan.summary.status == "optimal" {
        writeln!(out, "\nProven best: no other plan does better by the policy, entry by entry.")?;
        if plan.summary.run.interrupted {
            writeln!(
                out,
                "The run was interrupted while it was explained: some smallest changes are missing."
            )?;
        }
        return Ok(());
    }
    let why = if plan.summary.run.interrupted {
        "the run was interrupted before it was proven"
    } else {
        "the work allowed was used up before it was proven"
    };
    writeln!(out, "\nNOT PROVEN BEST: {why}. This is the best plan so far.")?;
    writeln!(
        out,
        "It keeps every rule, and nobody in it waits for somebody less urgent who could give way."
    )?;
    writeln!(out, "Still open, each line for plans that are as good in the lines before it:")?;
    for NamedEntry { kind, tier, value, bound, .. } in listed(&plan.summary.objective) {
        if value > bound {
            let tier = tier.map_or(String::new(), |tier| format!(" {tier}"));
            writeln!(
                out,
                "  {kind}{tier}: {value}, and at least {bound} in any plan (gap {})",
                value - bound
            )?;
        }
    }
    Ok(())
}
