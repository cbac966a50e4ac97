//! Text for people and for programs. File names, keys and values come from strangers, so everything that could steer a
//! terminal (escape sequences, C1 controls, direction overrides) is escaped before it is printed.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

/// The text with every unprintable character escaped, `\u{1b}` for instance, and a backslash doubled.
pub(crate) fn printable(text: &str) -> String {
    // The standard library knows which characters are printable; it escapes quotes as well, which need it nowhere here.
    text.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"")
}

/// A path for messages and tables.
pub(crate) fn path(path: &std::path::Path) -> String {
    printable(&path.to_string_lossy())
}

/// A number of bytes as people read it.
pub(crate) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") }
}

/// A time span as people read it.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// `1 photo`, `2 photos`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Writes one JSON line. What JSON leaves as it is but a terminal might obey is written as `\uXXXX`, which means the same.
pub(crate) fn json_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = String::new();
    for c in serde_json::to_string(value)?.chars() {
        let steers = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if steers {
            line.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            line.push(c);
        }
    }
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_printed() {
        let nasty = "a\u{1b}[31mb\u{9b}2Jc\u{202e}d\re\nf\u{7}g";
        let shown = printable(nasty);
        println!("{shown}");
        assert_eq!(shown, "a\\u{1b}[31mb\\u{9b}2Jc\\u{202e}d\\re\\nf\\u{7}g");
    }

    #[test]
    fn ordinary_names_are_printed_as_they_are() {
        for name in ["Großmutter's \"Foto\" 1+1.jpg", "写真 😀.jpg", "e\u{301}te\u{301}.JPG"] {
            assert_eq!(printable(name), name);
        }
    }

    #[test]
    fn a_backslash_of_the_name_cannot_be_taken_for_an_escape() {
        assert_eq!(printable("\\u{1b}"), "\\\\u{1b}");
    }

    #[test]
    fn json_keeps_its_meaning_and_loses_its_teeth() {
        let nasty = "\u{1b}]0;x\u{7}\u{9b}\u{202e}\u{7f}\u{2028}é";
        let mut line = Vec::new();
        json_line(&mut line, &nasty).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        assert!(line.trim_end().chars().all(|c| !c.is_control() && c != '\u{202e}' && c != '\u{2028}'));
        assert_eq!(serde_json::from_str::<String>(&line).ok().as_deref(), Some(nasty));
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        assert_eq!(
            ["0 B", "1023 B", "1.0 KiB", "16.0 MiB"].map(String::from),
            [0, 1023, 1024, 16 << 20].map(size)
        );
    }
}
