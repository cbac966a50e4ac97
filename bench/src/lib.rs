//! What the benchmarks and the comparison in `peers/` share.

pub mod drawing;
pub mod machine;
pub mod spread;
