//! Runs that do not come to their end: a plan is there as a whole, or not at all.

use std::time::{Duration, Instant};

use crate::support::{Place, files, fixture, plan, summary};

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
        place.run(&["plan", "case", "--start", start, "--out", out]).with(0);
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
            .command(&["plan", "case", "--quiet", "--start", start, "--out", "out"])
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
