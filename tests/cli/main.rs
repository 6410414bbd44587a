//! The program as a process: exit codes, streams, bytes and interruptions.
//!
//! These tests belong to the package that owns the program (see `engine/Cargo.toml`), because cargo tells only its
//! tests where the program is.

mod arguments;
mod commands;
mod desk;
mod docs;
mod explain;
mod fixtures;
mod interruptions;
mod same;
mod support;
