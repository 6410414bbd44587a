//! All tables and the policy of a case from bytes, through the whole road.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    rebook_tests::fuzz::case_tables(data);
});
