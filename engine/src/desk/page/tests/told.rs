//! What the page says is what the plan says.

use std::collections::BTreeSet;

use super::{sheets, told, unchanged, with_desk};
use crate::desk::page::charts::capacity;
use crate::desk::page::sheets::MOST_ROWS;
use crate::desk::page::tiers;
use crate::desk::page::words::number;
use crate::desk::{Cell, Column, Kind, Sheet};
use crate::model::{Case, PlanFiles};

/// The text of a page, without its tags.
fn text(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let parts = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    parts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn said(change: impl FnOnce(&mut Case, &mut PlanFiles)) -> String {
    text(&with_desk(change, |desk| told(desk, &sheets("text"))))
}

#[test]
fn the_numbers_add_up_or_the_page_says_that_they_do_not() {
    let page = said(unchanged);
    assert!(page.contains("202 requests = 166 placed + 4 without a place + 32 excluded"));
    assert!(page.contains("Yes: every request of the list is accounted for once."));
    let lost = said(|_, plan| {
        plan.plan.pop();
    });
    assert!(lost.contains("165 placed"));
    assert!(lost.contains("The numbers do not add up") && !lost.contains("accounted for once"));
}

#[test]
fn the_table_by_tier_adds_up_to_those_who_are_planned() {
    with_desk(unchanged, |desk| {
        let found = tiers::of(desk);
        let late: u32 = desk.plan.plan.iter().map(|row| row.days_late).sum();
        assert_eq!(found.iter().map(|tier| tier.requests).sum::<usize>(), 170);
        assert_eq!(found.iter().map(|tier| tier.in_time + tier.late).sum::<usize>(), 166);
        assert_eq!(found.iter().map(|tier| tier.no_place).sum::<usize>(), 4);
        assert_eq!(found.iter().map(|tier| tier.days_late).sum::<i64>(), i64::from(late));
        assert_eq!(found.iter().map(|tier| tier.code).collect::<Vec<_>>()[..2], ["GP1", "GP2"]);
        let first = &found[0];
        assert!(first.before.longest <= first.after.longest);
    });
}

#[test]
fn approval_and_proof_are_told_as_they_are() {
    let open = said(unchanged);
    assert!(open.contains("Approved by NOT APPROVED") && open.contains("The policy is NOT APPROVED."));
    assert!(open.contains("Proven best Yes") && !open.contains("A better plan may exist"));
    let approved = said(|_, plan| {
        "Dr A".clone_into(&mut plan.summary.policy.approved_by);
        "feasible".clone_into(&mut plan.summary.status);
        plan.summary.objective.order.value = plan.summary.objective.order.bound + 5;
    });
    assert!(approved.contains("Approved by Dr A") && !approved.contains("NOT APPROVED"));
    assert!(approved.contains("NOT PROVEN") && approved.contains("A better plan may exist"));
    let bound = practice_order();
    assert!(approved.contains(&format!(
        "order: {}, and at least {} in any plan",
        number(bound + 5),
        number(bound)
    )));
}

fn practice_order() -> i64 {
    super::practice().1.summary.objective.order.bound
}

#[test]
fn a_page_of_another_book_says_so() {
    let changed = said(|case, _| case.files[0].sha256.insert(0, 'x'));
    assert!(changed.contains("Make a new plan") && changed.contains("changed after the plan was made"));
    assert!(!said(unchanged).contains("Make a new plan"));
}

#[test]
fn when_the_plan_expires_is_told_at_the_top_and_at_the_foot() {
    let page = said(unchanged);
    assert!(page.contains("Book as of Monday 22 July 2024, 07:00 Use it until Tuesday 23 July 2024, 07:00"));
    assert!(page.contains("use it with a book read at Monday 22 July 2024, 07:00"));
    for digest in super::practice().1.summary.input_sha256.values() {
        assert!(page.contains(digest.as_str()));
    }
}

#[test]
fn what_to_do_first_counts_what_is_there() {
    let page = said(unchanged);
    let entries = &super::practice().1.plan;
    let first = entries.iter().filter_map(|row| row.call_by).min();
    let due = entries.iter().filter(|row| first.is_some() && row.call_by == first);
    // A clinician decides about those whose window has passed.
    let due = due.filter(|row| !row.flags.iter().any(|flag| flag == "window-passed")).count();
    let check = entries.iter().filter(|row| row.flags.iter().any(|flag| flag == "check-first")).count();
    assert!(page.contains("the list below (1 row) before anything else"));
    assert!(page.contains(&format!("{due} calls are due by Monday 22 July 2024")));
    assert!(page.contains(&format!("{check} people flagged check-first")));
}

/// The same as `capacity_minutes` of the Python package gives for this case.
#[test]
fn capacity_is_what_the_book_holds() {
    with_desk(unchanged, |desk| {
        let roles = capacity::minutes(desk);
        let sum =
            |of: fn(&capacity::Minutes) -> i64| roles.values().flat_map(|days| days.values()).map(of).sum();
        let totals: [i64; 4] =
            [sum(|of| of.busy), sum(|of| of.planned), sum(|of| of.kept), sum(|of| of.left)];
        assert_eq!(totals, [9_825, 3_195, 5_271, 6_434]);
        let taken: BTreeSet<&String> = desk.plan.plan.iter().flat_map(|row| &row.slot_ids).collect();
        let lengths = desk.case.slots.iter().filter(|slot| taken.contains(&slot.slot_id.to_string()));
        assert_eq!(lengths.map(|slot| i64::from(slot.duration_minutes)).sum::<i64>(), totals[1]);
    });
}

#[test]
fn calls_of_a_day_stand_beside_those_that_can_be_made() {
    let page = said(unchanged);
    assert!(page.contains("Mon 22 Jul 58 of 58") && page.contains("what can be called in a day: 58."));
    let unlimited = said(|case, _| case.sites.iter_mut().for_each(|site| site.calls_per_day = None));
    assert!(unlimited.contains("of sites that have no limit"));
    assert!(!unlimited.contains("what can be called in a day"));
}

#[test]
fn what_is_filled_in_by_hand_is_for_paper_alone() {
    let page = with_desk(unchanged, |desk| told(desk, &sheets("text")));
    for title in ["Outcome", "Notes"] {
        let head = page.split(&format!(">{title}</th>")).next().unwrap().rsplit('<').next().unwrap();
        assert!(head.contains("paper"), "{head}");
    }
    assert_eq!(page.matches("<td class=\"paper box\"></td>").count(), 4);
    assert!(page.contains("<p class=\"paper\">Outcome: accepted, declined.</p>"));
    assert!(!page.contains(">Called by<"), "neither printed nor filled in on the page");
}

#[test]
fn a_session_list_has_a_table_for_each_clinician_and_day() {
    let page = with_desk(unchanged, |desk| told(desk, &sheets("GP1")));
    assert_eq!(page.matches("<table class=\"page\">").count(), 2);
    for day in ["Monday 22 July 2024", "Tuesday 23 July 2024"] {
        let name = format!("Plan by clinician: GP1, {day}");
        assert!(page.contains(&format!("<caption>{name}</caption>")));
        // What stands on every printed page of it.
        let running = format!(
            "<b>{name}</b> \u{b7} PROPOSED, NOT APPROVED \u{b7} book as of Monday 22 July 2024, 07:00"
        );
        assert!(page.contains(&running));
    }
}

#[test]
fn what_is_not_printed_is_marked_and_the_header_of_a_page_is_as_wide_as_the_rest() {
    let page = with_desk(unchanged, |desk| told(desk, &sheets("text")));
    let calls = page.split("id=\"call-list\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(calls.matches("<td class=\"k screen\">text</td>").count(), 2);
    assert!(calls.contains("<td colspan=\"7\">"), "{calls}");
}

