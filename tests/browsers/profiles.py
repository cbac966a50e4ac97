"""Photos with colour profiles that are valid, invalid in one way each, or come in the wrong chunks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from tests.browsers.jpeg_file import JpegFile
from tests.browsers.profile_file import ProfileFile, curve, swapped, table

# Samples that the photos are made of: three components, four, and one whose profile fits into one chunk.
_COLOUR, _CMYK = "website/banner.jpg", "print/海辺の家/表紙.jpg"
_WITH_PROFILE = "portfolio/rgb/house+sea=evening.jpg"

_FIELDS = {
    "intent-3": (64, b"\0\0\0\3"),
    "intent-4": (64, b"\0\0\0\4"),
    "intent-high": (64, b"\0\1\0\0"),
    "illuminant-zero": (68, bytes(12)),
    "illuminant-d65": (68, struct.pack(">3I", 62289, 65536, 71372)),
    "illuminant-nearly-d50": (68, struct.pack(">3I", 63000, 65600, 54000)),
    "class-unknown": (12, b"evil"),
    "class-zero": (12, bytes(4)),
    "class-link": (12, b"link"),
    "class-abst": (12, b"abst"),
    "class-nmcl": (12, b"nmcl"),
    "class-scnr": (12, b"scnr"),
    "class-prtr": (12, b"prtr"),
    "class-spac": (12, b"spac"),
    "signature-unknown": (36, b"ascp"),
    "version-0": (8, bytes(4)),
    "version-1": (8, b"\1\0\0\0"),
    "version-3": (8, b"\3\0\0\0"),
    "version-5.0": (8, b"\5\0\0\0"),
    "version-5.1": (8, b"\5\x10\0\0"),
    "version-6": (8, b"\6\0\0\0"),
    "version-reserved-low": (10, b"\0\1"),
    "version-reserved-high": (10, b"\1\0"),
    "connection-space-rgb": (20, b"RGB "),
    "connection-space-lab": (20, b"Lab "),
    "space-gray": (16, b"GRAY"),
    "space-cmyk": (16, b"CMYK"),
    "space-ycbcr": (16, b"YCbr"),
    "space-lab": (16, b"Lab "),
    "space-3clr": (16, b"3CLR"),
    "space-cmy": (16, b"CMY "),
    "space-unknown": (16, b"EVIL"),
}


def write_profiles(samples: Path, folder: Path) -> dict[str, Path]:
    """Writes all photos. Returns where the same picture without a profile is, by the photo's name."""
    colour, cmyk = JpegFile.read(samples / _COLOUR), JpegFile.read(samples / _CMYK)
    good = swapped(ProfileFile.read(JpegFile.read(samples / _WITH_PROFILE).profile()))
    folder.mkdir(parents=True)
    plain = {}
    for picture, name, photos in (
        (colour, "colour", _for_colour(good)),
        (cmyk, "cmyk", _for_cmyk(good)),
    ):
        without = folder / f"{name}-no-profile.jpg"
        without.write_bytes(picture.with_chunks([]).file())
        for variant, chunks in photos:
            path = folder / f"{name}-{variant}.jpg"
            path.write_bytes(picture.with_chunks(chunks).file())
            plain[path.name] = without
    return plain


_Photos = Iterator[tuple[str, list[tuple[int, int, bytes]]]]


def _for_colour(good: ProfileFile) -> _Photos:
    for name, profile in (_headers(good) | _tags(good) | _tables(good) | _entries(good)).items():
        yield name, [(1, 1, profile)]
    yield from _chunks(good.file(), good.with_header(16, b"CMYK").file())
    yield "gray-profile", [(1, 1, _gray(good).file())]


def _for_cmyk(good: ProfileFile) -> _Photos:
    to_lab = good.with_header(16, b"CMYK").with_header(12, b"prtr").with_tag(b"A2B0", table(4))
    yield "rgb-profile", [(1, 1, good.file())]
    yield "gray-profile", [(1, 1, _gray(good).file())]
    yield "table", [(1, 1, to_lab.file())]
    yield "table-cut-off", [(1, 1, to_lab.instead(b"A2B0", table(4)[:60]).file())]


def _gray(good: ProfileFile) -> ProfileFile:
    return good.with_header(16, b"GRAY").with_tag(b"kTRC", curve(4.0))


def _headers(good: ProfileFile) -> dict[str, bytes]:
    file = good.file()
    size = {
        "size-larger": len(file) + 4,
        "size-largest": 0xFFFFFFFF,
        "size-smaller": len(file) - 40,
        "size-zero": 0,
    }
    return {
        "good": file,
        "bytes-after-the-profile": file + bytes(50),
        **{name: struct.pack(">I", number) + file[4:] for name, number in size.items()},
        **{name: good.with_header(at, field).file() for name, (at, field) in _FIELDS.items()},
    }


