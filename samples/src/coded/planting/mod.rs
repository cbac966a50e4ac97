//! Files with a payload.
/// a
pub struct Planted;
/// b
pub struct Expected;
/// c
pub fn planted() {}
