//! Somebody is away: who moves, and the plan of all.

use super::kept::Kept;
use super::stand::Moved;
use crate::calendar::DateSet;
use crate::candidates::{Context, Offer};
use crate::error::{Error, Result};
use crate::model::{Case, PlanFiles};
use crate::objective::Layout;
use crate::prepare::Prepared;
use crate::report::{RunNote, files};
use crate::solve::{AtHand, Effort, Entry, Limits, Placed, Solution, replan};
use crate::units::ClinicianIdx;

/// A plan for a case in which somebody is away, that moves as few as possible.
///
/// Its vector is that of SPEC section 5 with one entry more between `late` with `window` and `wait`: the moves.
#[derive(Debug, Clone)]
pub struct Replan {
    /// The case with the leave in it, and the plan of before as the one before this.
    pub case: Case,
    /// Who was in a session that is not held, ascending by id.
    pub displaced: Vec<String>,
    /// Everybody who had a place and has another one or none, ascending by id, the displaced among them.
    pub moved: Vec<Moved>,
    /// Who had no place and has one now, ascending by id.
    pub placed: Vec<Moved>,
    /// late_1 to late_v, window, late_v+1 to late_n: value, and proven lower bound given the entries before.
    pub late: Vec<Entry>,
    /// How many have moved, and how many must at least given the lateness.
    pub moves: Entry,
    /// wait_1 to wait_n and order: value, and proven lower bound given the lateness and the number of moves.
    pub wait: Vec<Entry>,
    /// Whether others than those who had to move were looked at; false: the small question was enough.
    pub widened: bool,
    prepared: Prepared,
    solution: Solution,
}

impl Replan {
    /// Whether no plan has less lateness, or the same and fewer moves, or the same and less waiting.
    pub fn is_proven(&self) -> bool {
        let mut all = self.late.iter().chain([&self.moves]).chain(&self.wait);
        all.all(|entry| entry.value == entry.bound)
    }

    /// The files of this plan, for [`Replan::case`]. What they say of waiting does not know of moves, so its bounds are
    /// those that hold for every plan, and the status is seldom `optimal`.
    pub fn files(&self, note: &RunNote, hurry: &(dyn Fn() -> bool + Sync)) -> PlanFiles {
        files(&Context::new(&self.case), &self.prepared, &self.solution, note, hurry)
    }
}

impl Kept<'_> {
    /// Plans again for these dates without this clinician: first the least lateness, the most urgent first, then the fewest
    /// moves, then the least waiting. Everybody stays who can where that costs nobody lateness.
    ///
    /// `effort` counts for each independent part of the case; a plan that is stopped before its proof says so in its
    /// bounds and keeps the priority guarantee like any other.
    ///
    /// # Errors
    /// [`Error::Argument`] where the case has no such clinician.
    pub fn absence(&self, practitioner_id: &str, dates: &DateSet, effort: Effort<'_>) -> Result<Replan> {
        let later = &self.later;
        let who = later.case.clinicians.iter().position(|one| one.practitioner_id == practitioner_id);
        let who = who.map(ClinicianIdx::from).ok_or_else(|| {
            Error::Argument(format!("this case has no clinician {practitioner_id:?}; see clinicians.csv."))
        })?;
        let mut case = later.case.clone();
        let leave = &mut case.clinicians[who.index()].leave;
        *leave = DateSet::from_ranges(leave.ranges().iter().chain(dates.ranges()).copied().collect());

        let context = Context::new(&case);
        let prepared = &later.prepared;
        let away = |offer: &Offer| {
            let date = case.policy.date_of(offer.day);
            case.sessions[offer.session.index()].clinician == who && dates.contains(date)
        };
        let displaced: Vec<bool> = later
            .placed
            .iter()
            .map(|placed| placed.as_ref().is_some_and(|placed| away(&placed.offer)))
            .collect();
        let stays = |offers: &Vec<Offer>| offers.iter().filter(|offer| !away(offer)).cloned().collect();
        let offers = later.offers.iter().map(stays).collect();
        let layout = Layout::new(prepared);
        let limits = Limits::new(&context);
        let at_hand = AtHand { context: &context, prepared, layout, limits: &limits, placed: &later.placed };
        // Rows of an earlier previous plan that the book has given to somebody else took from a reserve in the plan at hand,
        // and do so no more: then what was proven says nothing.
        let known = if limits.are_within(&self.limits) { &self.entries[..] } else { &[] };
        let found = replan(at_hand, &displaced, offers, known, effort);

        let proven = found.entries.iter().all(|entry| entry.value == entry.bound);
        let moved = changes(&context, prepared, &later.placed, &found.placed, true);
        let placed = changes(&context, prepared, &later.placed, &found.placed, false);
        let ids = prepared.iter().filter(|(index, _)| displaced[index.index()]);
        let displaced = ids.map(|(_, planned)| context.request(planned).request_id.clone()).collect();
        let at = layout.ranks() + 1;
        let late = found.entries[..at].to_vec();
        let wait = found.entries[at + 1..].to_vec();
        let least = &found.least[at + 1..];
        let unconditional = wait.iter().zip(least).map(|(entry, &least)| Entry { bound: least, ..*entry });
        let solution = Solution {
            placed: found.placed,
            entries: late.iter().copied().chain(unconditional).collect(),
            nodes: found.nodes,
            pivots: found.pivots,
            interrupted: !proven && (effort.stop)(),
        };
        let (moves, widened, prepared) = (found.entries[at], found.widened, prepared.clone());
        // It looks at the case, which is handed on.
        drop(context);
        Ok(Replan { case, displaced, moved, placed, late, moves, wait, widened, prepared, solution })
    }
}

/// Those who are not where they were, of those who had a place or of those who had none.
fn changes(
    context: &Context<'_>,
    prepared: &Prepared,
    before: &[Option<Placed>],
    now: &[Option<Placed>],
    had: bool,
) -> Vec<Moved> {
    let mut found = Vec::new();
    for ((_, planned), (before, now)) in prepared.iter().zip(before.iter().zip(now)) {
        let same = before.as_ref().map(|one| one.run) == now.as_ref().map(|one| one.run);
        if !same && before.is_some() == had {
            found.push(Moved::new(context, planned, before.as_ref(), now.as_ref()));
        }
    }
    found
}
