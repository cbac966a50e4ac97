//! The function's binary, which Lambda starts as `bootstrap`.

fn main() -> std::process::ExitCode {
    exif_ripper::serve()
}
