//! Exclusions, ranks, targets and windows; then every candidate of every request.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rebook::candidates::{Context, offers};
use rebook::prepare::prepare;
use rebook_benches::{fixture, group, practice};

fn candidates(criterion: &mut Criterion) {
    let mut group = group(criterion, "candidates");
    for sample in [practice(), fixture("pcn")] {
        let count = || {
            let case = black_box(&sample.case);
            let prepared = prepare(case);
            let context = Context::new(case);
            prepared.requests.iter().map(|planned| offers(&context, planned).len()).sum::<usize>()
        };
        let expected = count();
        assert!(expected > sample.case.requests.len(), "more candidates than requests");
        group.throughput(Throughput::Elements(sample.requests));
        group.bench_function(&sample.name, |bencher| bencher.iter(|| assert_eq!(count(), expected)));
    }
    group.finish();
}

criterion_group!(benches, candidates);
criterion_main!(benches);
