//! Cases and sizes that the benchmarks share.
