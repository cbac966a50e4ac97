"""Photos in codings that browsers do not draw, photos that are damaged or cut off, and photos of every JFIF density."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.browsers.jpeg_file import EOI, JpegFile

# A sample of three components, without anything private.
_PICTURE = "website/banner.jpg"
_JPEGTRAN = {
    "gray": ["-grayscale"],
    "progressive": ["-progressive"],
    "restarts": ["-restart", "4B"],
    "arithmetic": ["-arithmetic"],
    "arithmetic-progressive": ["-arithmetic", "-progressive"],
}
# Unit, and horizontal and vertical density (ITU-T T.871, 10.1).
_DENSITIES = [
    (0, 1, 1),
    (0, 2, 1),
    (0, 1, 2),
    (1, 72, 72),
    (1, 300, 300),
    (1, 72, 144),
    (2, 28, 28),
    (2, 118, 59),
    (1, 0, 0),
    (1, 65535, 1),
]

# Bytes that are no part of a marker, and become none.
_CHANGED = re.compile(rb"(?<=[^\xff])[^\xff\xd5]", re.DOTALL)


def write_codings(samples: Path, folder: Path) -> list[str]:
    """Writes all photos. Returns the names of those that are missing for want of jpegtran."""
    folder.mkdir(parents=True)
    picture = JpegFile.read(samples / _PICTURE)
    for unit, x, y in _DENSITIES:
        (folder / f"density-{x}x{y}-unit-{unit}.jpg").write_bytes(picture.with_density(unit, x, y).file())
    (folder / "density-none.jpg").write_bytes(picture.without_density().file())
    if shutil.which("jpegtran") is None:
        return [f"codings/{name}" for name in _JPEGTRAN]
    for name, options in _JPEGTRAN.items():
        path = folder / f"{name}.jpg"
        command = ["jpegtran", "-copy", "none", *options, "-outfile", str(path), str(samples / _PICTURE)]
        subprocess.run(command, check=True, capture_output=True)
    coded = {name: JpegFile.read(folder / f"{name}.jpg") for name in _JPEGTRAN}
    for name, whole in {"baseline": picture, **coded}.items():
        for what, rest in _damaged(whole.rest):
            (folder / f"{name}-{what}.jpg").write_bytes(replace(whole, rest=rest).file())
    return []


def _damaged(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Bytes changed in the coded data, or the end of it missing. No change makes or removes a marker."""
    data = data.removesuffix(EOI)
    for percent in (30, 70, 95):
        at = len(data) * percent // 100
        changed = _CHANGED.sub(lambda match: bytes([match[0][0] ^ 0x2A]), data[at : at + 24])
        yield f"damaged-at-{percent}", data[:at] + changed + data[at + 24 :] + EOI
    for percent in (30, 60, 90, 99):
        cut = data[: len(data) * percent // 100].removesuffix(b"\xff")
        yield f"cut-at-{percent}", cut + EOI
        yield f"cut-at-{percent}-without-eoi", cut
