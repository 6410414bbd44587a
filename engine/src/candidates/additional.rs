//! SPEC rule 3.7: additional sessions exist only where the run asks for them.

use super::context::{Context, Sitting};
use crate::prepare::Planned;

/// The session is there, or has been asked for.
pub(super) fn additional(context: &Context<'_>, _: &Planned, sitting: &Sitting) -> bool {
    context.case.use_additional || !context.session(sitting).additional
}
