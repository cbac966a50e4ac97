//! Finds the end of entropy-coded data. Bytes in it after the last block that is drawn are not looked for.

use super::marker;

/// How many bytes are tested at once.
const STRIDE: usize = 512;

/// Length of the entropy-coded data at the start of `bytes`: up to the first 0xFF that is followed by neither a stuffed
/// zero, a restart marker, nor a reserved marker, which no segment starts with. None if there is no such 0xFF.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    loop {
        let quiet = match (rest.get(..STRIDE), rest.get(1..=STRIDE)) {
            (Some(bytes), Some(followers)) => is_quiet(bytes, followers),
            _ => false,
        };
        if quiet {
            rest = rest.get(STRIDE..)?;
            continue;
        }
        let mut walked: usize = 0;
        while walked < STRIDE {
            let [first, after @ ..] = rest else { return None };
            if *first != 0xFF {
                rest = after;
                walked = walked.saturating_add(1);
                continue;
            }
            let fill = after.iter().take_while(|&&byte| byte == 0xFF).count();
            match after.get(fill..)? {
                [0x00..=0xBF | marker::RST0..=marker::RST7, next @ ..] => rest = next,
                [] => return None,
                _ => return bytes.len().checked_sub(rest.len()),
            }
            walked = walked.saturating_add(fill).saturating_add(2);
        }
    }
}

/// Whether no byte that is 0xFF has a follower other than 0x00 and a restart marker.
fn is_quiet(bytes: &[u8], followers: &[u8]) -> bool {
    let alarm = |(&byte, &follower): (&u8, &u8)| {
        u8::from(byte == 0xFF)
            & u8::from(follower != 0)
            & u8::from(follower.wrapping_sub(marker::RST0) > marker::RST7 - marker::RST0)
    };
    bytes.iter().zip(followers).map(alarm).fold(0, |any, one| any | one) == 0
}
