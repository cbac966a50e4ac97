//! Cleans one photo: `cargo run -p scrub --example strip -- IN.jpg OUT.jpg`. (`ripper strip` does it for folders.)

use std::error::Error;
use std::{env, fs};

use scrub::{Options, Orientation, Refusal};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [from, to] = &arguments[..] else { return Err("give two files: IN.jpg OUT.jpg".into()) };

    // Given by value, the photo is cleaned where it lies in memory.
    let photo = fs::read(from)?;
    let clean = match scrub::scrub(photo.into(), &Options::default()) {
        Ok(clean) => clean,
        // Nobody's mistake but the sender's.
        Err(Refusal::CutOff { offset }) => return Err(format!("only {offset} bytes arrived").into()),
        Err(refusal) => return Err(format!("{}: {refusal}", refusal.name()).into()),
    };
    for removed in &clean.report.removed {
        println!("{:>9} bytes of {} removed", removed.bytes, removed.kind);
    }
    match clean.report.orientation {
        Orientation::Upright => {}
        other => println!("orientation: {other}"),
    }
    // A second reader has checked these bytes already.
    fs::write(to, &clean.photo)?;
    Ok(())
}
