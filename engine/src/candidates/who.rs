//! SPEC rule 3.1: who may do it.

use super::context::{Context, Sitting};
use crate::model::{Continuity, Gender, GenderWish};
use crate::prepare::Planned;

/// The practitioner's role is in the care type's list.
pub(super) fn role(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    context.role_position(planned.care_type, context.session(sitting).clinician).is_some()
}

/// The gender asked for; unknown fits only `any`.
pub(super) fn gender(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    let known = context.clinician(sitting).gender;
    match context.request(planned).practitioner_gender {
        GenderWish::Any => true,
        GenderWish::Female => known == Some(Gender::Female),
        GenderWish::Male => known == Some(Gender::Male),
    }
}

/// With continuity required, it is the preferred practitioner.
pub(super) fn continuity(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    let request = context.request(planned);
    request.continuity != Continuity::Required
        || request.preferred_practitioner_id.as_deref()
            == Some(context.clinician(sitting).practitioner_id.as_str())
}
