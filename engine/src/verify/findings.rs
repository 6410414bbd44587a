//! What `verify` found: broken rules with the rows concerned.

use serde::Serialize;
use serde_json::{Value, json};

use super::rule::Rule;

/// A broken rule, with the rows concerned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    /// Which.
    pub rule: Rule,
    /// The ids of the requests concerned.
    pub requests: Vec<String>,
    /// The ids of the slots concerned.
    pub slots: Vec<String>,
    /// How it is broken, in words.
    pub message: String,
}

impl Violation {
    /// For other programs.
    pub fn to_json(&self) -> Value {
        json!({
            "rule": self.rule.as_str(),
            "title": self.rule.title(),
            "message": self.message,
            "requests": self.requests,
            "slots": self.slots,
        })
    }
}

/// Collects violations.
#[derive(Default)]
pub(super) struct Findings {
    found: Vec<Violation>,
}

impl Findings {
    /// A broken rule that concerns these requests and no slot in particular.
    pub fn add<T: AsRef<str>>(
        &mut self,
        rule: Rule,
        message: impl Into<String>,
        requests: impl IntoIterator<Item = T>,
    ) {
        self.add_with_slots(rule, message, requests, [""; 0]);
    }

    /// A broken rule that concerns these requests and slots.
    pub fn add_with_slots<T: AsRef<str>, S: AsRef<str>>(
        &mut self,
        rule: Rule,
        message: impl Into<String>,
        requests: impl IntoIterator<Item = T>,
        slots: impl IntoIterator<Item = S>,
    ) {
        self.found.push(Violation {
            rule,
            requests: requests.into_iter().map(|id| id.as_ref().to_owned()).collect(),
            slots: slots.into_iter().map(|id| id.as_ref().to_owned()).collect(),
            message: message.into(),
        });
    }

    /// A broken rule that concerns the plan as a whole.
    pub fn add_whole(&mut self, rule: Rule, message: impl Into<String>) {
        self.add(rule, message, [""; 0]);
    }

    /// Everything found, in the order of the rules.
    pub fn into_sorted(self) -> Vec<Violation> {
        let mut found = self.found;
        found.sort();
        found.dedup();
        found
    }
}
