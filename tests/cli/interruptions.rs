//! Runs that do not come to their end: a plan is there as a whole, or not at all.

#![allow(clippy::print_stdout, reason = "how many were killed when")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::{Place, files, fixture, plan, rows, summary};

#[test]
fn a_time_limit_gives_the_plan_so_far_and_says_so() {
    let place = Place::new();
    let case = fixture("practice");
    let ended = place.run(&["plan", &case, "--out", "plan", "--time-limit", "0"]).with(130);
    assert!(ended.err.contains("NOT PROVEN BEST: the run was interrupted"), "{}", ended.err);
    assert!(ended.err.contains("(gap "), "{}", ended.err);
    let summary = summary(&place.path("plan"));
    assert_eq!(summary["run"]["interrupted"], true);
    assert_eq!(summary["status"], "feasible");
    place.run(&["verify", &case, "plan"]).with(0);
}

/// Whenever the time is up: the plan is whole and keeps every rule, the priority guarantee among them.
#[test]
fn a_time_limit_at_any_moment() {
    let place = Place::new();
    let mut cases = vec![fixture("pcn"), fixture("practice-dirty"), fixture("elective")];
    for seed in 1..=3 {
        let name = format!("case-{seed}");
        place.small_case(&name, seed);
        cases.push(name);
    }
    let mut stopped = 0;
    for case in &cases {
        for seconds in ["0", "0.02", "0.1", "0.5"] {
            let ended = place.run(&["plan", case, "--out", "plan", "--time-limit", seconds]);
            let summary = summary(&place.path("plan"));
            if summary["run"]["interrupted"] == true {
                stopped += 1;
                assert_eq!(summary["status"], "feasible");
                ended.with(130);
            } else {
                assert_eq!(summary["status"], "optimal");
            }
            place.run(&["verify", case, "plan"]).with(0);
        }
    }
    assert!(stopped > 5, "only {stopped} runs were stopped");
}

/// Kills runs at all stages, the writing of the files among them: the old plan is there, or the new one.
#[test]
fn a_kill_leaves_the_old_plan_or_the_new_one() {
    const KILLS: u32 = 60;
    let place = Place::new();
    place.small_case("case", 3);
    let starts = ["2024-07-22", "2024-07-24"];
    let run = |start: &str, out: &str| {
        let began = Instant::now();
        place.run(&["plan", "case", "--tables-only", "--start", start, "--out", out]).with(0);
        began.elapsed()
    };
    let mut whole = Duration::ZERO;
    let wanted: Vec<_> = starts
        .iter()
        .map(|start| {
            whole = whole.max(run(start, start));
            plan(&place.path(start))
        })
        .collect();
    assert_ne!(wanted[0]["plan.csv"], wanted[1]["plan.csv"]);

    run(starts[0], "out");
    for kill in 0..KILLS {
        let start = starts[(kill % 2) as usize];
        let mut child = place
            .command(&["plan", "case", "--quiet", "--tables-only", "--start", start, "--out", "out"])
            .spawn()
            .expect("the program starts");
        // From its first moment to a little after its usual end.
        std::thread::sleep(whole * kill * 6 / (KILLS * 5));
        // It may have ended already.
        let _ = child.kill();
        child.wait().expect("it ends");
        // Any reader of ours first completes what was interrupted.
        place.run(&["verify", "case", "out"]).with(0);
        let hidden: Vec<String> =
            files(&place.path("out")).into_keys().filter(|name| name.starts_with('.')).collect();
        let mut found = files(&place.path("out"));
        found.retain(|name, _| !hidden.contains(name));
        let which = wanted.iter().position(|wanted| wanted["plan.csv"] == found["plan.csv"]);
        let which = which.expect("the old plan or the new one");
        assert_eq!(found["unplaced.csv"], wanted[which]["unplaced.csv"]);
        assert_eq!(found["excluded.csv"], wanted[which]["excluded.csv"]);
        assert_eq!(summary(&place.path("out"))["run"]["start"], starts[which]);
    }

    // The next run clears up.
    run(starts[1], "out");
    assert_eq!(plan(&place.path("out")), wanted[1]);
}

/// Rows enough that writing them takes a moment: people who have died, and are excluded.
fn add_rows(requests: &Path, number: usize) {
    let mut table = rows(&fs::read(requests).expect("requests"));
    let column = |name: &str| table[0].iter().position(|column| column == name).expect("a column");
    let (id, patient, became) = (column("request_id"), column("patient_id"), column("reconciliation"));
    for at in 0..number {
        let mut row = table[1].clone();
        row[id] = format!("GONE-{at}");
        row[patient] = format!("P-GONE-{at}");
        "died".clone_into(&mut row[became]);
        table.push(row);
    }
    let mut writer = csv::Writer::from_path(requests).expect("requests");
    for row in &table {
        writer.write_record(row).expect("a row");
    }
    writer.flush().expect("written");
}

/// The hidden folder of files that are being written, if there is one.
fn being_written(dir: &Path) -> bool {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().contains(".rebook-"))
}