#[test]
fn a_row_is_about_its_request_and_a_time_needs_no_date_that_stands_above() {
    let page = with_desk(unchanged, |desk| told(desk, &sheets("text")));
    assert!(page.contains("<th class=\"k\" scope=\"row\">R1</th>"));
    assert!(page.contains("<time datetime=\"2024-07-23T09:35\">09:35</time>"));
    assert!(page.contains("<time datetime=\"2024-07-22T09:05\">Mon 22 Jul 2024, 09:05</time>"));
}

#[test]
fn a_table_that_is_too_wide_for_paper_is_turned_and_then_made_small() {
    let class = |columns: usize, text: &'static str| {
        let titles = (0..columns).map(|_| Column::new("Request", Kind::Text, 8)).collect();
        let mut sheet = Sheet::new("Call list", "Wide.", titles);
        sheet.push(vec![Cell::text(text); columns]);
        let page = with_desk(unchanged, |desk| told(desk, &[sheet]));
        page.split("<section class=\"sheet").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(class(11, "short"), "");
    assert_eq!(class(12, "short"), " wide");
    assert_eq!(class(17, "short"), " wide");
    assert_eq!(class(18, "short"), " wide dense");
    assert_eq!(class(9, "twelve-signs"), " wide");
    assert_eq!(class(12, "twelve-signs"), " wide dense");
    // Such a word is broken anyway.
    assert_eq!(class(11, "a-word-that-is-too-long-for-any-column"), "");
}

fn many(rows: usize, to_a_page: usize) -> Sheet<'static> {
    let columns = vec![Column::new("Page", Kind::Whole, 8), Column::new("Request", Kind::Text, 8)];
    let mut sheet = Sheet::new("Call list", "Many.", columns);
    if to_a_page < rows {
        sheet.pages_by = vec![0];
    }
    for row in 0..rows {
        sheet.push(vec![Cell::count(row / to_a_page), Cell::text(format!("Q{row:05}."))]);
    }
    sheet
}

#[test]
fn a_long_table_ends_at_a_whole_page_and_says_where_the_rest_is() {
    let shown = |sheet: Sheet<'_>| {
        let page = with_desk(unchanged, |desk| told(desk, &[sheet]));
        let rest = text(&page).contains("which has all of them.");
        (page.matches("<th class=\"k\" scope=\"row\">Q").count(), rest)
    };
    assert_eq!(shown(many(MOST_ROWS, usize::MAX)), (MOST_ROWS, false));
    assert_eq!(shown(many(MOST_ROWS + 1, usize::MAX)), (MOST_ROWS, true));
    assert_eq!(shown(many(MOST_ROWS + 500, 300)), (1_800, true));
    assert_eq!(shown(many(MOST_ROWS + 500, MOST_ROWS)), (MOST_ROWS, true));
    assert_eq!(shown(many(MOST_ROWS + 500, MOST_ROWS + 1)), (MOST_ROWS, true));
    let page = with_desk(unchanged, |desk| text(&told(desk, &[many(MOST_ROWS + 1, usize::MAX)])));
    assert!(
        page.contains(
            "The first 2,000 of 2,001 rows are on this page. The other 1 are in sheets/call-list.csv"
        )
    );
}
