//! Charts as inline drawings: whole numbers only, patterns that survive black and white, and the same numbers as a table.

mod calls;
pub mod capacity;
mod draw;
mod late;
mod waits;

use maud::{Markup, html};

use super::tiers::Tier;
use crate::desk::Desk;

/// Every chart.
pub fn charts(desk: &Desk<'_>, tiers: &[Tier<'_>]) -> Markup {
    html! {
        h2 #charts { "Charts" }
        (draw::patterns())
        div.charts {
            (waits::chart(tiers))
            (late::chart(tiers))
            (calls::chart(desk))
            (capacity::chart(desk))
        }
    }
}
