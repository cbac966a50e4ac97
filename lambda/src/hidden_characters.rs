//! Characters that a terminal or a browser does not show but obeys. A key may have them, and keys are in log lines and
//! in messages.

/// Escapes hidden characters of JSON. They can only be inside of its strings, so it stays valid and its reader gets the
/// same strings.
pub(crate) fn escape_hidden(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_hidden(character) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Control characters, those that change the direction of text (Unicode Standard Annex #9), those that end a line or a
/// paragraph, those without a width, and noncharacters. A line feed ends a log line; in strings JSON has escaped it.
fn is_hidden(character: char) -> bool {
    match character {
        '\n' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' => true,
        _ => character.is_control(),
    }
}
