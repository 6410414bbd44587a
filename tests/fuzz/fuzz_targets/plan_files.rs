//! The files of a plan from bytes, read and verified against a case that is sound.

#![no_main]

use std::sync::LazyLock;

use rebook_tests::conservation::check;
use rebook_tests::fuzz::{plan_bundle, unbundle};

static CASE: LazyLock<rebook_tests::Case> = LazyLock::new(|| {
    check(&unbundle(include_bytes!("../corpus/case_tables/plain"))).expect("the case is sound")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    plan_bundle(&CASE, data);
});
