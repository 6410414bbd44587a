//! The main job from the files of a case to the files of a plan, as bytes.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rebook::tables::{ReadOptions, plan_files, read_case};
use rebook::{PlanOptions, Result, plan};
use rebook_benches::{Sample, group, practice, small};

fn road(sample: &Sample) -> Result<Vec<Vec<u8>>> {
    let case = read_case(black_box(sample.folder()), &ReadOptions::default())?;
    let files = plan(&case, &PlanOptions::default())?;
    let accounted = files.plan.len() + files.unplaced.len() + files.excluded.len();
    assert_eq!(accounted as u64, sample.requests, "nobody is lost");
    Ok(plan_files(&files, &case.kept_columns)?.into_iter().map(|file| file.bytes).collect())
}

fn whole(criterion: &mut Criterion) {
    let mut group = group(criterion, "whole");
    for sample in [small(), practice()] {
        let expected = road(&sample).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        group.throughput(Throughput::Elements(sample.requests));
        group.bench_function(&sample.name, |bencher| {
            bencher.iter(|| assert!(road(&sample).is_ok_and(|bytes| bytes == expected)));
        });
    }
    group.finish();
}

criterion_group!(benches, whole);
criterion_main!(benches);
