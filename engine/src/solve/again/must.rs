//! Who must move, and who could be touched by that.

use std::collections::BTreeMap;

use super::AtHand;
use crate::lookup::Lookup;
use crate::prepare::{Link, PlannedIdx};
use crate::solve::groups::Groups;
use crate::solve::limits::Limit;

/// Who must move.
pub(super) struct Must {
    /// So many at least.
    pub least: usize,
    /// Some of these beside those who cannot keep their places.
    pub among: Vec<PlannedIdx>,
    /// Without these of them the others fit.
    pub enough: Vec<PlannedIdx>,
}

/// Those who cannot keep their places, and of each limit of which less is left than the others use, so many as must give
/// way at least. Only a reserve can have become so, and nobody uses two of them, so that the numbers add up.
pub(super) fn must_move(at_hand: AtHand<'_>, displaced: &[bool]) -> Must {
    let AtHand { context, prepared, limits, placed, .. } = at_hand;
    let mut users: BTreeMap<Limit, Vec<(i64, PlannedIdx)>> = BTreeMap::new();
    let mut must = Must { least: 0, among: Vec::new(), enough: Vec::new() };
    for (index, planned) in prepared.iter() {
        let Some(placed) = &placed[index.index()] else { continue };
        if displaced[index.index()] {
            must.least += 1;
            continue;
        }
        let uses = limits.uses(context, planned, &placed.offer);
        for (limit, amount) in uses.into_iter().filter(|(limit, _)| matches!(limit, Limit::Reserve(..))) {
            users.entry(limit).or_default().push((amount, index));
        }
    }
    for (limit, mut of_limit) in users {
        let used: i64 = of_limit.iter().map(|(amount, _)| amount).sum();
        let mut excess = used - limits.left(limit).unwrap_or(i64::MAX);
        if excess > 0 {
            must.among.extend(of_limit.iter().map(|(_, index)| *index));
        }
        of_limit.sort_unstable();
        while excess > 0
            && let Some((amount, index)) = of_limit.pop()
        {
            excess -= amount;
            must.enough.push(index);
            must.least += 1;
        }
    }
    must
}

/// These and all who are tied to them by a visit, a link or the patient, directly or through others.
pub(super) fn with_tied(at_hand: AtHand<'_>, mut free: Vec<bool>) -> Vec<bool> {
    let AtHand { context, prepared, .. } = at_hand;
    let mut groups = Groups::new(prepared.requests.len());
    let mut of_patient: Lookup<&str, usize> = Lookup::with_capacity(prepared.requests.len());
    for (index, planned) in prepared.iter() {
        let first = *of_patient.get_or_insert_with(&context.request(planned).patient_id, || index.index());
        groups.join(first, index.index());
        if let Link::After { other, .. } = planned.link {
            groups.join(other.index(), index.index());
        }
    }
    for visit in &prepared.visits {
        for member in visit {
            groups.join(visit[0].index(), member.index());
        }
    }
    let roots: Vec<usize> = (0..free.len()).map(|at| groups.root(at)).collect();
    let mut open = vec![false; free.len()];
    for (&root, &free) in roots.iter().zip(&free) {
        open[root] |= free;
    }
    for (free, &root) in free.iter_mut().zip(&roots) {
        *free = open[root];
    }
    free
}
