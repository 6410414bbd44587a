//! Somebody changed the summary.

use rebook::verify::Rule;
use serde_json::{Value, json};

use super::Mutant;
use super::folder::Originals;

fn add(value: &mut Value, number: i64) {
    *value = json!(value.as_i64().expect("a whole number") + number);
}

/// Changes of `summary.json`.
pub const MUTANTS: &[Mutant] = &[
    (Rule::Value, "less lateness", |f| f.summary(|s| add(&mut s["objective"]["late"][2]["value"], -1))),
    (Rule::Value, "missed windows", |f| f.summary(|s| add(&mut s["objective"]["window"]["value"], 100))),
    (Rule::Value, "less waiting", |f| f.summary(|s| add(&mut s["objective"]["wait"][4]["value"], -1))),
    (Rule::Value, "another order", |f| f.summary(|s| add(&mut s["objective"]["order"]["value"], 1))),
    (Rule::Value, "an entry less", |f| {
        f.summary(|s| drop(s["objective"]["late"].as_array_mut().expect("a list").pop()));
    }),
    (Rule::Bound, "more than there is", |f| f.summary(|s| add(&mut s["objective"]["order"]["bound"], 1))),
    (Rule::Status, "not proven, yet optimal", |f| {
        f.summary(|s| add(&mut s["objective"]["order"]["bound"], -1));
    }),
    (Rule::Status, "proven, yet feasible", |f| f.summary(|s| s["status"] = json!("feasible"))),
    (Rule::Counts, "one more placed", |f| f.summary(|s| add(&mut s["counts"]["placed"], 1))),
    (Rule::Counts, "one less of a tier", |f| {
        f.summary(|s| add(&mut s["counts"]["by_tier"]["GP3"]["requests"], -1));
    }),
    (Rule::PolicyRecord, "approved by somebody else", |f| {
        f.summary(|s| s["policy"]["approved_by"] = json!("somebody"));
    }),
    (Rule::RunRecord, "another start", |f| f.summary(|s| s["run"]["start"] = json!("2024-07-23"))),
    (Rule::RunRecord, "another moment", |f| f.summary(|s| s["run"]["as_of"] = json!("2024-07-21T00:00"))),
    (Rule::RunRecord, "additional sessions", |f| f.summary(|s| s["run"]["additional"] = json!(true))),
    (Rule::RunRecord, "a plan before this one", |f| f.summary(|s| s["run"]["previous"] = json!("before"))),
    (Rule::Input, "another digest", |f| {
        f.summary(|s| s["input_sha256"]["slots.csv"] = json!("0".repeat(64)));
    }),
];

/// Paths to all the whole numbers of a value.
fn numbers(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(path.to_owned()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                numbers(item, &format!("{path}/{at}"), found);
            }
        }
        Value::Object(entries) => {
            for (key, entry) in entries {
                numbers(entry, &format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_number_of_the_objective_or_of_the_counts_can_be_another() {
    let originals = Originals::new();
    let mut paths = Vec::new();
    originals.copy().summary(|summary| {
        numbers(&summary["objective"], "/objective", &mut paths);
        numbers(&summary["counts"], "/counts", &mut paths);
    });
    assert!(paths.len() > 50, "{paths:?}");
    for path in paths {
        for more in [1, -1] {
            let mut folder = originals.copy();
            let mut before = 0;
            folder.summary(|summary| {
                let value = summary.pointer_mut(&path).expect("it is there");
                before = value.as_i64().expect("a whole number");
                add(value, more);
            });
            // A count below nothing cannot be read; a rank is named by its place.
            match folder.verify() {
                Ok(broken) => assert!(!broken.is_empty(), "{path}: {before} and {more}"),
                Err(error) => assert!(matches!(error, rebook::Error::Unusable(_)), "{path}: {error}"),
            }
        }
    }
}
