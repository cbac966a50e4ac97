"""Takes JPEG files apart into segments and puts them together again, for files that are made for this check. Not the
work of the photo core, whose work is checked here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

APP0, APP2, SOS = 0xE0, 0xE2, 0xDA
EOI = b"\xff\xd9"
_ICC = b"ICC_PROFILE\0"


@dataclass(frozen=True)
class Segment:
    marker: int
    payload: bytes

    def file(self) -> bytes:
        return bytes([0xFF, self.marker]) + (len(self.payload) + 2).to_bytes(2) + self.payload


@dataclass(frozen=True)
class JpegFile:
    """The segments up to the first SOS, and all bytes after it."""

    segments: list[Segment]
    rest: bytes

    @classmethod
    def read(cls, path: Path) -> JpegFile:
        file, at, segments = path.read_bytes(), 2, []
        while not segments or segments[-1].marker != SOS:
            end = at + 2 + int.from_bytes(file[at + 2 : at + 4])
            segments.append(Segment(file[at + 1], file[at + 4 : end]))
            at = end
        return cls(segments, file[at:])

    def file(self) -> bytes:
        return b"\xff\xd8" + b"".join(segment.file() for segment in self.segments) + self.rest

    def profile(self) -> bytes:
        """The colour profile, which must be in one chunk."""
        (chunk,) = (segment.payload for segment in self.segments if segment.payload.startswith(_ICC))
        return chunk[len(_ICC) + 2 :]

    def with_chunks(self, chunks: list[tuple[int, int, bytes]]) -> JpegFile:
        """With these chunks of a profile (number, count and data), and no others."""
        others = [segment for segment in self.segments if not segment.payload.startswith(_ICC)]
        new = [Segment(APP2, _ICC + bytes([number, count]) + data) for number, count, data in chunks]
        at = 1 if others[0].marker == APP0 else 0
        return replace(self, segments=[*others[:at], *new, *others[at:]])

    def with_density(self, unit: int, x: int, y: int) -> JpegFile:
        """With a JFIF segment of this density, and no other."""
        jfif = Segment(APP0, b"JFIF\0\x01\x01" + bytes([unit]) + x.to_bytes(2) + y.to_bytes(2) + b"\0\0")
        return replace(self, segments=[jfif, *self.without_density().segments])

    def without_density(self) -> JpegFile:
        return replace(self, segments=[segment for segment in self.segments if segment.marker != APP0])
