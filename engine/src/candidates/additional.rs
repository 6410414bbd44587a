//! SPEC rule 3.7: additional sessions exist only where the run asks for them.

use super::context::{Book, Sitting};

/// The session is there, or has been asked for.
pub(super) fn additional(book: &Book<'_>, sitting: &Sitting) -> bool {
    book.case.use_additional || !book.session(sitting).additional
}
