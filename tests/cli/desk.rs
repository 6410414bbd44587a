//! What people work with: written with every plan, as a whole, and never over somebody's work.

use std::fs;

use super::support::{Place, fixture, plan, tree};

#[test]
fn the_desk_comes_with_every_plan_and_can_be_made_again_with_the_same_bytes() {
    let place = Place::new();
    let case = fixture("practice");
    let ended = place.run(&["plan", &case, "--out", "p"]).with(0);
    assert!(ended.err.contains("rebooking.xlsx and report.html in its folder desk"), "{}", ended.err);
    let desk = tree(&place.path("p/desk"));
    for name in [
        "calendars/clinician-GP1.ics",
        "calendars/site-P0001.ics",
        "desk.json",
        "fhir/proposed.json",
        "letters.csv",
        "messages/held.csv",
        "messages/pool.csv",
        "rebooking.xlsx",
        "report.html",
        "sheets/call-list.csv",
        "sheets/equity.csv",
        "transactions.csv",
    ] {
        assert!(desk.contains_key(name), "{name} is missing among {:?}", desk.keys());
    }
    place.run(&["desk", &case, "p"]).with(0);
    assert_eq!(tree(&place.path("p/desk")), desk, "made again in its place");
    place.run(&["desk", &case, "p", "--out", "elsewhere"]).with(0);
    assert_eq!(tree(&place.path("elsewhere")), desk, "made elsewhere");
    for threads in ["1", "2", "3"] {
        place.run(&["plan", &case, "--out", "q", "--quiet", "--threads", threads]).with(0);
        assert_eq!(tree(&place.path("q/desk")), desk, "{threads} threads");
    }
}

#[test]
fn nothing_is_left_of_an_earlier_desk_and_nobodys_work_is_lost() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "p", "--quiet"]).with(0);
    let before = plan(&place.path("p"));

    // Somebody has worked in a file: nothing at all is written.
    let calls = place.path("p/desk/sheets/call-list.csv");
    let own = fs::read_to_string(&calls).unwrap().replacen(",reception,", ",me,", 1);
    fs::write(&calls, &own).unwrap();
    for command in [
        vec!["plan", &case, "--out", "p", "--start", "2024-07-23"],
        vec!["plan", &case, "--out", "p", "--tables-only"],
        vec!["desk", &case, "p"],
    ] {
        let ended = place.run(&command).with(2);
        let name = if cfg!(windows) { "sheets\\call-list.csv" } else { "sheets/call-list.csv" };
        assert!(ended.err.contains("call-list.csv has been changed"), "{name}: {}", ended.err);
        assert_eq!(fs::read_to_string(&calls).unwrap(), own);
    }
    // Put back, the folder is replaced; what the new plan does not have is gone, what is not ours stays.
    fs::write(&calls, &before["desk/sheets/call-list.csv"]).unwrap();
    fs::write(place.path("p/desk/notes.txt"), "mine").unwrap();
    place.run(&["plan", &case, "--out", "p", "--quiet", "--tables-only"]).with(0);
    let after = tree(&place.path("p"));
    let names: Vec<&str> = after.keys().map(String::as_str).collect();
    assert_eq!(names, ["desk/notes.txt", "excluded.csv", "plan.csv", "summary.json", "unplaced.csv"]);
}

#[test]
fn transactions_that_are_done_stay_done() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "p", "--quiet"]).with(0);
    let list = place.path("p/desk/transactions.csv");
    let text = fs::read_to_string(&list).unwrap();
    let done = text.replacen(",to-do", ",done", 3);
    assert_ne!(done, text);
    fs::write(&list, &done).unwrap();
    place.run(&["desk", &case, "p"]).with(0);
    assert_eq!(fs::read_to_string(&list).unwrap().matches(",done").count(), 3);
}

#[test]
fn a_plan_that_does_not_fit_its_case_is_refused_by_name() {
    let place = Place::new();
    place.small_case("case", 3);
    place.small_case("other", 4);
    place.run(&["plan", "case", "--out", "p", "--quiet"]).with(0);
    let ended = place.run(&["desk", "other", "p", "--out", "d"]).with(2);
    assert!(ended.err.contains("plan.csv does not fit this case"), "{}", ended.err);
    assert!(!place.path("d").exists());
}

#[test]
fn waves_are_as_large_as_the_user_says_and_never_make_no_sense() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "p", "--quiet"]).with(0);
    let sizes = |desk: &str| -> (usize, usize) {
        let mut sums = (0, 0);
        for (name, bytes) in tree(&place.path(desk)) {
            if name.starts_with("messages/wave-") {
                let text = String::from_utf8(bytes).unwrap();
                let titles: Vec<&str> = text.lines().next().unwrap().split(',').collect();
                let row: Vec<&str> = text.lines().nth(1).unwrap().rsplitn(3, ',').collect();
                assert_eq!(titles[titles.len() - 2..], ["bookable_places", "told_before"]);
                sums.0 += text.lines().count() - 1;
                sums.1 += row[1].parse::<usize>().unwrap();
            }
        }
        sums
    };
    let (invited, places) = sizes("p/desk");
    assert!(invited > 1 && invited == places, "{invited} and {places}");
    place.run(&["desk", &case, "p", "--out", "more", "--over-invite", "200"]).with(0);
    let (invited, places) = sizes("more");
    assert_eq!(invited, 2 * places, "two links for each place that is opened");
    place.run(&["desk", &case, "p", "--out", "small", "--wave-size", "2"]).with(0);
    for (name, bytes) in tree(&place.path("small")) {
        assert!(
            !name.starts_with("messages/wave-1-") || String::from_utf8(bytes).unwrap().lines().count() <= 3
        );
    }
    for wrong in [["--over-invite", "99"], ["--wave-size", "0"], ["--over-invite", "many"]] {
        let ended = place.run(&["desk", &case, "p", wrong[0], wrong[1]]).with(2);
        assert!(ended.err.contains(wrong[0]) && ended.err.contains(wrong[1]), "{}", ended.err);
    }
}
