//! Reading a case and writing its instance.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use rebook::candidates::Context;
use rebook::model::Case;
use rebook::prepare::prepare;
use rebook::solve::instance::{Instance, Ready, Tie};
use rebook::tables::{ReadOptions, read_case};
use rebook_benches::linear::Linear;
use rebook_tests::cases::{mid_case, random_case};
use serde_json::json;

use crate::{Exported, Outcome};

/// A case by its name.
pub fn read(name: &str) -> Result<Case, String> {
    let seed = |seed: &str| seed.parse().map_err(|_| format!("{name}: a seed is a number"));
    if let Some(number) = name.strip_prefix("small:") {
        Ok(random_case(seed(number)?))
    } else if let Some(number) = name.strip_prefix("larger:") {
        Ok(mid_case(seed(number)?))
    } else {
        read_case(Path::new(name), &ReadOptions::default()).map_err(|error| error.to_string())
    }
}

/// Writes the instance of a case, and says how large it is and what is in it.
pub fn export(name: &str, out: &Path, without_linear: bool) -> Outcome {
    let case = read(name)?;
    let prepared = prepare(&case);
    let context = Context::new(&case);
    let instance = Ready::new(&context, &prepared).instance();
    let began = Instant::now();
    let linear = (!without_linear).then(|| Linear::new(&instance));
    let linear_seconds = linear.as_ref().map(|_| began.elapsed().as_secs_f64());
    let about = json!({
        "entries": instance.entries,
        "size": size(&instance, linear.as_ref()),
        "contents": contents(&instance),
        "linear_seconds": linear_seconds,
    });
    let text = serde_json::to_vec(&Exported { instance, linear }).map_err(|error| error.to_string())?;
    std::fs::write(out, text).map_err(|error| format!("{}: {error}", out.display()))?;
    Ok(about)
}

fn size(instance: &Instance, linear: Option<&Linear>) -> serde_json::Value {
    json!({
        "requests": instance.requests.len(),
        "jobs": instance.jobs.len(),
        "options": instance.spot_ends.len(),
        "slots": instance.pools.iter().map(|pool| pool.capacity.len()).sum::<usize>(),
        "columns": linear.map(|linear| linear.options.len()),
        "rows": linear.map(|linear| linear.rhs.len()),
    })
}

/// How much there is of each thing that makes an instance harder than an assignment.
fn contents(instance: &Instance) -> BTreeMap<&'static str, usize> {
    let kind = |kind: &str| instance.rows.iter().filter(|row| row.kind == kind).count();
    let spans = || instance.places.iter().flat_map(|place| &place.spans);
    let links = instance.ties.iter().filter(|tie| matches!(tie, Tie::Link { .. })).count();
    let visit = |job: &usize| instance.jobs[*job].members.len() > 1 && !instance.options(*job).is_empty();
    BTreeMap::from([
        ("visits", (0..instance.jobs.len()).filter(visit).count()),
        ("links", links),
        ("patients", instance.ties.len() - links),
        ("long_runs", spans().filter(|span| span.to > span.from + 1).count()),
        ("groups", spans().filter(|span| span.group.is_some()).count()),
        ("caps", kind("cap")),
        ("reserves", kind("reserve")),
        ("calls", kind("calls")),
    ])
}
