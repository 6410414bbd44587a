//! Reading the tables of a case.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rebook::tables::{ReadOptions, read_case};
use rebook_benches::{fixture, group, practice};

fn read(criterion: &mut Criterion) {
    let mut group = group(criterion, "read");
    for sample in [practice(), fixture("pcn")] {
        let rows: usize = sample.case.files.iter().map(|file| file.rows).sum();
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(&sample.name, |bencher| {
            bencher.iter(|| {
                let case = read_case(black_box(sample.folder()), &ReadOptions::default());
                assert!(case.is_ok_and(|case| case.slots.len() == sample.case.slots.len()));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
