//! The `Cache-Control` header that a clean photo may have. The header of the original is free text: a name in an
//! unknown directive would be published with the photo. So only directives that caches know stay, by name, with
//! numbers where a directive takes one. The same directives always give the same text.

use std::fmt;

/// What a directive may have after its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// Nothing.
    None,
    /// A number of seconds, which it must have.
    Seconds,
    /// Names of fields. Most caches ignore them and take the directive as if it had none (RFC 9111, 5.2.2.4 and
    /// 5.2.2.7), so that is how it is published.
    FieldNames,
}

/// The directives that stay, in the order in which they are written: those for responses of RFC 9111 (5.2.2),
/// `immutable` (RFC 8246), and `stale-while-revalidate` and `stale-if-error` (RFC 5861).
const DIRECTIVES: [(&str, Argument); 13] = [
    ("public", Argument::None),
    ("private", Argument::FieldNames),
    ("no-store", Argument::None),
    ("no-cache", Argument::FieldNames),
    ("no-transform", Argument::None),
    ("max-age", Argument::Seconds),
    ("s-maxage", Argument::Seconds),
    ("must-revalidate", Argument::None),
    ("proxy-revalidate", Argument::None),
    ("must-understand", Argument::None),
    ("immutable", Argument::None),
    ("stale-while-revalidate", Argument::Seconds),
    ("stale-if-error", Argument::Seconds),
];

/// One year. Larger numbers say nothing more to a cache, but could say something to a reader.
const MAX_SECONDS: u64 = 365 * 24 * 60 * 60;

/// A `Cache-Control` header without anything but known directives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CacheControl(String);

impl CacheControl {
    /// What may stay of the header of an original, or `None` if nothing may.
    pub fn from_header(header: &str) -> Option<Self> {
        // Of a repeated directive the first counts (RFC 9111, 4.2.1).
        let mut values: [Option<String>; DIRECTIVES.len()] = Default::default();
        for directive in split_outside_quotes(header) {
            let (name, argument) = match directive.split_once('=') {
                Some((name, argument)) => (name.trim(), Some(argument.trim())),
                None => (directive.trim(), None),
            };
            for ((known, takes), value) in DIRECTIVES.iter().zip(&mut values) {
                if value.is_none() && name.eq_ignore_ascii_case(known) {
                    *value = rewrite(known, *takes, argument);
                }
            }
        }
        let header = values.into_iter().flatten().collect::<Vec<_>>().join(", ");
        (!header.is_empty()).then_some(Self(header))
    }
}

impl fmt::Display for CacheControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A known directive as it is published, or `None` if its argument is not of the kind that it takes.
fn rewrite(name: &str, takes: Argument, argument: Option<&str>) -> Option<String> {
    match (takes, argument) {
        (Argument::None | Argument::FieldNames, None) | (Argument::FieldNames, Some(_)) => {
            Some(name.to_owned())
        }
        (Argument::Seconds, Some(digits))
            if !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            // What does not fit in a u64 is above the largest number as well.
            let seconds = digits.parse().unwrap_or(u64::MAX).min(MAX_SECONDS);
            Some(format!("{name}={seconds}"))
        }
        _ => None,
    }
}

/// The parts between commas; a comma in a quoted string does not count (RFC 9110, 5.6.1 and 5.6.4).
fn split_outside_quotes(header: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    header.split(move |character| {
        let is_escaped = std::mem::take(&mut escaped);
        match character {
            '\\' if quoted && !is_escaped => escaped = true,
            '"' if !is_escaped => quoted = !quoted,
            _ => {}
        }
        character == ',' && !quoted
    })
}
