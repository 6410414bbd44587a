//! Finding the best plan and proving it.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rebook::candidates::Context;
use rebook::prepare::prepare;
use rebook::solve::{Effort, solve};
use rebook_benches::{group, network, practice, small};

fn best(criterion: &mut Criterion) {
    let mut group = group(criterion, "solve");
    for sample in [small(), practice(), network()] {
        let prepared = prepare(&sample.case);
        let context = Context::new(&sample.case);
        let run = || {
            let effort = Effort { pivots: 20_000_000, stop: &|| false };
            solve(black_box(&context), black_box(&prepared), effort)
        };
        let expected = run();
        assert!(expected.is_optimal(), "{} is solved to the end", sample.name);
        group.throughput(Throughput::Elements(sample.requests));
        group.bench_function(&sample.name, |bencher| bencher.iter(|| assert_eq!(run(), expected)));
    }
    group.finish();
}

criterion_group!(benches, best);
criterion_main!(benches);
