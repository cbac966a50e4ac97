"""What makes two builds of one commit equal to the byte: no path of this machine, no date, one way to write a zip."""

import json
import os
import re
import zipfile
from pathlib import Path

from tools.paths import ROOT

# 1980-01-01, the earliest day that a zip can hold. CMake uses it as the build date, which libjpeg-turbo contains.
SOURCE_DATE_EPOCH = "315532800"
# Flags of Rust and C compilers, for all targets or for one, and changes to the release profile.
_FLAGS = re.compile(r"RUSTFLAGS$|^(TARGET_|HOST_)?CFLAGS|^CARGO_PROFILE_RELEASE_")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_EXECUTABLE_FILE = 0o100755


def cargo_options() -> list[str]:
    """Options that keep the folders of this machine out of the binary, where panics name source files.

    Not in RUSTFLAGS: cargo would then ignore the processor that cargo-lambda asks for in the same setting.
    """
    flags = [f"--remap-path-prefix={folder}={name}" for folder, name in _folders()]
    return ["--config", f"build.rustflags={json.dumps(flags, ensure_ascii=False)}"]


def build_environment(given: dict[str, str]) -> dict[str, str]:
    """A build's environment: what the user has set, without what would change the binary."""
    kept = {name: value for name, value in given.items() if not _FLAGS.search(name)}
    return {**kept, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH}


def write_zip(binary: Path, zipped: Path) -> None:
    """Writes a zip with nothing but the binary, as `bootstrap`. Neither its time nor the umask matters."""
    entry = zipfile.ZipInfo("bootstrap", _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, whose permissions follow.
    entry.external_attr = _EXECUTABLE_FILE << 16
    new = zipped.with_suffix(".new")
    with zipfile.ZipFile(new, "w") as archive:
        archive.writestr(entry, binary.read_bytes(), compresslevel=9)
    new.replace(zipped)


def _folders() -> list[tuple[Path, str]]:
    """The folders whose paths a build would write down, and the names to write instead."""
    cargo = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    return [(cargo, "cargo"), (ROOT, ".")]
