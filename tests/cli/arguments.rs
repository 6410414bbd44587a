//! Arguments and input that cannot be used: exit code 2, words that help, and nothing written.

use std::fs;

use crate::support::{Place, fixture};

#[test]
fn arguments_that_make_no_sense() {
    let place = Place::new();
    let case = fixture("practice");
    let bad: [&[&str]; 15] = [
        &[],
        &["nonsense"],
        &["plan"],
        &["plan", &case],
        &["plan", "--out", "plan"],
        &["plan", &case, "--out", "plan", "--nonsense"],
        &["plan", &case, "--out", "plan", "--start", "22/07/2024"],
        &["plan", &case, "--out", "plan", "--as-of", "noon"],
        &["plan", &case, "--out", "plan", "--time-limit", "soon"],
        &["plan", &case, "--out", "plan", "--time-limit=-0.5"],
        &["plan", &case, "--out", "plan", "--threads", "many"],
        &["plan", &case, "--out", "plan", "--threads", "0"],
        &["plan", &case, "--out", "plan", "--threads", "100000"],
        &["plan", "not-there", "--out", "plan"],
        &["verify", &case, "not-there"],
    ];
    for arguments in bad {
        let ended = place.run(arguments).with(2);
        assert_eq!(ended.out, "", "{arguments:?}");
        assert!(!ended.err.is_empty(), "{arguments:?} says why");
        assert!(!place.path("plan").exists(), "{arguments:?} writes nothing");
    }
}

#[test]
fn a_book_that_cannot_be_read() {
    let place = Place::new();
    place.small_case("case", 1);
    let slots = place.path("case").join("slots.csv");
    let mut text = fs::read_to_string(&slots).expect("slots");
    text.push_str("EXTRA,no-such-session,22/07/2024 09:00,15,free,,,,\n");
    fs::write(&slots, text).expect("written");
    let ended = place.run(&["plan", "case", "--out", "plan"]).with(2);
    assert!(ended.err.contains("slots.csv"), "{}", ended.err);
    assert!(ended.err.contains("nothing was written"), "{}", ended.err);
    assert!(!place.path("plan").exists());
}

#[test]
fn a_folder_of_somebody_elses_files_is_left_alone() {
    let place = Place::new();
    place.small_case("case", 1);
    fs::create_dir(place.path("mine")).expect("a folder");
    fs::write(place.path("mine").join("plan.csv"), "mine").expect("written");
    place.run(&["plan", "case", "--out", "mine"]).with(2);
    assert_eq!(fs::read_to_string(place.path("mine").join("plan.csv")).expect("a file"), "mine");

    place.run(&["generate", "--out", "case"]).with(2);
    place.run(&["generate", "--patients", "3000", "--requests", "40", "--out", "case", "--force"]).with(0);
}

#[test]
fn the_plan_before_is_not_replaced_by_the_one_that_is_made_from_it() {
    let place = Place::new();
    place.small_case("case", 1);
    place.run(&["plan", "case", "--out", "mine"]).with(0);
    let before = fs::read(place.path("mine").join("summary.json")).expect("a file");
    let ended = place.run(&["plan", "case", "--out", "./case/../mine", "--previous", "mine"]).with(2);
    assert!(ended.err.contains("--previous"), "{}", ended.err);
    assert_eq!(fs::read(place.path("mine").join("summary.json")).expect("a file"), before);
}

#[test]
fn a_file_where_the_plan_should_go() {
    let place = Place::new();
    place.small_case("case", 1);
    fs::write(place.path("taken"), "mine").expect("written");
    for out in ["taken", "taken/plan"] {
        for arguments in [&["plan", "case", "--out", out][..], &["generate", "--out", out]] {
            let ended = place.run(arguments).with(2);
            assert!(ended.err.contains("taken is a file"), "{}", ended.err);
        }
    }
    assert_eq!(fs::read_to_string(place.path("taken")).expect("a file"), "mine");
}

#[test]
fn a_start_after_which_dates_could_not_be_read_back() {
    let place = Place::new();
    place.small_case("case", 1);
    for start in ["9999-12-31", "9999-12-05"] {
        let ended = place.run(&["plan", "case", "--out", "plan", "--start", start]).with(2);
        assert!(ended.err.contains(start) && ended.err.contains("after 9999-12-31"), "{}", ended.err);
        assert!(!place.path("plan").exists());
    }
    place.run(&["plan", "case", "--out", "plan", "--start", "9999-09-01"]).with(0);
    place.run(&["verify", "case", "plan"]).with(0);
}
