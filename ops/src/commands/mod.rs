//! One module for each subcommand.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod backfill;
pub(crate) mod completions;
pub(crate) mod forget;
pub(crate) mod inspect;
pub(crate) mod load;
pub(crate) mod man;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod scrub;
pub(crate) mod smoke;
pub(crate) mod verify;
pub(crate) mod waiting;
