"""Writes the licences of all that is linked into `ripper`, on any of the machines that a release has it for.

python -m tools.ripper_notices
"""

from tools.command_line import run
from tools.linked import Linked, linked
from tools.notices import notices_of
from tools.paths import ROOT

NOTICES = ROOT / "target" / "release" / "RIPPER_THIRD_PARTY_NOTICES.txt"
_TARGETS = [
    f"{processor}-{system}" for processor in ("x86_64", "aarch64") for system in ("unknown-linux-gnu", "apple-darwin")
]


def ripper_notices() -> str:
    """The whole text. The system's own linker adds nothing to it."""
    crates = {crate for target in _TARGETS for crate in linked(target, "ripper").crates}
    return notices_of("The program ripper", Linked(sorted(crates), {}), [])


def write_notices() -> None:
    """Writes the file."""
    text = ripper_notices()
    NOTICES.parent.mkdir(parents=True, exist_ok=True)
    NOTICES.write_text(text, encoding="utf-8")
    print(f"{NOTICES.relative_to(ROOT)}: {len(text)} characters")


if __name__ == "__main__":
    run("ripper_notices", write_notices)
