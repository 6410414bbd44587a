//! SPEC section 1: circles of links, judged on all rows of the file.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Request;

/// For each row whether its link lies on a circle; a link to oneself is one.
///
/// Rows that share an id count as one request here: each of their links is one of its links.
pub(super) fn on_circle(requests: &[Request]) -> Vec<bool> {
    let mut links: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for request in requests {
        if let Some(after) = &request.after_request_id {
            links.entry(&request.request_id).or_default().push(after);
        }
    }
    requests
        .iter()
        .map(|request| {
            let after = request.after_request_id.as_deref();
            after.is_some_and(|after| leads_to(&links, after, &request.request_id))
        })
        .collect()
}

fn leads_to(links: &BTreeMap<&str, Vec<&str>>, from: &str, goal: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if id == goal {
            return true;
        }
        if seen.insert(id) {
            open.extend(links.get(id).into_iter().flatten());
        }
    }
    false
}
