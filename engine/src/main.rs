//! The `rebook` command.

fn main() {}
