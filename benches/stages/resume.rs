//! The questions to a plan in memory, beside planning anew.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rebook::calendar::DateSet;
use rebook::candidates::Context;
use rebook::generate::Profile;
use rebook::prepare::prepare;
use rebook::resume::Kept;
use rebook::solve::{Effort, solve};
use rebook::{PlanOptions, plan};
use rebook_benches::{generated, group};

const EFFORT: Effort<'_> = Effort { pivots: 20_000_000, stop: &|| false };

fn questions(criterion: &mut Criterion) {
    let mut group = group(criterion, "resume");
    let sample = generated(Profile::Pcn, 5, 400, 1);
    let case = &sample.case;
    let files = plan(case, &PlanOptions { hurry: &|| true, ..PlanOptions::default() });
    let files = files.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
    let first = files.plan[0].clone();
    let kept = Kept::new(case, files).unwrap_or_else(|error| panic!("{}: {error}", sample.name));

    group.bench_function(format!("anew/{}", sample.name), |bencher| {
        bencher.iter(|| {
            let prepared = prepare(black_box(case));
            assert!(solve(&Context::new(case), &prepared, EFFORT).is_optimal());
        });
    });
    group.bench_function(format!("next/{}", sample.name), |bencher| {
        bencher.iter(|| {
            let next = kept.next_for(black_box(&first.slot_ids[0]));
            assert!(next.is_ok_and(|next| next.withdrawn.as_ref() == Some(&first.request_id)));
        });
    });
    let away = DateSet::from_ranges(vec![(first.start.date(), first.start.date())]);
    group.bench_function(format!("absence/{}", sample.name), |bencher| {
        bencher.iter(|| {
            let replan = kept.absence(black_box(&first.practitioner_id), &away, EFFORT);
            assert!(replan.is_ok_and(|replan| replan.displaced.contains(&first.request_id)));
        });
    });
    group.finish();
}

criterion_group!(benches, questions);
criterion_main!(benches);
