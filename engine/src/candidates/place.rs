//! SPEC rule 3.3: the site, and what the session takes.

use super::context::{Context, Sitting};
use crate::prepare::Planned;

/// The patient's own site, one of the same practice, or a hub that serves it.
pub(super) fn site(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    context.serves(context.session(sitting).site, planned.site)
}

/// The session takes this care type.
pub(super) fn care_type(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    let listed = &context.session(sitting).care_types;
    listed.is_empty() || listed.contains(&context.case.policy.care_types[planned.care_type.index()].code)
}
