//! Text for people and for programs. File names, keys and values come from strangers, so everything that could control
//! a terminal (escape sequences, C1 controls, direction overrides) is escaped before it is printed.

use std::io::{self, Write};
use std::time::Duration;

use indicatif::HumanBytes;
use serde::Serialize;

/// The text with every unprintable character escaped, `\u{1b}` for instance, and a backslash doubled.
pub(crate) fn printable(text: &str) -> String {
    // The standard library knows which characters are printable; it also escapes quotes, which is not needed here.
    text.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"")
}

/// A path for messages and tables.
pub(crate) fn path(path: &std::path::Path) -> String {
    printable(&path.to_string_lossy())
}

/// A number of bytes for people, such as `1.46 KiB`.
pub(crate) fn size(bytes: u64) -> String {
    HumanBytes(bytes).to_string()
}

/// A time span for people, such as `0.25 s`.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// A short time span for people, such as `1.3 ms`.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// How long ago something was, in its largest unit: `5 s`, `3 min`, `4 h`, `2 d`.
pub(crate) fn age(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// `1 photo`, `2 photos`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Writes one JSON line. Characters that JSON allows but that could control a terminal are written as `\uXXXX`, which
/// means the same.
pub(crate) fn json_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = String::new();
    for c in serde_json::to_string(value)?.chars() {
        let controls_terminal = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if controls_terminal {
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
    fn nothing_that_controls_a_terminal_is_printed() {
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
    fn a_backslash_in_a_name_cannot_be_mistaken_for_an_escape() {
        assert_eq!(printable("\\u{1b}"), "\\\\u{1b}");
    }

    #[test]
    fn json_keeps_its_meaning_and_cannot_control_a_terminal() {
        let nasty = "\u{1b}]0;x\u{7}\u{9b}\u{202e}\u{7f}\u{2028}é";
        let mut line = Vec::new();
        assert!(json_line(&mut line, &nasty).is_ok());
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        assert!(line.trim_end().chars().all(|c| !c.is_control() && c != '\u{202e}' && c != '\u{2028}'));
        assert_eq!(serde_json::from_str::<String>(&line).ok().as_deref(), Some(nasty));
    }

    #[test]
    fn sizes_have_binary_units() {
        assert_eq!(
            ["0 B", "1023 B", "1.00 KiB", "16.00 MiB"].map(String::from),
            [0, 1023, 1024, 16 << 20].map(size)
        );
    }
}
