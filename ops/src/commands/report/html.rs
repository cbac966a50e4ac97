//! Text and pictures in HTML. Names and values come from strangers: nothing reaches the page but through here.

use std::io::{self, Write};

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;

use crate::text::printable;

/// Text as HTML, for elements and for quoted attributes. What could mislead a reader, such as direction overrides, is
/// escaped as on a terminal.
pub(super) fn escaped(text: &str) -> String {
    as_html(&printable(text))
}

/// The same for text that is printable already.
pub(super) fn as_html(printable: &str) -> String {
    let mut html = String::with_capacity(printable.len());
    for character in printable.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// A JPEG as a figure. The picture is part of the page.
pub(super) fn figure(out: &mut impl Write, caption: &str, alt: &str, photo: &[u8]) -> io::Result<()> {
    let (caption, alt) = (escaped(caption), escaped(alt));
    write!(out, "<figure><figcaption>{caption}</figcaption>")?;
    write!(out, "<img alt=\"{alt}\" loading=\"lazy\" decoding=\"async\" src=\"data:image/jpeg;base64,")?;
    let mut encoder = EncoderWriter::new(&mut *out, &STANDARD);
    encoder.write_all(photo)?;
    encoder.finish()?;
    drop(encoder);
    writeln!(out, "\"></figure>")
}
