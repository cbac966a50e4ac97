"""What a browser's result for one photo means. The changes that are made on purpose are named here, and only here."""

from enum import Enum
from typing import Any


class Outcome(Enum):
    EQUAL = "equal"
    DIFFERENT = "differ"
    NOT_DRAWN = "neither"
    # On purpose.
    NATURAL_SIZE = "size by EXIF"
    FIRST_PICTURE = "first picture"
    SMOOTHED = "not smoothed"
    DRAWN_NOW = "drawn now"


ON_PURPOSE = {
    Outcome.NATURAL_SIZE: "the pixels are equal, the natural size is not: browsers take it from EXIF's resolution "
    "where that agrees with EXIF's pixel size, and the clean photo has the size that it is stored in",
    Outcome.FIRST_PICTURE: "the original has pictures after the first, of which Chromium uses HDR gain maps, or has no "
    "EOI, and browsers do not finish the last rows; the clean photo is like the first picture alone, with its EOI",
    Outcome.SMOOTHED: "the original is a progressive photo that is cut off; browsers smooth blocks of which only the "
    "first scans are there. The clean photo has the same coefficients as a whole picture, as jpegtran writes them",
    Outcome.DRAWN_NOW: "the browser does not draw the original, and draws the clean photo: what it is coded in was "
    "repaired, or written in a coding that browsers read",
}
# Colour that is only in EXIF (ColorSpace 65535 with interoperability R03, Adobe RGB) goes as well. No browser reads
# it, so such photos are among the equal ones.


def outcome(result: dict[str, Any]) -> Outcome:
    if "error" in result:
        return Outcome.DIFFERENT
    size_before, size_after = result["sizes"]
    if size_after is None:
        return Outcome.NOT_DRAWN if size_before is None else Outcome.DIFFERENT
    if size_before is None:
        return Outcome.DRAWN_NOW
    if result["difference"]["count"]:
        for other, what in (("alone", Outcome.FIRST_PICTURE), ("recoded", Outcome.SMOOTHED)):
            if size_before == size_after and result[other] and not result[other]["count"]:
                return what
        return Outcome.DIFFERENT
    return Outcome.EQUAL if size_before == size_after else Outcome.NATURAL_SIZE


def explain(result: dict[str, Any]) -> str:
    """How a photo differs, in a few words."""
    if "error" in result:
        return result["error"]
    before, after = ("not drawn" if size is None else f"{size[0]}x{size[1]}" for size in result["sizes"])
    if before != after:
        return f"{before}, then {after}"
    difference = result["difference"]
    return f"{difference['count']} values of its pixels, by {difference['largest']} of 255 at most"
