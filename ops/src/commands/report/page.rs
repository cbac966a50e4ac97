//! The page: its start, a section for each photo, its end. It has no script; what is hidden until a click is in
//! `<details>`, which the keyboard opens too.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::examine::{CleanCopy, Examined};
use super::html::{as_html, escaped, figure};
use super::stack_counts::StackCounts;
use crate::metadata_values::{Value, shortened};
use crate::photo_file::FileError;
use crate::text;

/// How every page starts.
pub(super) const DOCTYPE: &str = "<!DOCTYPE html>";

const STYLE: &str = include_str!("style.css");

/// Counts over all photos of the page.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) clean: usize,
    pub(super) refused: usize,
    bytes_before: u64,
    bytes_after: u64,
}

impl Totals {
    pub(super) fn add(&mut self, examined: &Examined) {
        match &examined.result {
            Ok(copy) => {
                self.clean += 1;
                self.bytes_before += examined.original.len() as u64;
                self.bytes_after += copy.photo.len() as u64;
            }
            Err(_) => self.refused += 1,
        }
    }

    pub(super) fn photos(&self) -> usize {
        self.clean + self.refused
    }

    /// `2 photos clean (1.2 MiB became 1.1 MiB), 1 refused`.
    pub(super) fn sentence(&self) -> String {
        let (before, after) = (text::size(self.bytes_before), text::size(self.bytes_after));
        let clean = text::count(self.clean, "photo");
        format!("{clean} clean ({before} became {after}), {} refused", self.refused)
    }
}

/// Everything before the photos. The policy lets the browser load nothing but the pictures in the page, and apply no
/// style but this one.
pub(super) fn start(out: &mut impl Write, photos: usize, stack: Option<&StackCounts>) -> io::Result<()> {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let count = text::count(photos, "photo");
    write!(
        out,
        "{DOCTYPE}\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{count} before and after scrubbing</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{count} before and after scrubbing</h1>\n\
         <p class=\"warning\" role=\"note\"><strong>This page is private.</strong> It holds the original photos with \
         everything that was in them: places, names, serial numbers. Do not publish it or send it on. Delete the file \
         when you have looked at it.</p>\n</header>\n<main>\n"
    )?;
    stack.map_or(Ok(()), |counts| path(out, counts))
}

/// The path of a photo through a stack, with how many are where.
fn path(out: &mut impl Write, counts: &StackCounts) -> io::Result<()> {
    let waiting = |number: u64, what: &str| text::count(usize::try_from(number).unwrap_or(usize::MAX), what);
    writeln!(
        out,
        "<section aria-labelledby=\"path\">\n<h2 id=\"path\">The path of a photo in {}</h2>\n<ol class=\"path\">\n\
         <li>Bucket A, where user A uploads: <strong>{}</strong></li>\n<li>The function scrubs and verifies</li>\n\
         <li>Bucket B, where user B reads: <strong>{}</strong></li>\n</ol>\n\
         <p>{} and {} wait. Objects and messages at {}.</p>\n</section>",
        escaped(&counts.stack),
        counts.originals,
        counts.clean,
        waiting(counts.refusals, "refusal"),
        waiting(counts.failures, "failure"),
        counts.at,
    )
}

/// One photo, with its number from 1.
pub(super) fn photo(out: &mut impl Write, number: usize, examined: &Examined) -> io::Result<()> {
    let name = &examined.name;
    let id = format!("photo-{number}");
    writeln!(out, "<article aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>", escaped(name))?;
    let (before, time) = (text::size(examined.original.len() as u64), text::milliseconds(examined.time));
    match &examined.result {
        Ok(copy) => {
            let after = text::size(copy.photo.len() as u64);
            writeln!(
                out,
                "<p><strong class=\"clean\">Clean</strong>: {before} became {after}, in {time}.</p>"
            )?;
        }
        Err(refusal) => {
            let (reason, why) = (refusal.name(), escaped(&refusal.to_string()));
            writeln!(out, "<p><strong class=\"refused\">Refused</strong> ({reason}), in {time}: {why}.</p>")?;
        }
    }
    writeln!(out, "<div class=\"pair\">")?;
    figure(out, &format!("Before: {before}"), &format!("{name} before scrubbing"), &examined.original)?;
    if let Ok(copy) = &examined.result {
        let after = text::size(copy.photo.len() as u64);
        figure(out, &format!("After: {after}"), &format!("{name} after scrubbing"), &copy.photo)?;
    }
    writeln!(out, "</div>")?;
    inside(out, examined)?;
    if let Ok(copy) = &examined.result {
        left(out, copy)?;
    }
    writeln!(out, "</article>")
}

fn inside(out: &mut impl Write, examined: &Examined) -> io::Result<()> {
    writeln!(out, "<h3>What was inside</h3>")?;
    if let Ok(copy) = &examined.result {
        writeln!(out, "<p>Removed: {}.</p>", escaped(&copy.happened))?;
    }
    if !examined.inspected {
        return writeln!(
            out,
            "<p>Not known: the photo was refused before its parts were listed. Take it for private.</p>"
        );
    }
    if examined.values.is_empty() {
        return writeln!(out, "<p>No tags that can be read.</p>");
    }
    let names = distinct_names(&examined.values);
    writeln!(out, "<ul class=\"tags\" aria-label=\"Tags\">")?;
    for name in names {
        writeln!(out, "<li>{}</li>", escaped(name))?;
    }
    writeln!(out, "</ul>")?;
    if !examined.places.is_empty() {
        writeln!(out, "<details><summary>Show where it was taken</summary>\n<ul>")?;
        for place in &examined.places {
            writeln!(out, "<li>{} (latitude, longitude)</li>", escaped(place))?;
        }
        writeln!(out, "</ul></details>")?;
    }
    let count = text::count(examined.values.len(), "value");
    writeln!(out, "<details><summary>Show {count}</summary>\n<table><tbody>")?;
    for value in &examined.values {
        let (name, value) =
            (escaped(&value.name), as_html(&shortened(&value.value, "ripper inspect --values --json")));
        writeln!(out, "<tr><th scope=\"row\">{name}</th><td dir=\"auto\">{value}</td></tr>")?;
    }
    writeln!(out, "</tbody></table></details>")
}

fn distinct_names(values: &[Value]) -> Vec<&str> {
    let mut seen = std::collections::BTreeSet::new();
    values.iter().map(|value| value.name.as_str()).filter(|name| seen.insert(*name)).collect()
}

fn left(out: &mut impl Write, copy: &CleanCopy) -> io::Result<()> {
    writeln!(out, "<h3>What is left</h3>")?;
    let kinds = escaped(&copy.left.kinds.join(", "));
    let left = if copy.left.metadata.is_empty() {
        "<strong>Nothing</strong> but the picture".to_owned()
    } else {
        format!("<strong>{}</strong>", escaped(&copy.left.metadata.join(", ")))
    };
    writeln!(out, "<p>{left}. The clean copy was read again and consists of: {kinds}.</p>")
}

/// Everything after the photos, with the files that are not on the page.
pub(super) fn end(out: &mut impl Write, totals: &Totals, errors: &[FileError]) -> io::Result<()> {
    writeln!(
        out,
        "</main>\n<footer>\n<p>{}. Scrubbed by version {}.</p>",
        totals.sentence(),
        scrub::VERSION
    )?;
    if !errors.is_empty() {
        writeln!(out, "<p>Not on this page, as they could not be read:</p>\n<ul>")?;
        for error in errors {
            // It is printable: it is made for a terminal.
            writeln!(out, "<li>{}</li>", as_html(&error.to_string()))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</footer>\n</body>\n</html>")
}
