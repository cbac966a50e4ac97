"""Builds colour profiles (ICC.1) for files that are made for this check."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, replace

# Columns of the sRGB primaries in the connection space, whose white is D50.
_RED, _GREEN, _BLUE = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
_HEADER = 128
# From the number of bytes in a tag to its end: a multiple of 4.
_ALIGN = 4


@dataclass(frozen=True)
class ProfileFile:
    """The header, and the tags in order. Tags with equal data share it."""

    header: bytes
    tags: list[tuple[bytes, bytes]]

    @classmethod
    def read(cls, profile: bytes) -> ProfileFile:
        tags = []
        for i in range(int.from_bytes(profile[_HEADER : _HEADER + 4])):
            name, offset, size = struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * i)
            tags.append((name, profile[offset : offset + size]))
        return cls(profile[:_HEADER], tags)

    def file(self) -> bytes:
        at, data, table, places = _HEADER + 4 + 12 * len(self.tags), b"", b"", {}
        for name, tag in self.tags:
            if tag not in places:
                places[tag] = at + len(data)
                data += tag + bytes(-len(tag) % _ALIGN)
            table += struct.pack(">4sII", name, places[tag], len(tag))
        return struct.pack(">I", at + len(data)) + self.header[4:] + struct.pack(">I", len(self.tags)) + table + data

    def tag(self, wanted: bytes) -> bytes:
        return next(tag for name, tag in self.tags if name == wanted)

    def with_tag(self, name: bytes, data: bytes) -> ProfileFile:
        """With one more tag at the end."""
        return replace(self, tags=[*self.tags, (name, data)])

    def instead(self, name: bytes, data: bytes) -> ProfileFile:
        """With other data for a tag."""
        return replace(self, tags=[(other, data if other == name else old) for other, old in self.tags])

    def without(self, name: bytes) -> ProfileFile:
        return replace(self, tags=[tag for tag in self.tags if tag[0] != name])

    def with_header(self, at: int, field: bytes) -> ProfileFile:
        return replace(self, header=self.header[:at] + field + self.header[at + len(field) :])


def swapped(profile: ProfileFile) -> ProfileFile:
    """A profile in which red is green and green is red: nobody misses whether a browser applies it."""
    red, green = profile.tag(b"rXYZ"), profile.tag(b"gXYZ")
    return profile.instead(b"rXYZ", green).instead(b"gXYZ", red)


def table(channels: int) -> bytes:
    """A lut16Type (ICC.1, 10.10) from RGB or CMYK to XYZ, with two points for each channel. For RGB, red is blue, green
    is red and blue is green: not what `swapped` does."""
    values = b""
    for point in itertools.product((0, 1), repeat=channels):
        light = point if channels == 3 else [(1 - ink) * (1 - point[3]) for ink in point[:3]]
        columns = zip(light, (_BLUE, _RED, _GREEN), strict=True)
        sums = (sum(values) for values in zip(*([x * c for c in column] for x, column in columns), strict=True))
        # 1.0 is 0x8000 (ICC.1, 6.3.4.2).
        values += b"".join(struct.pack(">H", round(number * 0x8000)) for number in sums)
    matrix = struct.pack(">9i", *(0x10000 if i % 4 == 0 else 0 for i in range(9)))
    line = struct.pack(">HH", 0, 0xFFFF)
    start = b"mft2" + bytes(4) + bytes([channels, 3, 2, 0])
    return start + matrix + struct.pack(">HH", 2, 2) + line * channels + values + line * 3


def curve(gamma: float) -> bytes:
    """A curveType (ICC.1, 10.6) with one number."""
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
