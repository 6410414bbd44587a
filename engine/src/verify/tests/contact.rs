//! Section 6: `call_by` and `call_order`.

use super::one;
use crate::calendar::Availability;
use crate::model::ContactRoute;
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date};

/// Requests by phone: id, tier and start, each in its own session; so many calls a day.
fn calls(limit: Option<u32>, rows: &[(&str, &str, &str)]) -> Scene {
    let mut scene = Scene::new();
    scene.site("S1").calls_per_day = limit;
    for (id, tier, start) in rows {
        scene.session(id, "dr", "S1", start, 1);
        scene.request(id, tier).contact_route = ContactRoute::Phone;
        scene.place(id, &[&format!("{id}/1")]);
    }
    scene
}

fn order(scene: &Scene) -> Vec<(String, String)> {
    scene.accepts();
    let rows = scene.plan().plan.into_iter();
    rows.map(|row| (row.request_id, row.call_by.map_or("-".to_owned(), |day| day.to_string()))).collect()
}

fn expect(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(id, day)| ((*id).to_owned(), (*day).to_owned())).collect()
}

#[test]
fn without_a_limit_all_are_called_at_the_start() {
    let scene = calls(None, &[("c", "C", "2024-07-24T09:00"), ("a", "A", "2024-07-24T10:00")]);
    assert_eq!(order(&scene), expect(&[("a", "2024-07-22"), ("c", "2024-07-22")]));
}

#[test]
fn calls_go_by_rank_then_start_then_id() {
    let rows = [
        ("b", "C", "2024-07-25T09:00"),
        ("d", "A", "2024-07-24T10:00"),
        ("e", "C", "2024-07-24T09:00"),
        ("c", "A", "2024-07-24T09:30"),
    ];
    let scene = calls(Some(1), &rows);
    let days = [("c", "2024-07-22"), ("d", "2024-07-23"), ("e", "2024-07-24"), ("b", "2024-07-25")];
    assert_eq!(order(&scene), expect(&days));
    let mut two = calls(Some(2), &[("y", "A", "2024-07-24T09:00"), ("x", "A", "2024-07-25T09:00")]);
    assert_eq!(order(&two), expect(&[("y", "2024-07-22"), ("x", "2024-07-22")]));
    two.case.sessions[0].site = 1usize.into();
    two.case.sessions[1].site = 2usize.into();
    assert_eq!(two.plan().plan[0].call_by, Some(date("2024-07-22")), "calls are those of the own site");
}

#[test]
fn the_days_are_calling_days() {
    let rows = [
        ("a", "C", "2024-07-30T09:00"),
        ("b", "C", "2024-07-30T10:00"),
        ("c", "C", "2024-07-30T11:00"),
        ("d", "C", "2024-07-30T12:00"),
        ("e", "C", "2024-07-30T13:00"),
        ("f", "C", "2024-07-30T14:00"),
    ];
    assert_eq!(order(&calls(Some(1), &rows))[5], ("f".to_owned(), "2024-07-29".to_owned()));
}

#[test]
fn where_that_would_be_too_late_the_site_goes_by_start() {
    let rows = [("a", "A", "2024-07-24T09:00"), ("c", "C", "2024-07-22T09:00")];
    let on_wednesdays = || {
        let mut scene = calls(Some(1), &rows);
        scene.case.requests[0].available = Availability::parse("Wed").unwrap();
        scene
    };
    assert_eq!(order(&on_wednesdays()), expect(&[("c", "2024-07-22"), ("a", "2024-07-23")]));
    // Another site is not drawn in.
    let mut two_sites = on_wednesdays();
    two_sites.session("z", "dr2", "S2", "2024-07-23T09:00", 2);
    two_sites.site("S2").calls_per_day = Some(1);
    for (id, tier, slot) in [("x", "C", "z/1"), ("y", "A", "z/2")] {
        let request = two_sites.request(id, tier);
        request.contact_route = ContactRoute::Phone;
        request.site = Some(1usize.into());
        two_sites.place(id, &[slot]);
    }
    let days: Vec<_> = order(&two_sites);
    assert_eq!(
        days,
        expect(&[("y", "2024-07-22"), ("c", "2024-07-22"), ("a", "2024-07-23"), ("x", "2024-07-23")])
    );
}

#[test]
fn whoever_is_not_called_comes_last_without_a_day() {
    let mut scene = calls(Some(1), &[("c", "C", "2024-07-24T09:00"), ("a", "A", "2024-07-24T10:00")]);
    scene.case.requests[1].contact_route = ContactRoute::Letter;
    assert_eq!(order(&scene), expect(&[("c", "2024-07-22"), ("a", "-")]));
    scene.rejects_tampered(Rule::CallBy, |plan| plan.plan[1].call_by = Some(date("2024-07-22")));
    scene.rejects_tampered(Rule::CallOrder, |plan| {
        plan.plan[0].call_order = 2;
        plan.plan[1].call_order = 1;
    });
}

#[test]
fn days_and_order_are_compared() {
    let scene = calls(None, &[("c", "C", "2024-07-24T09:00"), ("a", "A", "2024-07-24T10:00")]);
    scene.rejects_tampered(Rule::CallBy, |plan| plan.plan[0].call_by = None);
    scene.rejects_tampered(Rule::CallBy, |plan| plan.plan[0].call_by = Some(date("2024-07-23")));
    scene.rejects_tampered(Rule::CallOrder, |plan| plan.plan[1].call_order = 3);
    one().rejects_tampered(Rule::CallOrder, |plan| plan.plan[0].call_order = 0);
}
