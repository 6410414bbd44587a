//! The equity report: numbers made by hand, who is in which group, and what is not told.

use rebook::candidates::Context;
use rebook::desk::{Cell, Desk, Dimension, Equity, Numbers, Outcome};
use rebook::model::{Case, ContactRoute, PlanFiles};
use rebook::prepare::prepare;
use rebook_tests::build::{CaseBuilder, RequestDraft, tags};
use rebook_tests::planner::by_engine;

fn report_of(case: &Case, files: &PlanFiles) -> Equity {
    let prepared = prepare(case);
    Equity::new(&Desk::new(case, &prepared, files).expect("a plan of this case"))
}

fn report(case: &Case) -> Equity {
    report_of(case, &by_engine(case))
}

/// So many requests, each changed by its number.
fn with(
    builder: CaseBuilder,
    count: usize,
    change: impl for<'r> Fn(usize, &'r mut RequestDraft) -> &'r mut RequestDraft,
) -> CaseBuilder {
    (0..count).fold(builder, |builder, at| builder.request(&format!("R{at:02}"), |draft| change(at, draft)))
}

fn dimension<'e>(equity: &'e Equity, name: &str) -> &'e Dimension {
    equity.dimensions.iter().find(|dimension| dimension.name == name).expect("a dimension of that name")
}

/// The groups of a dimension with their requests; `-` where there are smaller ones.
fn groups(equity: &Equity, name: &str) -> Vec<(String, usize)> {
    let found = dimension(equity, name);
    let told = found.groups.iter().map(|group| (group.name.clone(), group.numbers.requests));
    told.chain(found.suppressed.then(|| ("-".to_owned(), 0))).collect()
}

fn are(equity: &Equity, name: &str, expected: &[(&str, usize)]) {
    let expected: Vec<(String, usize)> =
        expected.iter().map(|(name, requests)| ((*name).to_owned(), *requests)).collect();
    assert_eq!(groups(equity, name), expected);
}

/// Six urgent requests of the 12th and eight routine ones of the 1st, for six slots on the 22nd and six two weeks later.
fn two_tiers() -> CaseBuilder {
    let builder = CaseBuilder::gp().session("S1", "g1", "A", "2024-07-22 10:00", &[15; 6]).session(
        "S2",
        "g1",
        "A",
        "2024-08-05 10:00",
        &[15; 6],
    );
    let deciles = [1, 2, 1, 0, 0, 10, 2, 2, 1, 2, 0, 0, 0, 9];
    with(builder, 14, move |at, draft| {
        let (tier, since) = if at < 6 { ("GP2", "2024-07-12") } else { ("GP5", "2024-07-01") };
        draft
            .tier(tier)
            .since(since)
            .set(|row| row.imd_decile = Some(deciles[at]).filter(|&decile| decile > 0))
    })
}

#[test]
fn the_numbers_are_those_made_by_hand() {
    let equity = report(&two_tiers().build());
    let urgent = Numbers {
        requests: 6,
        patients: 6,
        plan: Outcome {
            placed: 6,
            placed_share: 100,
            late_share: 0,
            median: Some(10),
            p85: Some(10),
            p95: Some(10),
            longest: Some(10),
        },
        // Four on the 5th of August, after their target of the 24th of July, and two without a place.
        first_come: Outcome {
            placed: 4,
            placed_share: 67,
            late_share: 67,
            median: Some(24),
            p85: None,
            p95: None,
            longest: Some(24),
        },
    };
    let routine = Numbers {
        requests: 8,
        patients: 8,
        plan: Outcome {
            placed: 6,
            placed_share: 75,
            late_share: 0,
            median: Some(35),
            p85: None,
            p95: None,
            longest: Some(35),
        },
        // Six on the 22nd of July, two on the 5th of August.
        first_come: Outcome {
            placed: 8,
            placed_share: 100,
            late_share: 0,
            median: Some(21),
            p85: Some(35),
            p95: Some(35),
            longest: Some(35),
        },
    };
    let all = Numbers {
        requests: 14,
        patients: 14,
        plan: Outcome {
            placed: 12,
            placed_share: 86,
            late_share: 0,
            median: Some(35),
            p85: Some(35),
            p95: None,
            longest: Some(35),
        },
        first_come: Outcome {
            placed: 12,
            placed_share: 86,
            late_share: 29,
            median: Some(24),
            p85: Some(35),
            p95: None,
            longest: Some(35),
        },
    };
    assert_eq!(equity.all, Some(all));
    let tiers: Vec<Numbers> = dimension(&equity, "tier").groups.iter().map(|group| group.numbers).collect();
    assert_eq!(tiers, [urgent, routine]);
    let differences = |numbers: &Numbers| {
        (numbers.placed_share_difference(), numbers.late_share_difference(), numbers.median_difference())
    };
    assert_eq!(differences(&urgent), (33, -67, Some(-14)));
    assert_eq!(differences(&all), (0, -29, Some(11)));
}

#[test]
fn a_wait_is_never_below_none() {
    // Cancelled ahead of a day that is still to come.
    let builder = CaseBuilder::gp().session("S1", "g1", "A", "2024-07-22 10:00", &[15; 5]);
    let equity = report(&with(builder, 5, |_, draft| draft.since("2024-08-01")).build());
    let all = equity.all.expect("five patients");
    assert_eq!((all.plan.longest, all.first_come.longest), (Some(0), Some(0)));
}

