//! Scrubs one photo: `cargo run -p scrub --example scrub -- IN.jpg OUT.jpg`. (`ripper scrub` does it for folders.)

use std::error::Error;
use std::{env, fs};

use scrub::{Options, Orientation, Refusal};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [from, to] = &arguments[..] else { return Err("give two files: IN.jpg OUT.jpg".into()) };

    // Given by value, the photo is scrubbed in place.
    let photo = fs::read(from)?;
    let clean = match scrub::scrub(photo.into(), &Options::default()) {
        Ok(clean) => clean,
        // An upload that broke off: the one reason that the sender can do something about.
        Err(Refusal::CutOff { offset, .. }) => return Err(format!("only {offset} bytes arrived").into()),
        Err(refusal) => return Err(format!("{}: {refusal}", refusal.name()).into()),
    };
    for removed in &clean.report.removed {
        println!("{:>9} bytes of {} removed", removed.bytes, removed.kind);
    }
    match clean.report.orientation {
        Orientation::Upright => {}
        other => println!("orientation: {other}"),
    }
    // The verifier has already checked these bytes.
    fs::write(to, &clean.photo)?;
    Ok(())
}
