//! Waves, and the places that those invited choose among.

use std::collections::{BTreeMap, BTreeSet};

use rebook::calendar::{parse_date, parse_moment};
use rebook::desk::{Earlier, MessageOptions, messages};
use rebook::model::{Case, ContactRoute, GenderWish, PlanFiles};
use rebook_tests::build::{CaseBuilder, day, moment, tags};
use rebook_tests::oracle::{Switches, prepare};
use rebook_tests::planner::by_engine;

use super::invitations::{Change, by_text, clinic};
use super::{Told, at_desk, at_first, columns};

fn with(options: MessageOptions) -> impl Fn(&Case) -> Told {
    move |case| Told::of(case, options)
}

fn plain(case: &Case) -> Told {
    Told::of(case, MessageOptions::default())
}

fn many(mut builder: CaseBuilder, count: usize, change: Change) -> CaseBuilder {
    for number in 0..count {
        builder = builder.request(&format!("R{number:02}"), change);
    }
    builder
}

/// How many invitations and places each file says and has.
fn sizes(told: &Told) -> Vec<(String, usize, usize)> {
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for row in told.rows("messages/pool.csv").into_iter().filter(|row| row["use"] == "open") {
        *open.entry(row["file"].clone()).or_default() += row["places"].parse::<usize>().expect("a number");
    }
    let size = |name: &str| {
        let rows = told.rows(name);
        let places = open[name];
        for row in &rows {
            assert_eq!(row["invitations"], rows.len().to_string());
            assert_eq!(row["bookable_places"], places.to_string());
        }
        (name.to_owned(), rows.len(), places)
    };
    told.waves().into_iter().map(size).collect()
}

#[test]
fn as_many_are_invited_as_there_are_places_which_are_those_of_the_plan() {
    let case = many(clinic(), 5, by_text).build();
    let told = plain(&case);
    assert_eq!(sizes(&told), [("messages/wave-1-A-15min-in-person.csv".to_owned(), 5, 5)]);
    let row = &told.rows("messages/wave-1-A-15min-in-person.csv")[0];
    assert_eq!(
        (row["bookable_from"].as_str(), row["bookable_until"].as_str()),
        ("2024-08-01T09:00", "2024-08-01T10:00")
    );
    let slots: Vec<String> = told
        .rows("messages/pool.csv")
        .into_iter()
        .map(|row| format!("{} {}", row["slot_ids"], row["start"]))
        .collect();
    let plan = by_engine(&case);
    let mut places: Vec<String> = plan
        .plan
        .iter()
        .map(|row| format!("{} {}", row.slot_ids.join(";"), row.start.format("%Y-%m-%dT%H:%M")))
        .collect();
    places.sort();
    assert_eq!(slots, places);
    let self_book = at_desk(&case, &plan, |desk| at_first(desk, MessageOptions::default()).self_book);
    assert_eq!(self_book.into_keys().collect::<Vec<_>>(), told.invited());
}

#[test]
fn more_are_invited_than_there_are_places_only_where_the_user_says_so() {
    let case = many(clinic(), 6, by_text).build();
    let told = with(MessageOptions { over_invite_percent: 140, ..MessageOptions::default() })(&case);
    assert_eq!(
        (sizes(&told)[0].1, sizes(&told)[0].2),
        (6, 5),
        "6 to 5 is less than 140 to 100, 6 to 4 is more"
    );
    let kept: Vec<_> =
        told.rows("messages/pool.csv").into_iter().filter(|row| row["use"] == "keep").collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["start"], "2024-08-01T10:15", "the last place is kept for who finds nothing");
    let plan = by_engine(&case);
    for options in [
        MessageOptions { over_invite_percent: 99, ..MessageOptions::default() },
        MessageOptions { wave_size: 0, ..MessageOptions::default() },
    ] {
        assert!(
            at_desk(&case, &plan, |desk| messages(desk, &options, &BTreeSet::new(), &Earlier::default()))
                .is_err()
        );
    }
}

#[test]
fn a_wave_goes_out_each_working_day_with_the_earliest_places_first() {
    let case = many(clinic(), 7, by_text).policy(|policy| policy.start = day("2024-07-26")).build();
    let told = with(MessageOptions { wave_size: 3, ..MessageOptions::default() })(&case);
    let sent: Vec<(String, String, usize)> = told
        .waves()
        .into_iter()
        .map(|name| (name.to_owned(), told.rows(name)[0]["send_on"].clone(), told.rows(name).len()))
        .collect();
    let name = |wave: u32| format!("messages/wave-{wave}-A-15min-in-person.csv");
    assert_eq!(
        sent,
        [(name(1), "2024-07-26".to_owned(), 3), (name(2), "2024-07-29".to_owned(), 3)],
        "Friday, and Monday"
    );
    assert_eq!(told.held().len(), 1, "a link to one place is no choice");
    let mut later = case.clone();
    later.policy.as_of = moment("2024-07-30 00:00");
    let told_later = plain(&later);
    assert_eq!(
        told_later.rows(told_later.waves()[0])[0]["send_on"],
        "2024-07-30",
        "not before the book was read"
    );
    let last_of_first = told.rows(&name(1))[0]["bookable_until"].clone();
    assert!(last_of_first < told.rows(&name(2))[0]["bookable_from"]);
}

