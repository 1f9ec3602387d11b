//! Benchmarks live in the files beside this one; `cargo bench -p talos-benches` runs them.
