//! What people are told apart by: for each dimension the group of a request. Ethnicity and past missed appointments are
//! no dimensions, and nothing here reads them.

use crate::model::{Case, ContactRoute, Request};
use crate::prepare::Planned;

/// A group, in the order in which groups are shown: the unknown comes last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// Its place among the groups, and its name.
    Known(usize, String),
    /// Nothing is known, and how that is said.
    Unknown(&'static str),
}

impl Label {
    pub fn name(&self) -> &str {
        match self {
            Self::Known(_, name) => name,
            Self::Unknown(name) => name,
        }
    }
}

/// The group of a request in one dimension.
type Sort = fn(&Case, &Planned, &Request) -> Label;

/// Each dimension with its name.
pub(super) const DIMENSIONS: &[(&str, Sort)] = &[
    ("tier", tier),
    ("IMD fifth", fifth),
    ("adjustment", adjustment),
    ("language", language),
    ("contact route", route),
    ("site", site),
    ("age band", age_band),
];

const UNKNOWN: Label = Label::Unknown("unknown");

fn tier(case: &Case, planned: &Planned, _: &Request) -> Label {
    Label::Known(planned.tier.index(), case.policy.tiers[planned.tier.index()].code.clone())
}

/// Deciles 1 and 2 are the most deprived fifth.
fn fifth(_: &Case, _: &Planned, request: &Request) -> Label {
    let Some(decile) = request.imd_decile else { return UNKNOWN };
    let fifth = usize::from(decile).div_ceil(2);
    let which = match fifth {
        1 => " (most deprived)",
        5 => " (least deprived)",
        _ => "",
    };
    Label::Known(fifth, format!("fifth {fifth}{which}"))
}

/// Needs and flags that are a reasonable adjustment, or whose bearers have a right to one: the categories of the NHS
/// Reasonable Adjustment Digital Flag and of the Accessible Information Standard, as far as `requests.csv` has tags for
/// them. Any other tag says nothing about adjustments.
const ADJUSTMENTS: &[&str] = &[
    "autism",
    "bsl",
    "carer-present",
    "dementia",
    "easy-read",
    "hearing-loop",
    "hoist",
    "large-print",
    "learning-disability",
    "longer",
    "quiet",
    "smi",
    "step-free",
    "wheelchair",
];

/// A need for an interpreter of a spoken language: an adjustment as well.
const LANGUAGE: &str = "language:";

/// Those for whom nothing is recorded may need something all the same: nobody is known to need nothing.
fn adjustment(_: &Case, _: &Planned, request: &Request) -> Label {
    let is_one = |tag: &String| ADJUSTMENTS.contains(&tag.as_str()) || tag.starts_with(LANGUAGE);
    if request.needs.iter().chain(&request.flags).any(is_one) {
        Label::Known(0, "some recorded".to_owned())
    } else {
        Label::Unknown("none recorded")
    }
}

/// British Sign Language, or the first language in the alphabet that an interpreter is needed for.
fn language(_: &Case, _: &Planned, request: &Request) -> Label {
    if request.needs.iter().any(|need| need == "bsl") {
        return Label::Known(0, "bsl".to_owned());
    }
    let languages = request.needs.iter().filter_map(|need| need.strip_prefix(LANGUAGE));
    match languages.filter(|code| !code.is_empty()).min() {
        Some(code) => Label::Known(1, code.to_owned()),
        None => Label::Unknown("not given"),
    }
}

/// The effective one: every request has one.
fn route(_: &Case, planned: &Planned, _: &Request) -> Label {
    let place = ContactRoute::ALL.iter().position(|route| *route == planned.route).unwrap_or_default();
    Label::Known(place, planned.route.as_str().to_owned())
}

/// The patient's own.
fn site(case: &Case, planned: &Planned, _: &Request) -> Label {
    Label::Known(planned.site.index(), case.sites[planned.site.index()].site_id.clone())
}

/// The column of `requests.csv` that has it, where the run keeps that column.
const AGE_BAND: &str = "age_band";

/// The column `age_band` where it is kept, else a flag such as `age:18-64`, else `under-5`.
fn age_band(case: &Case, _: &Planned, request: &Request) -> Label {
    let column = case.kept_columns.iter().position(|name| name == AGE_BAND);
    let kept = column.and_then(|at| request.kept.get(at)).map(|band| band.trim());
    let flagged = request.flags.iter().filter_map(|flag| flag.strip_prefix("age:")).min();
    let under_five = request.flags.iter().any(|flag| flag == "under-5").then_some("under 5");
    let Some(band) = [kept, flagged, under_five].into_iter().flatten().find(|band| !band.is_empty()) else {
        return UNKNOWN;
    };
    Label::Known(youngest(band), band.to_owned())
}

/// The first number of a band, by which bands ascend; that of `under 5` is 0.
fn youngest(band: &str) -> usize {
    if band.to_lowercase().starts_with("under") {
        return 0;
    }
    let digits = band.chars().skip_while(|one| !one.is_ascii_digit()).take_while(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap_or(usize::MAX)
}
