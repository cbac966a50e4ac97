//! How publishing a photo ended, and what is known of the photo then: for log lines, refusals and the results of batch
//! jobs.

use strum::IntoStaticStr;

use crate::store::VersionId;

/// How publishing a photo ended, if it did not fail. In lower case, these are the words in log lines and in the results
/// of batch jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Outcome {
    /// The clean photo was published.
    Clean,
    /// B has the clean photo already.
    Current,
    /// A does not have the photo any more, and B is as it was.
    Gone,
    /// A does not have the photo any more, and B's copy was deleted.
    Deleted,
}

/// What is known about a photo, for its log line or its refusal. It is filled in step by step, so failures have it too.
#[derive(Debug, Default)]
pub struct PhotoStats {
    /// Size of the original, in bytes.
    pub bytes_in: Option<u64>,
    /// Version id of the original, if bucket A has versioning.
    pub version: Option<VersionId>,
    /// What the core did, once the photo is clean.
    pub clean: Option<CleanStats>,
    /// Whether B's copy was deleted because the original is refused.
    pub withdrawn: bool,
}

/// What the photo core did to a photo.
#[derive(Debug)]
pub struct CleanStats {
    /// Size of the clean photo, in bytes.
    pub bytes: u64,
    /// What was removed, and what happened to the orientation.
    pub report: scrub::Report,
}
