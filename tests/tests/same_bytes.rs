//! The same input gives the same bytes: whatever the order of the rows, at any number of threads, and from files as
//! well as from memory; and what stands in the files is the best plan and keeps every rule.

#![allow(clippy::print_stdout, reason = "how many")]

use std::fs;
use std::path::{Path, PathBuf};

use rebook::issue::Code;
use rebook::model::PlanFiles;
use rebook::tables::{ReadOptions, plan_files, read_case, read_plan, write_case};
use rebook::{Error, PlanOptions};
use rebook_tests::Case;
use rebook_tests::cases::{Dice, mid_case, random_case};
use rebook_tests::compare::compare;
use rebook_tests::planner::engine_plan;

/// Random cases tried; some cannot be written as files.
const CASES: u64 = 1_600;

/// Problems of files that the random cases are free to have.
const BY_HAND: [Code; 3] = [Code::SlotsOverlap, Code::UnknownTier, Code::SharesRankFirst];

/// The tables of a plan as bytes; `excluded.csv` without the lines of the file, which say where rows stand.
fn bytes(case: &Case) -> [Vec<u8>; 3] {
    let mut plan = engine_plan(case).expect("a plan");
    for row in &mut plan.excluded {
        row.line = 0;
    }
    // Rows of one id stand in the order of the file.
    plan.excluded
        .sort_by_key(|row| (row.request_id.clone(), row.patient_id.clone(), row.reason_code.clone()));
    let files = plan_files(&plan, &[]).expect("files");
    let [tables @ .., _summary] = <[_; 4]>::try_from(files).expect("four files");
    tables.map(|file| file.bytes)
}

/// A folder with the rows of every table in another order.
fn shuffled(from: &Path, to: &Path, dice: &mut Dice) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copy = to.join(path.file_name().expect("a name"));
        if path.extension().is_none_or(|extension| extension != "csv") {
            fs::copy(&path, copy).expect("copied");
            continue;
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).expect("a table");
        let mut rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        for last in (2..rows.len()).rev() {
            rows.swap(last, 1 + dice.below(last));
        }
        let mut writer = csv::Writer::from_path(copy).expect("a table");
        for row in &rows {
            writer.write_record(row).expect("a row");
        }
        writer.flush().expect("written");
    }
}

/// The case of a folder; `None` where no file may hold what the case holds.
fn read(dir: &Path, case: &Case, previous: Option<PathBuf>) -> Option<Case> {
    let options = ReadOptions { use_additional: case.use_additional, previous, ..ReadOptions::default() };
    match read_case(dir, &options) {
        Ok(case) => Some(case),
        Err(Error::Unusable(issues)) if issues.iter().all(|issue| BY_HAND.contains(&issue.code)) => None,
        Err(error) => panic!("{}: {error:?}", dir.display()),
    }
}

/// The files of a plan in a folder; nothing is lost if the power is, so nothing waits for the disk.
fn written(plan: &PlanFiles, dir: PathBuf) -> PathBuf {
    fs::create_dir(&dir).expect("a folder");
    for file in plan_files(plan, &[]).expect("files") {
        fs::write(dir.join(file.name), file.bytes).expect("written");
    }
    dir
}

/// Compares what comes of the files of a case with what comes of the same files shuffled.
fn look_at(seed: u64, home: &Path) -> Option<bool> {
    let mut case = random_case(seed);
    // Defects of a case made by hand have no cell behind them that could be written.
    if case.requests.iter().any(|request| !request.defects.is_empty()) {
        return None;
    }
    // The previous plan of a case by hand has rows that no run of ours would write.
    let mut previous = case.previous.take();
    for row in previous.iter_mut().flat_map(|plan| &mut plan.plan) {
        if row.patient_id.is_empty() {
            "gone".clone_into(&mut row.patient_id);
        }
        if row.tier.is_empty() {
            "gone".clone_into(&mut row.tier);
        }
    }
    let dir = home.join(seed.to_string());
    write_case(&case, &dir.join("case")).expect("it is written");
    let before = previous.as_ref().map(|plan| written(plan, dir.join("previous")));
    let read_back = read(&dir.join("case"), &case, before.clone())?;
    let plan = engine_plan(&read_back).expect("a plan");
    assert_eq!(compare(&read_back, &plan), Ok(()), "seed {seed}");
    let again = read_plan(&written(&plan, dir.join("plan"))).expect("it is read");
    let broken = rebook::verify::verify(&read_back, &again);
    assert!(broken.is_empty(), "seed {seed}: {broken:?}");

    shuffled(&dir.join("case"), &dir.join("shuffled"), &mut Dice::new(seed));
    let other = read(&dir.join("shuffled"), &case, before).expect("the same rows");
    assert_eq!(bytes(&read_back), bytes(&other), "seed {seed}");
    Some(previous.is_some())
}

#[test]
fn whatever_the_order_of_the_rows() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut compared, mut again) = (0, 0);
    for seed in 0..CASES {
        if let Some(previous) = look_at(seed, home.path()) {
            compared += 1;
            again += usize::from(previous);
        }
    }
    println!("{compared} cases from files, {again} of them planned before");
    assert!(compared > 500 && again > 100, "{compared} cases, {again} of them planned before");
}

#[test]
fn at_any_number_of_threads() {
    let small = (0..300).map(random_case);
    let cases: Vec<Case> = small.chain((20..40).map(mid_case)).collect();
    let mut all = Vec::new();
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        all.push(pool.install(|| cases.iter().map(bytes).collect::<Vec<_>>()));
    }
    for (seed, (one, (two, eight))) in all[0].iter().zip(all[1].iter().zip(&all[2])).enumerate() {
        assert!(one == two && one == eight, "case {seed} differs");
    }
}

/// A run that is stopped at once has a plan that keeps the rules, and says that it is not proven.
#[test]
fn a_run_that_is_stopped_keeps_every_rule() {
    let mut stopped = 0;
    for seed in 0..400 {
        let case = random_case(seed);
        if case.previous.is_some() {
            continue;
        }
        let options = PlanOptions { stop: &|| true, ..PlanOptions::default() };
        let plan = rebook::plan(&case, &options).expect("a plan");
        let broken = rebook::verify::verify(&case, &plan);
        assert!(broken.is_empty(), "seed {seed}: {broken:?}");
        // What is proven all the same was not interrupted.
        assert!(plan.summary.run.interrupted || plan.summary.status == "optimal", "seed {seed}");
        stopped += usize::from(plan.summary.status == "feasible");
    }
    println!("{stopped} plans are not proven");
}
