//! Numbers and signatures at an offset.

/// N bytes from there.
pub(super) fn bytes<const N: usize>(profile: &[u8], at: usize) -> Option<[u8; N]> {
    profile.get(at..)?.first_chunk().copied()
}

/// A uInt32Number (ICC.1, 4.8).
pub(super) fn read_u32(profile: &[u8], at: usize) -> Option<u32> {
    bytes(profile, at).map(u32::from_be_bytes)
}
