//! The judgement of an answer, whoever gave it.

use std::collections::BTreeMap;
use std::path::Path;

use rebook::solve::instance::{Answer, Instance};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Exported, Outcome};

/// An answer as solvers give it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Choices(Answer),
    Columns { columns: Vec<usize> },
}

/// What an answer means for a tier.
#[derive(Default, Serialize)]
struct Tier {
    requests: u64,
    unplaced: u64,
    /// Days late of all, placed or not.
    late_days: i64,
    /// Days late of those placed.
    late_days_placed: i64,
}

/// Recomputes the vector and tests every rule.
pub fn check(instance: &Path, answer: &Path) -> Outcome {
    let exported = Exported::read(instance)?;
    let text = std::fs::read(answer).map_err(|error| format!("{}: {error}", answer.display()))?;
    let given = serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", answer.display()))?;
    let answer = match given {
        Given::Choices(answer) => answer,
        Given::Columns { columns } => exported.linear()?.answer(&exported.instance, &columns)?,
    };
    let instance = exported.instance;
    match instance.check(&answer) {
        Ok(vector) => Ok(json!({"vector": vector, "tiers": tiers(&instance, &answer)})),
        Err(broken) => Err(format!("{} rules are broken: {}", broken.len(), broken.join("; "))),
    }
}

fn tiers<'i>(instance: &'i Instance, answer: &Answer) -> BTreeMap<&'i str, Tier> {
    let mut tiers: BTreeMap<&str, Tier> = BTreeMap::new();
    for (job, choice) in instance.jobs.iter().zip(&answer.chosen) {
        let days: Vec<i64> = match choice {
            Some(choice) => instance.spots(choice.option as usize).map(|spot| spot.day).collect(),
            None => vec![instance.unplaced_day; job.members.len()],
        };
        for (&member, day) in job.members.iter().zip(days) {
            let request = &instance.requests[member as usize];
            let late = (day - request.target).max(0);
            let tier = tiers.entry(&request.tier).or_default();
            tier.requests += 1;
            tier.unplaced += u64::from(choice.is_none());
            tier.late_days += late;
            tier.late_days_placed += if choice.is_some() { late } else { 0 };
        }
    }
    tiers
}
