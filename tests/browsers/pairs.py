"""Which photos are drawn: the samples, the real photos, photos made of samples for this check, and the files of folders
that the user names; each before and after scrubbing."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.browsers.codings import write_codings
from tests.browsers.jpeg_file import EOI
from tests.browsers.profiles import write_profiles
from tools.errors import ToolError
from tools.paths import ROOT
from tools.progress import step

# Markers other than those between restart intervals.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_NAMES = (".jpg", ".jpeg", ".mpo", ".thm")
# What jpegtran does for an orientation (TIFF 6.0 supplement, Orientation).
_JPEGTRAN = {
    "2": ["-flip", "horizontal"],
    "3": ["-rotate", "180"],
    "4": ["-flip", "vertical"],
    "5": ["-transpose"],
    "6": ["-rotate", "90"],
    "7": ["-transverse"],
    "8": ["-rotate", "270"],
}


@dataclass(frozen=True)
class Pair:
    """A photo in front of the browser: what it must look like, and the clean copy."""

    name: str
    before: Path
    after: Path
    # The same picture without a colour profile, where it is asked whether a browser applies the profile.
    plain: Path | None = None


@dataclass
class Prepared:
    """The pairs, and the files that are not drawn: refused, or rotated on a machine that has no jpegtran."""

    pairs: list[Pair]
    refused: list[str]
    skipped: list[str]


def prepare(folders: list[Path], work: Path) -> Prepared:
    """Scrubs all files and pairs each with its clean copy."""
    originals = _originals(folders, work / "samples")
    plain = write_profiles(work / "samples", work / "made" / "profiles")
    prepared = Prepared([], [], write_codings(work / "samples", work / "made" / "codings"))
    originals |= {name: _photos(work / "made" / name) for name in ("profiles", "codings")}
    with step(f"Scrubbing {sum(map(len, originals.values()))} files"):
        for source, files in originals.items():
            links, clean = work / "originals" / source, work / "clean" / source
            for name, path in files.items():
                (links / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, links / name)
            for line in _scrub(links, clean):
                _pair(source, line, links, clean, prepared)
    prepared.pairs = [
        replace(pair, plain=plain.get(pair.before.name)) if pair.name.startswith("profiles/") else pair
        for pair in prepared.pairs
    ]
    return prepared


def _originals(folders: list[Path], samples: Path) -> dict[str, dict[str, Path]]:
    """The files by where they come from and their path there."""
    _run(["cargo", "run", "--quiet", "--locked", "--package", "samples", "--", str(samples)])
    found = {"samples": samples}
    photos = Path(os.environ.get("SHARED_PHOTOS") or ROOT.parent / "shared" / "photos")
    if photos.is_dir():
        found["photos"] = photos
    for folder in folders:
        if not folder.is_dir():
            raise ToolError(f"{folder} is not a folder; give folders of photos, for example: just browsers ~/Pictures")
        found[folder.resolve().name] = folder
    return {source: _photos(folder) for source, folder in found.items()}


def _photos(folder: Path) -> dict[str, Path]:
    """The photos of a folder by their path in it, with names that the command takes."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _NAMES and path.is_file())
    return {_jpg(path.relative_to(folder)): path for path in files}


def _jpg(path: Path) -> str:
    return str(path) if path.suffix.lower() in (".jpg", ".jpeg") else f"{path}.jpg"


def _scrub(originals: Path, clean: Path) -> list[dict[str, Any]]:
    if not originals.is_dir():
        return []
    program = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target") / "debug" / "ripper"
    # 3: one of the photos was refused.
    answer = _run([str(program), "scrub", "--json", "--out", str(clean), str(originals)], may_end_with=(0, 3))
    return [json.loads(line) for line in answer.splitlines()]


def _pair(source: str, line: dict[str, Any], originals: Path, clean: Path, prepared: Prepared) -> None:
    relative = Path(line["file"]).relative_to(originals)
    name, before, after = f"{source}/{relative}", originals / relative, clean / relative
    if line["outcome"] != "clean":
        prepared.refused.append(f"{name} ({line['reason']})")
        return
    if line["orientation"].startswith("rotated"):
        # Its pixels are those of the rotated coefficients, not the rotated pixels: chroma is upsampled after it.
        before = _jpegtran(before, line["orientation"])
    if before is None:
        prepared.skipped.append(name)
        return
    prepared.pairs.append(Pair(name, before, after))


def first_picture(photo: Path) -> bytes:
    """The photo up to its first EOI, or with an EOI if it has none. Not the work of the photo core, whose work is
    checked here."""
    file, at = photo.read_bytes(), 2
    while marker := _MARKER.search(file, at):
        at = marker.end()
        if marker[0] == EOI:
            return file[:at]
        at += int.from_bytes(file[at : at + 2])
    return file + EOI


def recoded(photo: Path) -> bytes | None:
    """What jpegtran makes of a photo, from the same coefficients. In progressive coding, whose writer has no way to put
    down a coefficient that is out of range, as damaged data has some."""
    if shutil.which("jpegtran") is None:
        return None
    answer = subprocess.run(["jpegtran", "-copy", "icc", "-progressive", str(photo)], capture_output=True, check=False)
    # 2: it warned, and wrote the file.
    return answer.stdout if answer.returncode in (0, 2) else None


def _jpegtran(photo: Path, orientation: str) -> Path | None:
    """What jpegtran makes of a photo that has an orientation, or None if it is not installed or cannot do it."""
    number = next(character for character in orientation if character.isdigit())
    rotated = photo.with_suffix(".rotated")
    if shutil.which("jpegtran") is None:
        return None
    command = ["jpegtran", "-copy", "icc", "-trim", *_JPEGTRAN[number], "-outfile", str(rotated), str(photo)]
    # 2: it warned, and wrote the file.
    answer = subprocess.run(command, capture_output=True, check=False)
    return rotated if answer.returncode in (0, 2) and rotated.exists() else None


def _run(command: list[str], may_end_with: tuple[int, ...] = (0,)) -> str:
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode not in may_end_with:
        said = (answer.stderr.strip() or "nothing").splitlines()
        raise ToolError(
            f"{Path(command[0]).name} ended with {answer.returncode} and said:\n  " + "\n  ".join(said[-8:])
        )
    return answer.stdout