/// Starts a run, waits until it writes into `watched` (or has ended), and kills it a number of looks later.
fn kill_while_writing(place: &Place, arguments: &[&str], watched: &Path, looks: u32) {
    let mut child = place.command(arguments).spawn().expect("the program starts");
    while !being_written(watched) && child.try_wait().expect("its state").is_none() {
        std::thread::yield_now();
    }
    for _ in 0..looks {
        being_written(watched);
    }
    // It may have ended already.
    let _ = child.kill();
    child.wait().expect("it ends");
}

/// Kills runs while they write: over an old plan, and where there was none.
#[test]
fn a_kill_in_the_middle_of_writing_leaves_one_whole_plan_or_none() {
    const KILLS: u32 = 48;
    const FILES: [&str; 4] = ["plan.csv", "unplaced.csv", "excluded.csv", "summary.json"];
    let place = Place::new();
    place.small_case("case", 3);
    add_rows(&place.path("case").join("requests.csv"), 20_000);
    let starts = ["2024-07-22", "2024-07-24"];
    let run = |start: &str, out: &str| {
        place.run(&["plan", "case", "--quiet", "--tables-only", "--start", start, "--out", out]).with(0);
    };
    let wanted = starts.map(|start| {
        run(start, start);
        plan(&place.path(start))
    });
    assert!(FILES[..2].iter().all(|name| wanted[0][*name] != wanted[1][*name]));
    let whole = |dir: &Path| wanted.iter().position(|wanted| *wanted == plan(dir));
    let out = place.path("out");
    run(starts[0], "out");
    let mut during = 0;
    for kill in 0..KILLS {
        let start = starts[(kill % 2) as usize];
        let arguments = ["plan", "case", "--quiet", "--tables-only", "--start", start, "--out", "out"];
        kill_while_writing(&place, &arguments, &out, kill * kill / 4);
        during += u32::from(being_written(&out));
        // Where the marker is, everything is, for readers that know nothing of us too.
        let raw = files(&out);
        if raw.contains_key("summary.json") {
            let same = |name: &&str| wanted.iter().position(|wanted| wanted[*name] == raw[*name]);
            let tables: Vec<_> = FILES[..2].iter().map(same).collect();
            assert!(tables[0].is_some() && tables[0] == tables[1], "after kill {kill}: {tables:?}");
        }
        // Any later command of ours completes what was begun, and then one plan is there.
        match kill % 3 {
            0 => drop(place.run(&["verify", "case", "out"]).with(0)),
            1 => drop(
                place
                    .run(&["plan", "case", "--quiet", "--tables-only", "--out", "next", "--previous", "out"])
                    .with(0),
            ),
            _ => run(starts[0], "out"),
        }
        let mut found = files(&out);
        found.retain(|name, _| !name.starts_with('.'));
        let which =
            wanted.iter().position(|wanted| FILES[..3].iter().all(|name| found[*name] == wanted[*name]));
        let which =
            which.unwrap_or_else(|| panic!("after kill {kill}: neither the old plan nor the new one"));
        assert_eq!(summary(&out)["run"]["start"], starts[which], "after kill {kill}");
    }
    println!("{during} of {KILLS} runs were killed in the middle of writing");

    for kill in 0..KILLS / 3 {
        let out = place.path("fresh");
        let arguments = ["plan", "case", "--quiet", "--tables-only", "--start", starts[0], "--out", "fresh"];
        kill_while_writing(&place, &arguments, &place.path("."), kill * kill / 2);
        if out.exists() {
            assert_eq!(whole(&out), Some(0), "after kill {kill}");
            fs::remove_dir_all(&out).expect("removed");
        }
    }
    // The next run clears up.
    run(starts[1], "out");
    run(starts[0], "fresh");
    assert_eq!((whole(&out), whole(&place.path("fresh"))), (Some(1), Some(0)));
    assert!(!being_written(&out) && !being_written(&place.path(".")));
}

/// Ctrl-C, once or twice, early or late: the best plan so far is written and says so, and the exit code is 130.
#[cfg(unix)]
#[test]
fn an_interrupt_gives_the_plan_so_far() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let place = Place::new();
    let case = fixture("pcn");
    for (delay, presses) in [(0, 1), (20, 1), (150, 1), (600, 1), (0, 2), (150, 2)] {
        let mut child = place
            .command(&["plan", &case, "--out", "plan"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Once it says what it has read, it listens; where it is done all the same, it ends with 0.
        let mut told = BufReader::new(child.stderr.take().expect("standard error"));
        told.read_line(&mut String::new()).expect("a line");
        for _ in 0..presses {
            std::thread::sleep(Duration::from_millis(delay));
            // It may have ended already.
            let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        }
        let mut text = String::new();
        told.read_to_string(&mut text).expect("UTF-8");
        let code = child.wait().expect("it ends").code();
        let interrupted = summary(&place.path("plan"))["run"]["interrupted"] == true;
        assert_eq!(code, Some(if interrupted { 130 } else { 0 }), "{text}");
        assert_eq!(text.contains("was interrupted"), interrupted, "{text}");
        place.run(&["verify", &case, "plan"]).with(0);
    }
}
