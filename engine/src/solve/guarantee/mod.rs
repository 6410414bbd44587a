//! SPEC section 5, the priority guarantee, for plans that are not proven: a repair of the whole plan.
//!
//! A proven plan keeps the guarantee by itself: whatever it forbids would make a smaller vector. A plan that was
//! handed out before its proof may not, so three steps are repeated until neither of the last two applies:
//!
//! - `improve`: whoever fits in somewhere better beside all others goes there;
//! - `lower`, part (a): whoever could lower an entry of lateness, or save `window`, at the cost of later standings
//!   alone does so; those who are really in the way give way and are seated again where they fit;
//! - `exchange`, part (b): two of different rank who should have each other's slots swap.
//!
//! **It ends.** Every step makes the vector of the whole plan lexicographically smaller.
//! `improve`: one job costs less, nobody else changes. `lower` at entry e: the mover's own cost is the same before e
//! and less at e; those displaced are of later standing than e, that is, whether placed or not they add nothing to
//! any entry up to e, so wherever they end up, these entries do not change by them. `exchange`: nobody is later and
//! both are placed before and after, so no entry of lateness rises and `window` stays; the more urgent one has less
//! in the `wait` of its rank, and the other one adds to a later entry. There are finitely many plans, and a
//! strictly decreasing sequence visits none of them twice.
//!
//! **It suffices.** When `lower` and `exchange` both find nothing, the plan keeps parts (a) and (b) as they are
//! written: `lower` tries, for every job and every entry, every candidate that would lower it, against exactly those
//! who may not be displaced, each with the very start that the plan gives it; `exchange` tries every pair.
//!
//! Everything is done one step after the other in a fixed order: the outcome depends on the plan it begins with and
//! on nothing else.

mod board;
mod exchange;
mod improve;
mod lower;

use super::problem::{Assignment, Problem};
use super::ties::Ties;
use crate::candidates::{Context, Offer};
use crate::objective::Layout;
use crate::prepare::Prepared;

pub(super) use board::{Beside, Board, Way};

/// Rounds in which free places are looked for. Later rounds only finish what displacing began.
const IMPROVING_ROUNDS: u32 = 3;

/// A case and the problem made of it.
#[derive(Clone, Copy)]
pub(super) struct Whole<'a> {
    pub context: &'a Context<'a>,
    pub prepared: &'a Prepared,
    pub layout: Layout,
    /// Of each planned request.
    pub offers: &'a [Vec<Offer>],
    /// All parts together.
    pub problem: &'a Problem,
}

/// A plan that keeps the guarantee, never worse than `plan`.
pub(super) fn repair(whole: Whole<'_>, plan: &Assignment) -> Assignment {
    repair_with(whole, plan, true, true)
}

/// The same, and nobody who has a place moves but for the sake of the guarantee. Where the lateness is proven, part (a)
/// holds as it is.
pub(super) fn repair_alone(whole: Whole<'_>, plan: &Assignment, proven: bool) -> Assignment {
    repair_with(whole, plan, false, !proven)
}

fn repair_with(whole: Whole<'_>, plan: &Assignment, everybody: bool, late: bool) -> Assignment {
    let ties = Ties::new(whole.problem);
    let mut repair = Repair {
        whole,
        order: by_need(whole.problem),
        standing: standings(whole),
        board: Board::new(whole.problem, &ties, plan),
    };
    for round in 0.. {
        if round < IMPROVING_ROUNDS {
            repair.improve(everybody);
        }
        let lowered = late && repair.lower();
        let exchanged = repair.exchange();
        if !lowered && !exchanged {
            break;
        }
    }
    repair.board.assignment()
}

/// The bounds of a plan that took the place of another one, each given the entries before it.
///
/// As far as both plans have the same entries, and for the first entry in which they differ, what comes before is the
/// same, and the bound says what it said. After that it may have been conditional on entries that this plan does not
/// have, so only the sum of the least that each job can add is left, which holds for every plan.
pub(super) fn bounds(least: &[i64], before: &[i64], after: &[i64], bounds: &[i64]) -> Vec<i64> {
    let same = before.iter().zip(after).take_while(|(before, after)| before == after).count();
    let entry = |entry: usize| if entry <= same { bounds[entry] } else { least[entry] };
    (0..after.len()).map(|at| entry(at).min(after[at])).collect()
}

/// Jobs in the order in which they are looked at: who costs most when left out comes first.
fn by_need(problem: &Problem) -> Vec<usize> {
    let mut order: Vec<usize> = (0..problem.jobs.len()).collect();
    order.sort_by(|&a, &b| problem.jobs[b].unplaced.cmp(&problem.jobs[a].unplaced).then(a.cmp(&b)));
    order
}

/// The earliest standing among the members of each job.
fn standings(whole: Whole<'_>) -> Vec<usize> {
    let of =
        |member: &crate::prepare::PlannedIdx| whole.layout.standing(&whole.prepared.requests[member.index()]);
    whole.problem.jobs.iter().map(|job| job.members.iter().map(of).min().unwrap_or(0)).collect()
}

/// A repair under way.
struct Repair<'a> {
    whole: Whole<'a>,
    /// Jobs, who costs most when left out first.
    order: Vec<usize>,
    /// By job.
    standing: Vec<usize>,
    board: Board<'a>,
}

impl Repair<'_> {
    fn cost(&self, job: usize) -> &[i64] {
        self.board.cost(job)
    }
}
