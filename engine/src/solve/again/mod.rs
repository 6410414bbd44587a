//! A plan that is at hand, asked again: who could go into a slot that has become free (`single`), and what is the best
//! plan that moves as few as possible when somebody is away (`moves`, in steps that are told there).
//!
//! Nearly everybody stays where they are. So a problem is built in which they have their own place alone (`beside`),
//! and only those who may move have every offer that there is.

mod beside;
mod moves;
mod must;
mod single;

pub(crate) use moves::replan;
pub(crate) use single::stand;

use super::Placed;
use super::limits::Limits;
use crate::candidates::Context;
use crate::objective::Layout;
use crate::prepare::Prepared;

/// A case and the plan at hand.
#[derive(Clone, Copy)]
pub(crate) struct AtHand<'a> {
    pub context: &'a Context<'a>,
    pub prepared: &'a Prepared,
    pub layout: Layout,
    pub limits: &'a Limits,
    /// By planned request.
    pub placed: &'a [Option<Placed>],
}
