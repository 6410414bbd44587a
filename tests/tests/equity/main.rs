//! First come, first served against its definition and the verifier, and the equity report against numbers made by hand.

mod by_definition;
mod first_come;
mod report;
