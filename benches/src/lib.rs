//! The corpus of the benchmarks and their sizes, one criterion file for each stage in `stages/`.
//!
//! `cargo bench -p rebook-benches` measures; `cargo test --benches -p rebook-benches` runs each body once. Every
//! benchmark asserts its result, so a fast wrong answer is no answer.
//!
//! The comparison with other solvers, `benches/peers/`, is driven by Python; `peer` gives it its instances and judges the
//! answers.

pub mod assignment;
pub mod linear;
pub mod pool;

use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use rebook::generate::{Options, Profile, write};
use rebook::model::Case;
use rebook::tables::{ReadOptions, read_case};
use tempfile::TempDir;

/// A case of the corpus, on the disk and in memory.
pub struct Sample {
    /// Its name in the results.
    pub name: String,
    /// Its requests.
    pub requests: u64,
    /// As read.
    pub case: Case,
    folder: PathBuf,
    /// Removed with the sample.
    _home: Option<TempDir>,
}

impl Sample {
    fn read(name: &str, folder: PathBuf, home: Option<TempDir>) -> Self {
        let case = read_case(&folder, &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Self { name: name.to_owned(), requests: case.requests.len() as u64, case, folder, _home: home }
    }

    /// Folder of its tables.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A case kept with the project.
///
/// # Panics
/// If it cannot be read.
pub fn fixture(name: &str) -> Sample {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    Sample::read(name, folder, None)
}

/// A generated case: so many practices, so many requests each.
///
/// # Panics
/// If it cannot be made.
pub fn generated(profile: Profile, practices: usize, requests: usize, seed: u64) -> Sample {
    let home = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder to write in: {error}"));
    let folder = home.path().join("case");
    let options =
        Options { practices: Some(practices), requests: Some(requests), ..Options::new(profile, seed) };
    write(&options, &folder, false, &mut |_, _| ()).unwrap_or_else(|error| panic!("{error}"));
    let name = Profile::NAMES.iter().find(|entry| entry.1 == profile).map_or("case", |entry| entry.0);
    Sample::read(&format!("{name}-{practices}x{requests}"), folder, Some(home))
}

/// A practice whose requests are few enough for many repetitions.
pub fn small() -> Sample {
    generated(Profile::Practice, 1, 60, 3)
}

/// The practice that the documentation speaks of.
pub fn practice() -> Sample {
    fixture("practice")
}

/// A network of practices that share a hub.
pub fn network() -> Sample {
    generated(Profile::Pcn, 5, 60, 3)
}

/// A group for work of milliseconds or more: few samples, each of equal length.
pub fn group<'c>(criterion: &'c mut Criterion, stage: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(stage);
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group
}
