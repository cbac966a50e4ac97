//! What is wrong with entropy-coded data.

/// What is wrong with the entropy-coded data of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[non_exhaustive]
pub enum Flaw {
    /// There is a marker before the last bit.
    #[strum(to_string = "a marker before the last bit")]
    EndsEarly,
    /// Bits that are not the start of any code in the table.
    #[strum(to_string = "bits that are not a code")]
    NoSuchCode,
    /// A run of zeros or a coefficient after the last coefficient that the scan codes.
    #[strum(to_string = "a coefficient after the last one")]
    PastBand,
    /// A coefficient of more than one bit in a scan that adds one bit.
    #[strum(to_string = "a new coefficient of more than one bit")]
    NotOneBit,
    /// An end of several blocks that reaches past a restart marker or the end of the scan.
    #[strum(to_string = "an end of more blocks than there are")]
    EndOfBlocksPastEnd,
    /// Bits after the last one of a byte that is needed, and not all are 1.
    #[strum(to_string = "padding that is not all 1")]
    Padding,
    /// A fill byte before a marker.
    #[strum(to_string = "a fill byte")]
    FillByte,
    /// More data where a restart marker must be.
    #[strum(to_string = "no restart marker where there must be one")]
    NoRestartMarker,
    /// A restart marker that is not the next in turn.
    #[strum(to_string = "a restart marker with the wrong number")]
    WrongRestartMarker,
    /// A restart marker after the last MCU.
    #[strum(to_string = "a restart marker after the last MCU")]
    NeedlessRestartMarker,
    /// Something in a block outside of the picture.
    #[strum(to_string = "something in a block outside of the picture")]
    HiddenBlock,
    /// Data after the last MCU.
    #[strum(to_string = "bytes after the last MCU")]
    Surplus,
}