#[test]
fn small_groups_are_not_told_nor_can_be_worked_out() {
    let equity = report(&two_tiers().build());
    // Two of the least deprived fifth; 14 less 7 and 5 would tell of them, so the 5 unknown are not told of either.
    are(&equity, "IMD fifth", &[("fifth 1 (most deprived)", 7), ("-", 0)]);
    let sheet = equity.sheet();
    let hidden: Vec<&Vec<Cell<'_>>> =
        sheet.rows.iter().filter(|row| row[1] == Cell::text("small groups")).collect();
    assert_eq!(hidden.len(), 1);
    assert_eq!(hidden[0][0], Cell::text("IMD fifth"));
    assert!(hidden[0][2..].iter().all(|cell| *cell == Cell::text("suppressed")));
    // Four patients are too few to be told of at all.
    let few = report(&with(CaseBuilder::gp(), 4, |_, draft| draft).build());
    assert_eq!(few.all, None);
    assert!(few.dimensions.iter().all(|dimension| dimension.groups.is_empty() && dimension.suppressed));
}

#[test]
fn the_sheet_says_what_the_report_does() {
    let equity = report(&two_tiers().build());
    let sheet = equity.sheet();
    assert_eq!((sheet.name, sheet.file().as_str()), ("Equity", "equity.csv"));
    let names: Vec<String> = sheet.columns.iter().map(rebook::desk::Column::name).collect();
    assert_eq!(
        names.join(" "),
        "dimension group requests patients placed placed_share late_share median_wait p85_wait p95_wait longest_wait \
         first_come_placed first_come_placed_share first_come_late_share first_come_median_wait first_come_p85_wait \
         first_come_p95_wait first_come_longest_wait placed_share_difference late_share_difference \
         median_wait_difference"
    );
    let row = |at: usize| {
        let cell = |cell: &Cell<'_>| match cell {
            Cell::Text(text) => text.to_string(),
            Cell::Whole(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        sheet.rows[at].iter().map(cell).collect::<Vec<_>>().join(",")
    };
    assert_eq!(row(0), "all,all,14,14,12,86,0,35,35,no place,35,12,86,29,24,35,no place,35,0,-29,11");
    assert_eq!(row(1), "tier,GP2,6,6,6,100,0,10,10,10,10,4,67,67,24,no place,no place,24,33,-67,-14");
    assert!(sheet.rows.iter().all(|row| row.len() == names.len()));
}

#[test]
fn the_unknown_are_a_group_of_their_own() {
    let case = with(CaseBuilder::gp().site("B", |_| {}), 30, |at, draft| {
        let site = if at % 2 == 0 { "A" } else { "B" };
        draft.of_site(site).set(|row| match at / 6 {
            0 => row.imd_decile = Some(4),
            1 => row.needs = tags(&["language:pl", "language:so"]),
            2 => row.needs = tags(&["bsl"]),
            3 => {
                row.needs = tags(&["cervical-sampling"]);
                row.flags = tags(&["carer"]);
            }
            _ => {
                row.flags = tags(&["smi"]);
                row.contact_route = ContactRoute::Sms;
                row.sms_permitted = at % 3 != 0;
            }
        })
    })
    .build();
    let equity = report(&case);
    are(&equity, "IMD fifth", &[("fifth 2", 6), ("unknown", 24)]);
    are(&equity, "adjustment", &[("some recorded", 18), ("none recorded", 12)]);
    are(&equity, "language", &[("bsl", 6), ("pl", 6), ("not given", 18)]);
    are(&equity, "site", &[("A", 15), ("B", 15)]);
    // Four may be sent a text message; the effective route of the others is the phone. Four are too few.
    are(&equity, "contact route", &[("-", 0)]);
    // Nobody's age is given.
    assert!(equity.dimensions.iter().all(|dimension| dimension.name != "age band"));
}

#[test]
fn fifths_are_two_deciles_each() {
    let deciles = |at: usize| (at / 5) as u8 + 1;
    let case = with(CaseBuilder::gp(), 50, |at, draft| draft.set(|row| row.imd_decile = Some(deciles(at))));
    are(
        &report(&case.build()),
        "IMD fifth",
        &[
            ("fifth 1 (most deprived)", 10),
            ("fifth 2", 10),
            ("fifth 3", 10),
            ("fifth 4", 10),
            ("fifth 5 (least deprived)", 10),
        ],
    );
}

#[test]
fn ages_are_told_apart_where_they_are_given() {
    let builder = with(CaseBuilder::gp(), 23, |at, draft| {
        draft.set(|row| {
            row.flags = match at {
                0..6 => tags(&["age:65-79", "carer"]),
                6..12 => tags(&["under-5"]),
                12..18 => tags(&["age:5-17"]),
                _ => Vec::new(),
            };
            row.kept = vec![if at == 5 { "80 and over" } else { "" }.to_owned()];
        })
    });
    let case = builder.build();
    are(&report(&case), "age band", &[("under 5", 6), ("5-17", 6), ("65-79", 6), ("unknown", 5)]);
    // The column, where it is kept, comes before the flags; one alone is too few, and the smallest is hidden with it.
    let case = Case { kept_columns: tags(&["age_band"]), ..case };
    are(&report(&case), "age band", &[("under 5", 6), ("5-17", 6), ("unknown", 5), ("-", 0)]);
}

#[test]
fn ethnicity_and_missed_appointments_are_never_read() {
    let case = two_tiers().build();
    let (before, context) = (report(&case), Context::new(&case));
    let placed = rebook::desk::first_come(&context, &prepare(&case));
    let mut other = case.clone();
    other.kept_columns = tags(&["ethnicity", "missed_appointments"]);
    for (at, row) in other.requests.iter_mut().enumerate() {
        row.kept = tags(&[if at % 2 == 0 { "A" } else { "B" }, &at.to_string()]);
        row.flags = tags(&[if at % 2 == 0 { "ethnicity:A" } else { "dna" }]);
        row.times_cancelled = at as u32;
    }
    assert_eq!(report(&other), before);
    let context = Context::new(&other);
    assert_eq!(rebook::desk::first_come(&context, &prepare(&other)), placed);
}
