//! SPEC section 2: the ranks of the tiers, and the place of `window` among the entries of the objective.

use crate::model::{Policy, Tier};

/// The ranks of a policy.
pub(super) struct Ranks {
    by_tier: Vec<Option<u32>>,
    /// Number of ranks: n.
    pub count: u32,
    /// The last rank before `window`: v.
    pub before_window: u32,
}

impl Ranks {
    /// Ranks run from 1 without gaps: tiers that share one count once.
    pub fn new(policy: &Policy) -> Self {
        let mut count = 0;
        let mut by_tier = Vec::with_capacity(policy.tiers.len());
        for tier in &policy.tiers {
            // The first scheduled tier has none before it to share with.
            if tier.schedule && (!tier.shares_rank || count == 0) {
                count += 1;
            }
            by_tier.push(tier.schedule.then_some(count));
        }
        let scheduled: Vec<u32> = by_tier.iter().flatten().copied().collect();
        let position = policy.window_rank as usize;
        let before_window = match position.checked_sub(1) {
            None => 0,
            Some(index) => scheduled.get(index).copied().unwrap_or(count),
        };
        Self { by_tier, count, before_window }
    }

    /// The rank of a scheduled tier.
    pub fn of(&self, policy: &Policy, tier: &Tier) -> Option<u32> {
        let position = policy.tiers.iter().position(|other| other.code == tier.code)?;
        self.by_tier[position]
    }

    /// The codes of the tiers of a rank, joined by `+`.
    pub fn label(&self, policy: &Policy, rank: u32) -> String {
        let tiers = policy.tiers.iter().zip(&self.by_tier);
        let codes: Vec<&str> =
            tiers.filter(|(_, of)| **of == Some(rank)).map(|(tier, _)| tier.code.as_str()).collect();
        codes.join("+")
    }

    /// Position of `late` of a rank in the objective, from 0.
    pub fn late_entry(&self, rank: u32) -> u32 {
        if rank <= self.before_window { rank - 1 } else { rank }
    }

    /// Position of `window` in the objective, from 0.
    pub fn window_entry(&self) -> u32 {
        self.before_window
    }
}

/// One rank better for a long wait, never better than 2.
pub(super) fn escalated(tier: &Tier, rank: u32, waited_days: i64) -> u32 {
    let long = tier.escalate_after_days > 0 && waited_days >= i64::from(tier.escalate_after_days);
    if long && rank > 2 { rank - 1 } else { rank }
}