#[test]
fn a_link_ends_before_its_first_place_with_a_working_day_for_those_who_have_not_booked() {
    for (place, book_by) in [
        // The day before leaves no working day; the message has gone out on Monday the 22nd.
        ("2024-07-24", "2024-07-23"),
        ("2024-07-25", "2024-07-23"),
        // Friday is for those who have not booked.
        ("2024-07-29", "2024-07-25"),
        // Seven days, the day of sending being one.
        ("2024-07-31", "2024-07-28"),
        ("2024-08-15", "2024-07-28"),
    ] {
        let clinic = CaseBuilder::gp().session("S", "g1", "A", &format!("{place} 14:00"), &[15; 4]);
        let case = many(clinic, 3, |request| by_text(request).due("2024-08-20")).build();
        let told = plain(&case);
        let rows = told.rows(told.waves()[0]);
        assert!(
            rows.iter().all(|row| row["book_by"] == book_by && row["send_on"] == "2024-07-22"),
            "{place}: {rows:?}"
        );
        let text = day(book_by).format("by %a %-d %b: ").to_string();
        assert!(rows[0]["message"].contains(&text), "{text}");
        assert!(told.rows("messages/pool.csv").iter().all(|row| row["book_by"] == book_by));
    }
}

#[test]
fn a_place_that_no_wave_reaches_in_time_is_held() {
    let clinic = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-23 09:00", &[15; 2])
        .session("T", "g1", "A", "2024-07-24 09:00", &[15; 4])
        .session("U", "g1", "A", "2024-07-25 09:00", &[15; 2])
        .policy(|policy| {
            policy.min_notice_hours.by_route.insert(ContactRoute::Sms, 24);
        });
    let case = many(clinic, 8, by_text).build();
    let told = plain(&case);
    assert_eq!(told.held().len(), 2, "Tuesday is less than a day after the end of Monday");
    assert!(told.rows("messages/held.csv").iter().all(|row| row["date"] == "2024-07-23"));
    let two = with(MessageOptions { wave_size: 2, ..MessageOptions::default() })(&case);
    assert_eq!(two.held().len(), 4, "on Tuesday night it is too late for the rest of Wednesday");
    // A tier's own notice wins.
    let mut own = case.clone();
    own.policy.tiers[5].min_notice_hours = Some(0);
    assert_eq!(plain(&own).held(), [""; 0]);
}

#[test]
fn what_is_too_far_ahead_for_the_tools_waits_for_a_later_wave() {
    let far = CaseBuilder::gp().policy(|policy| policy.horizon_days = 60).session(
        "S",
        "g1",
        "A",
        "2024-09-04 09:00",
        &[15; 3],
    );
    let told = plain(&many(far, 3, |request| by_text(request).tier("GP6")).build());
    let first = &told.rows(told.waves()[0])[0];
    assert_eq!(first["send_on"], "2024-07-24", "six weeks before");
}

#[test]
fn every_place_of_a_pool_would_do_for_everybody_in_it() {
    // A nurse for bloods and a doctor: the same length, the same site, the same channel.
    let mixed = clinic().session("N", "n1", "A", "2024-08-01 09:00", &[15; 6]);
    let mixed = many(mixed, 3, by_text)
        .request("X1", |request| by_text(request).care("bloods"))
        .request("X2", |request| by_text(request).care("bloods"));
    let mixed = mixed.build();
    let told = plain(&mixed);
    suits_everybody(&mixed, &by_engine(&mixed), &told);
    assert_eq!(
        told.waves(),
        ["messages/wave-1-A-15min-in-person-2.csv", "messages/wave-1-A-15min-in-person.csv"],
        "two pools, and nobody reads from the name what for"
    );
    let of = |request: &str| {
        told.waves()
            .into_iter()
            .find(|name| told.requests(name).iter().any(|id| id == request))
            .map(str::to_owned)
    };
    assert_eq!(of("X1"), of("X2"));
    assert_ne!(of("X1"), of("R01"));

    let wishes: [(&str, Change); 4] = [
        ("hours", |request| by_text(request).available("Thu 09:00-09:30")),
        ("dates", |request| by_text(request).unavailable("2024-08-02")),
        ("a woman", |request| by_text(request).set(|row| row.practitioner_gender = GenderWish::Female)),
        ("a target", |request| by_text(request).due("2024-08-01")),
    ];
    for (what, wish) in wishes {
        let case = CaseBuilder::gp()
            .clinician("g1", "gp", |one| one.gender = Some(rebook::model::Gender::Female))
            .clinician("g2", "gp", |_| {})
            .session("S", "g1", "A", "2024-08-01 09:00", &[15; 2])
            .session("T", "g2", "A", "2024-08-02 09:00", &[15; 6])
            .request("R0", wish);
        let case = many(case, 4, by_text).build();
        let told = plain(&case);
        suits_everybody(&case, &by_engine(&case), &told);
        assert_eq!((told.waves().len(), told.invited().len()), (2, 5), "{what}");
    }
}

