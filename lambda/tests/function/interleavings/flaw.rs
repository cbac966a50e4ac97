//! What the search must notice.

/// A store without one of the rules that the algorithm needs. The search must notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// A look at A after a write never shows a change.
    NoCheckOfA,
    /// A PUT ignores its condition.
    NoConditions,
    /// A look at A answers with the ETag that the run expects, whatever A has by then: as if the run did not compare
    /// it.
    NoComparisonOfETags,
    /// A look at A shows no change after a PUT was lost: as if the run did not look at A before `current`.
    NoCheckBeforeCurrent,
    /// A look at A after a DELETE shows nothing: as if the run did not look.
    NoLookAfterDelete,
    /// B looks empty after an original was refused: as if the run left B's copy.
    RefusalLeavesCopy,
    /// Originals expire, but the function's settings say that they do not: what is gone was always deleted by a person.
    AlwaysAPerson,
    /// It is so late, by the function's clock, that every event is old: as if its age were not asked.
    AgeNotAsked,
    /// B's copies look very old: as if a late removal deleted a newer one.
    TimeOfCopyNotAsked,
    /// Originals look new: as if a run whose original may have expired deleted its copy.
    ExpiredCopyDeleted,
}

impl Flaw {
    /// All but `None`.
    pub(super) const ALL: &[Flaw] = &[
        Flaw::NoCheckOfA,
        Flaw::NoConditions,
        Flaw::NoComparisonOfETags,
        Flaw::NoCheckBeforeCurrent,
        Flaw::NoLookAfterDelete,
        Flaw::RefusalLeavesCopy,
        Flaw::AlwaysAPerson,
        Flaw::AgeNotAsked,
        Flaw::TimeOfCopyNotAsked,
        Flaw::ExpiredCopyDeleted,
    ];

    /// Whether it is one of the rules for originals that expire.
    pub(super) fn needs_expiry(self) -> bool {
        use Flaw::{AgeNotAsked, AlwaysAPerson, ExpiredCopyDeleted, TimeOfCopyNotAsked};
        matches!(self, AlwaysAPerson | AgeNotAsked | TimeOfCopyNotAsked | ExpiredCopyDeleted)
    }
}
