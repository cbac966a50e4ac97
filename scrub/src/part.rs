//! A part of a file, and what happens to it.

use std::ops::Range;

use crate::report::Removed;
use crate::{Kind, nested};

/// What happens to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It stays, byte for byte.
    Keep,
    /// A segment that holds only what is needed of it takes its place.
    Rewrite,
    /// It is removed.
    Remove,
}

/// One part of a file: a segment, entropy-coded data, or bytes that are neither.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// Where it starts, in bytes from the start of the file.
    pub offset: usize,
    /// Its length in bytes, including marker and length field.
    pub length: usize,
    /// What it is.
    pub kind: Kind,
    /// What happens to it.
    pub action: Action,
    /// What is removed with it: how many bytes of which kinds. Empty for a part that is kept.
    pub removed: Vec<Removed>,
}

impl Part {
    /// A part of which `removed` bytes go. The payload, if it has one, names what is in it.
    pub(crate) fn new(
        kind: Kind,
        range: &Range<usize>,
        action: Action,
        removed: usize,
        payload: &[u8],
    ) -> Part {
        let removed = if removed == 0 { Vec::new() } else { nested::removed_by_kind(kind, removed, payload) };
        Part { offset: range.start, length: range.len(), kind, action, removed }
    }
}
