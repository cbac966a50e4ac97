//! The photo core.
