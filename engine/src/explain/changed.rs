//! The plan as it stands, seen with a request's row in another form: which ways would be open then.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::change::Change;
use super::offers::Offers;
use super::trial::{Least, Trials};
use super::{Explainer, Ledger};
use crate::candidates::Context;
use crate::model::Request;
use crate::prepare::{Planned, PlannedIdx, Prepared, planned_again};

impl Explainer<'_, '_> {
    /// Looks at the plan with a row in another form: everybody else, and where everybody is, stays.
    ///
    /// Only the offers of that request, of the one asked about and of their companions are known there.
    pub(super) fn with_row<T>(
        &self,
        (index, asked): (PlannedIdx, PlannedIdx),
        row: &Request,
        look: impl FnOnce(&Explainer<'_, '_>) -> T,
    ) -> Option<T> {
        let again = planned_again(self.context.case, self.prepared, index, row)?;
        Some(self.with_planned((index, asked), again, row, look))
    }

    /// The same with what is derived from the row given.
    pub(super) fn with_planned<T>(
        &self,
        (index, asked): (PlannedIdx, PlannedIdx),
        planned: Planned,
        row: &Request,
        look: impl FnOnce(&Explainer<'_, '_>) -> T,
    ) -> T {
        let context = self.context.with_request(planned.request, row);
        let spares = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = spares().pop();
        let mut prepared = spare.unwrap_or_else(|| self.prepared.clone());
        let before = std::mem::replace(&mut prepared.requests[index.index()], planned);
        let seen = look(&self.seen_with(&context, &prepared, [index, asked], true));
        prepared.requests[index.index()] = before;
        spares().push(prepared);
        seen
    }

    /// Looks at the plan with a change of what a request asks for; none where it changes anything else.
    pub(super) fn with_change<T>(
        &self,
        (index, asked): (PlannedIdx, PlannedIdx),
        change: &Change,
        look: impl FnOnce(&Explainer<'_, '_>) -> T,
    ) -> Option<T> {
        if change.request_id() != Some(self.id(index)) {
            return None;
        }
        if let Change::BookedApart { .. } = change {
            let mut prepared = self.prepared.clone();
            let visit = prepared.requests[index.index()].visit.take()?;
            let rest = &mut prepared.visits[visit];
            rest.retain(|&member| member != index);
            if let [alone] = rest[..] {
                prepared.requests[alone.index()].visit = None;
            }
            return Some(look(&self.seen_with(self.context, &prepared, [index, asked], false)));
        }
        let mut row = self.context.request(&self.prepared.requests[index.index()]).clone();
        change.change_request(&mut row);
        self.with_row((index, asked), &row, look)
    }

    fn seen_with<'x>(
        &'x self,
        context: &'x Context<'x>,
        prepared: &'x Prepared,
        [changed, asked]: [PlannedIdx; 2],
        anew: bool,
    ) -> Explainer<'x, 'x> {
        let members = self.job(changed).into_iter().chain(self.job(asked));
        let known = members.map(|member| {
            let offers = if anew && member == changed {
                self.offers.find(context, prepared, member, context.last_date)
            } else {
                self.offers_of(member).to_vec()
            };
            (member, offers)
        });
        let offers = Offers::of_some(prepared.requests.len(), known);
        Explainer {
            context,
            prepared,
            placed: Cow::Borrowed(&self.placed),
            proven: self.proven,
            layout: self.layout,
            offers,
            ledger: Arc::<Ledger<'_>>::clone(&self.ledger),
            visit_ways: prepared.visits.iter().map(|_| OnceLock::new()).collect(),
            area_of: OnceLock::new(),
            areas: Mutex::default(),
            trials: Trials::new(0, Least::default()),
            spare: Mutex::default(),
        }
    }
}
