//! The entries of the objective of a plan, one after the other.

use crate::model::{ObjectiveEntry, ObjectiveRecord, Policy, RankEntry};
use crate::prepare::rank_tiers;

/// An entry of the objective, with its name in the SPEC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedEntry {
    /// `late_1`, ..., `window`, ..., `wait_1`, ..., `order`.
    pub name: String,
    /// `late`, `window`, `wait` or `order`.
    pub kind: &'static str,
    /// Codes of the tiers of its rank; none where it belongs to all.
    pub tier: Option<String>,
    /// Of the plan.
    pub value: i64,
    /// Proven lower bound, given the values of the entries before.
    pub bound: i64,
}

impl NamedEntry {
    fn of_rank(kind: &'static str, entry: &RankEntry) -> Self {
        Self {
            name: format!("{kind}_{}", entry.rank),
            kind,
            tier: Some(entry.tier.clone()),
            value: entry.value,
            bound: entry.bound,
        }
    }

    fn of_all(kind: &'static str, entry: &ObjectiveEntry) -> Self {
        Self { name: kind.to_owned(), kind, tier: None, value: entry.value, bound: entry.bound }
    }
}

/// The vector of a plan made by this policy, in the order in which plans are compared.
pub fn vector(policy: &Policy, objective: &ObjectiveRecord) -> Vec<NamedEntry> {
    let (_, _, window_rank) = rank_tiers(policy);
    entries(objective, window_rank.0 as usize)
}

/// The entries in the order of `summary.json`, which does not know after which rank the window comes.
pub fn listed(objective: &ObjectiveRecord) -> Vec<NamedEntry> {
    entries(objective, objective.late.len())
}

/// The entries with the window after so many ranks.
fn entries(objective: &ObjectiveRecord, window: usize) -> Vec<NamedEntry> {
    let mut entries: Vec<NamedEntry> =
        objective.late.iter().map(|entry| NamedEntry::of_rank("late", entry)).collect();
    entries.insert(entries.len().min(window), NamedEntry::of_all("window", &objective.window));
    entries.extend(objective.wait.iter().map(|entry| NamedEntry::of_rank("wait", entry)));
    entries.push(NamedEntry::of_all("order", &objective.order));
    entries
}
