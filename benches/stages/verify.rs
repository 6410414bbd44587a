//! Recomputing every rule from the files of a plan.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rebook::verify::verify;
use rebook::{PlanOptions, plan};
use rebook_benches::{group, network, practice};

fn check(criterion: &mut Criterion) {
    let mut group = group(criterion, "verify");
    for sample in [practice(), network()] {
        let files = plan(&sample.case, &PlanOptions::default())
            .unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        group.throughput(Throughput::Elements(sample.requests));
        group.bench_function(&sample.name, |bencher| {
            bencher.iter(|| assert_eq!(verify(black_box(&sample.case), black_box(&files)), []));
        });
    }
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