def _tags(good: ProfileFile) -> dict[str, bytes]:
    """Tags that are missing, that come twice, of the wrong type, or too many."""
    red = good.tag(b"rXYZ")
    wrong = b"text" + bytes(4) + b"No copyright, use freely\0"
    malformed = b"curv" + bytes(4) + struct.pack(">I", 1_000_000)
    return {
        "tags-100": _padded(good, 100).file(),
        "tags-101": _padded(good, 101).file(),
        "tags-1024": _padded(good, 1024).file(),
        "tags-1025": _padded(good, 1025).file(),
        "tag-unknown": good.with_tag(b"XXXX", wrong).file(),
        "tag-twice": good.with_tag(b"rTRC", curve(8.0)).file(),
        "tag-twice-of-wrong-type": good.with_tag(b"rTRC", red).file(),
        "gXYZ-missing": good.without(b"gXYZ").file(),
        "gTRC-missing": good.without(b"gTRC").file(),
        "rTRC-of-wrong-type": good.instead(b"rTRC", wrong).file(),
        "rTRC-too-long": good.instead(b"rTRC", malformed).file(),
        **{
            f"{name}-of-wrong-type": good.with_tag(name.encode(), wrong).file()
            for name in ("A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "D2B0", "B2D0", "gamt", "cicp", "chad", "bkpt")
        },
    }


def _padded(good: ProfileFile, count: int) -> ProfileFile:
    """With so many tags, most of them unknown."""
    names = (b"%04d" % number for number in range(count - len(good.tags)))
    return ProfileFile(good.header, [*good.tags, *((name, b"text" + bytes(8)) for name in names)])


def _tables(good: ProfileFile) -> dict[str, bytes]:
    """Tables beside the matrix: whole, cut off, or with an impossible number of channels."""
    whole = table(3)
    channels = whole[:8] + b"\x11" + whole[9:]
    names = ("A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "gamt")
    return {
        f"{name}-{kind}": good.with_tag(name.encode(), data).file()
        for name in names
        for kind, data in (("whole", whole), ("cut-off", whole[:60]), ("of-17-channels", channels))
    } | {
        "A2B0-alone": ProfileFile(good.header, good.tags[:3]).with_tag(b"A2B0", whole).file(),
        "chad-cut-off": good.with_tag(b"chad", b"sf32" + bytes(12)).file(),
        "cicp-cut-off": good.with_tag(b"cicp", b"cicp" + bytes(4)).file(),
        "cicp-of-pq": good.with_tag(b"cicp", b"cicp" + bytes(4) + b"\x09\x10\0\1").file(),
        "D2B0-cut-off": good.with_tag(b"D2B0", b"mpet" + bytes(4)).file(),
    }


def _entries(good: ProfileFile) -> dict[str, bytes]:
    """Entries of the tag table that are not inside the profile. The last entry is that of an unknown tag."""
    file = good.with_tag(b"XXXX", b"text" + bytes(8)).file()
    at = 132 + 12 * len(good.tags)
    entries = {
        "entry-ends-outside": file[at + 4 : at + 8] + b"\0\x0f\0\0",
        "entry-begins-outside": b"\0\x0f\0\0" + file[at + 8 : at + 12],
        "entry-of-no-size": file[at + 4 : at + 8] + bytes(4),
    }
    others = {
        f"{name}-of-size-12": _of_size_12(ProfileFile(good.header, [(name.encode(), tag), *good.tags]))
        for name, tag in (("A2B0", table(3)), ("A2B1", table(3)), ("A2B2", table(3)), ("B2A0", table(3)))
    }
    return {
        **{name: file[: at + 4] + entry + file[at + 12 :] for name, entry in entries.items()},
        **others,
        **{
            f"{name}-of-size-12": _of_size_12(ProfileFile(good.header, _first(good, name)))
            for name in ("rXYZ", "gTRC", "wtpt")
        },
    }


def _first(good: ProfileFile, name: str) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), good.tag(name.encode())), *good.without(name.encode()).tags]


def _of_size_12(profile: ProfileFile) -> bytes:
    """With a size in the first entry that is too small for its tag."""
    file = profile.file()
    return file[:140] + struct.pack(">I", 12) + file[144:]


def _chunks(good: bytes, other: bytes) -> _Photos:
    half = len(good) // 2
    first, second = (1, 2, good[:half]), (2, 2, good[half:])
    whole, noise = (1, 1, good), b"x" * 20
    yield "chunks-two", [first, second]
    yield "chunks-swapped", [second, first]
    yield "chunks-first-twice", [first, first, second]
    yield "chunks-last-twice", [first, second, second]
    yield "chunks-last-missing", [first]
    yield "chunks-whole-twice", [whole, whole]
    yield "chunks-whole-then-another", [whole, (1, 1, other)]
    yield "chunks-whole-then-number-2-of-1", [whole, (2, 1, noise)]
    yield "chunks-whole-then-number-2-of-2", [whole, (2, 2, noise)]
    yield "chunks-whole-then-number-0", [whole, (0, 1, noise)]
    yield "chunks-number-0-then-whole", [(0, 1, noise), whole]
    yield "chunks-number-0-of-0-then-whole", [(0, 0, noise), whole]
    yield "chunks-incomplete-then-whole", [(1, 2, noise), whole]
    yield "chunks-whole-then-incomplete", [whole, (1, 2, noise)]
