//! Whose turn it is when urgency is left out.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

use crate::candidates::Context;
use crate::prepare::{Link, PlannedIdx, Prepared, waiting_since};

/// Those who are served together: a request on its own, or all members of a visit.
pub(super) type Party = Vec<PlannedIdx>;

/// When the wait of a request began, and what tells those apart who began to wait on one date; ids ascend with
/// positions.
type Turn = (Option<NaiveDate>, Option<NaiveDateTime>, PlannedIdx);

/// The parties in the order in which they are served.
///
/// Whoever is linked after somebody whose turn comes later is served right after them. Parties that wait for one
/// another in a circle, which takes links and visits together, are never served.
pub(super) fn queue(context: &Context<'_>, prepared: &Prepared) -> Vec<Party> {
    let parties = parties(context, prepared);
    let mut party_of = vec![0; prepared.requests.len()];
    for (at, party) in parties.iter().enumerate() {
        for member in party {
            party_of[member.index()] = at;
        }
    }
    let mut waits_for: Vec<usize> = Vec::with_capacity(parties.len());
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); parties.len()];
    for (at, party) in parties.iter().enumerate() {
        let linked = |member: &PlannedIdx| match prepared.requests[member.index()].link {
            Link::After { other, .. } => Some(party_of[other.index()]),
            Link::None | Link::Booked { .. } => None,
        };
        let before: BTreeSet<usize> = party.iter().filter_map(linked).filter(|&other| other != at).collect();
        waits_for.push(before.len());
        for other in before {
            followers[other].push(at);
        }
    }
    let mut order = Vec::with_capacity(parties.len());
    for turn in 0..parties.len() {
        let mut next = if waits_for[turn] == 0 { vec![turn] } else { Vec::new() };
        while let Some(at) = next.pop() {
            order.push(at);
            for &follower in followers[at].iter().rev() {
                waits_for[follower] -= 1;
                // Those whose turn is still to come wait for it.
                if waits_for[follower] == 0 && follower < turn {
                    next.push(follower);
                }
            }
        }
    }
    let mut parties: Vec<Party> = parties;
    order.into_iter().map(|at| std::mem::take(&mut parties[at])).collect()
}

/// All parties by turn: that of a visit is the turn of the first of its members.
fn parties(context: &Context<'_>, prepared: &Prepared) -> Vec<Party> {
    let turn = |index: PlannedIdx| -> Turn {
        let request = context.request(&prepared.requests[index.index()]);
        (waiting_since(request), request.original_start, index)
    };
    let alone = prepared.iter().filter(|(_, planned)| planned.visit.is_none()).map(|(index, _)| vec![index]);
    let mut parties: Vec<(Option<Turn>, Party)> = alone
        .chain(prepared.visits.iter().cloned())
        .map(|party| (party.iter().map(|&member| turn(member)).min(), party))
        .collect();
    parties.sort_unstable();
    parties.into_iter().map(|(_, party)| party).collect()
}
