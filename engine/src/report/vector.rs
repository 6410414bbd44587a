//! The objective of a plan as one vector, in the order in which plans are compared.

use crate::model::{ObjectiveEntry, ObjectiveRecord, Policy, RankEntry};
use crate::prepare::rank_tiers;

/// An entry of the vector, with its name in the SPEC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedEntry {
    /// `late_1`, ..., `window`, ..., `wait_1`, ..., `order`.
    pub name: String,
    /// Codes of the tiers of its rank; none where it belongs to all.
    pub tier: Option<String>,
    /// Of the plan.
    pub value: i64,
    /// Proven lower bound, given the values of the entries before.
    pub bound: i64,
}

/// The vector of a plan made by this policy, the most important entry first.
pub fn vector(policy: &Policy, objective: &ObjectiveRecord) -> Vec<NamedEntry> {
    let (_, _, window_rank) = rank_tiers(policy);
    let of_rank = |name: &str, entry: &RankEntry| NamedEntry {
        name: format!("{name}_{}", entry.rank),
        tier: Some(entry.tier.clone()),
        value: entry.value,
        bound: entry.bound,
    };
    let single = |name: &str, entry: &ObjectiveEntry| NamedEntry {
        name: name.to_owned(),
        tier: None,
        value: entry.value,
        bound: entry.bound,
    };
    let mut entries: Vec<NamedEntry> = objective.late.iter().map(|entry| of_rank("late", entry)).collect();
    let at = entries.len().min(window_rank.0 as usize);
    entries.insert(at, single("window", &objective.window));
    entries.extend(objective.wait.iter().map(|entry| of_rank("wait", entry)));
    entries.push(single("order", &objective.order));
    entries
}