#[test]
fn a_site_with_any_name_has_files_with_plain_names() {
    let case = CaseBuilder::gp()
        .site("A", |site| site.practice = Some("P".to_owned()))
        .site("../a:b", |site| site.practice = Some("P".to_owned()))
        .site("../A?b", |site| site.practice = Some("P".to_owned()))
        .session("S", "g1", "../a:b", "2024-08-01 09:00", &[15; 2])
        .session("T", "n1", "../A?b", "2024-08-01 09:00", &[15; 2])
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", |request| by_text(request).care("bloods"))
        .request("R4", |request| by_text(request).care("bloods"))
        .build();
    let told = plain(&case);
    let names: BTreeSet<String> = told.waves().into_iter().map(str::to_lowercase).collect();
    assert_eq!(names.len(), 2, "told apart where a system does not tell capitals apart");
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    assert!(names.iter().all(|name| name["messages/".len()..].chars().all(plain)), "{names:?}");
}

#[test]
fn kept_columns_are_there_and_nothing_in_them_runs() {
    let mut case = many(clinic(), 2, by_text).build();
    case.kept_columns = tags(&["mobile", "=x"]);
    for request in &mut case.requests {
        request.kept = tags(&["+447700900000", "@SUM(1)"]);
    }
    let told = plain(&case);
    let name = told.waves()[0];
    assert_eq!(
        columns(&told.0[name]),
        [
            "patient_id",
            "request_id",
            "mobile",
            "'=x",
            "send_on",
            "book_by",
            "message",
            "bookable_from",
            "bookable_until",
            "invitations",
            "bookable_places",
            "told_before"
        ]
    );
    assert_eq!(told.rows(name)[0]["mobile"], "'+447700900000");
    assert_eq!(told.rows(name)[0]["'=x"], "'@SUM(1)");
}

#[test]
fn people_who_share_a_group_slot_have_a_place_each() {
    let group = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-08-01 09:00", &[15])
        .slot("S/1", |slot| slot.places = Some(3));
    let told = plain(&many(group, 3, by_text).build());
    let pool = told.rows("messages/pool.csv");
    assert_eq!((pool.len(), pool[0]["places"].as_str()), (1, "3"));
    assert_eq!(sizes(&told)[0].2, 3);
}

/// Asks the oracle whether everybody invited could have every place of their pool, and would not be late by it.
pub fn suits_everybody(case: &Case, plan: &PlanFiles, told: &Told) {
    let prepared = prepare(case, Switches::ALL_ON);
    let pool = told.rows("messages/pool.csv");
    for name in told.waves() {
        for row in told.rows(name) {
            let id = &row["request_id"];
            let at =
                prepared.wanted.iter().position(|wanted| wanted.request.request_id == *id).expect("planned");
            let own = plan.plan.iter().find(|own| own.request_id == *id).expect("a place").start.date();
            for place in pool.iter().filter(|place| place["file"] == name) {
                let fits = prepared.candidates[at].iter().any(|candidate| {
                    let ids: Vec<&str> =
                        candidate.slots.iter().map(|&slot| case.slots[slot].slot_id.as_str()).collect();
                    ids.join(";") == place["slot_ids"]
                        && candidate.start.format("%Y-%m-%dT%H:%M").to_string() == place["start"]
                        && candidate.end.format("%Y-%m-%dT%H:%M").to_string() == place["end"]
                });
                assert!(fits, "{id} of {name} could not have {}", place["slot_ids"]);
                let date = parse_moment(&place["start"]).expect("a moment").date();
                assert!(date <= own.max(prepared.wanted[at].target), "{id} of {name} would be late");
            }
        }
    }
}

#[test]
fn moments_are_written_as_everywhere() {
    let told = plain(&many(clinic(), 2, by_text).build());
    for row in told.rows("messages/pool.csv") {
        assert!(parse_moment(&row["start"]).is_ok() && parse_moment(&row["end"]).is_ok());
        assert!(parse_date(&row["open_on"]).is_ok());
    }
}
