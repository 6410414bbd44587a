//! The independent verifier: recomputes every rule of the SPEC from the tables and the files of a plan, and shares
//! nothing with the solver but the reading of the tables. It must be able to contradict everything.
//!
//! One file for each family of rules; `rule` is the list of their codes.

mod asks;
mod book;
mod calls;
mod candidate;
mod circles;
mod conservation;
mod contact;
mod exclusions;
mod findings;
mod guarantee;
mod ledger;
mod links;
mod objective;
mod occupancy;
mod patients;
mod place;
mod ranks;
mod reserve;
mod rows;
mod rule;
mod run;
mod summary;
mod swap;
mod unplaced;
mod view;
mod visits;
mod weights;

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;

pub use findings::Violation;
pub use rule::Rule;

use crate::model::{Case, PlanFiles};

/// Every rule that a plan breaks, in the order of the rules; none for a plan that keeps them all.
///
/// The case must be read as it was for the plan: with its start, moment, previous plan and additional sessions.
pub fn verify(case: &Case, plan: &PlanFiles) -> Vec<Violation> {
    let mut out = findings::Findings::default();
    let view = view::View::new(case);

    let exclusions = exclusions::judge(&view);
    exclusions::check(&view, &exclusions, &plan.excluded, &mut out);
    let asks = asks::Asks::new(&view, &exclusions);
    conservation::check(&view, &asks, plan, &mut out);

    let places = place::read(&view, &asks, &plan.plan, &mut out);
    rows::check(&view, &asks, &places, &plan.plan, &mut out);
    contact::check(&view, &asks, &places, &plan.plan, &mut out);

    occupancy::check(&view, &asks, &places, &mut out);
    book::check(&view, &asks, &places, &mut out);
    reserve::check(&view, &asks, &places, &mut out);
    calls::check(&view, &asks, &places, &mut out);
    patients::check(&view, &asks, &places, &mut out);
    links::check(&asks, &places, &mut out);
    visits::check(&view, &asks, &places, &mut out);

    let limits = ledger::Limits::new(&view);
    unplaced::check(&view, &asks, &limits, &places, &plan.unplaced, &mut out);
    objective::check(&view, &asks, &places, &plan.summary, &mut out);
    guarantee::check(&view, &asks, &limits, &places, &mut out);
    swap::check(&view, &asks, &limits, &places, &mut out);
    summary::check(&view, &asks, plan, &mut out);
    out.into_sorted()
}
