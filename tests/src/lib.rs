//! Builders, random cases and a brute-force oracle for the end-to-end tests.
