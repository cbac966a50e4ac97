"""Looks at the page of `ripper report` in Chromium: pictures, what is hidden until a click, the console, requests.

python -m tests.browsers.report_page [--screenshots]   the latter also makes docs/images/ again
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

from local.paths import RIPPER_BIN
from local.sample_photos import sample_photos
from tests.browsers.devtools import Page, chromium
from tools.errors import ToolError
from tools.paths import ROOT

_IMAGES = ROOT / "docs" / "images"
# Width and height.
_WINDOWS = {"wide": (1200, 900), "phone": (390, 844)}
# The screenshot that the README shows.
_SHOTS = {("light", "wide"): "report.png"}

_PICTURES = """(async () => {
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = "eager";
  await Promise.all(pictures.map(picture => picture.decode().catch(() => 0)));
  return {
    all: pictures.length,
    drawn: pictures.filter(picture => picture.naturalWidth > 0).length,
    withoutText: pictures.filter(picture => !picture.alt).length,
    sideways: document.documentElement.scrollWidth > innerWidth,
    back: getComputedStyle(document.body).backgroundColor,
  };
})()"""
_OPEN = "document.querySelectorAll('details[open]').length"
_CLOSED = """(() => {
  const summary = document.querySelector("details:not([open]) summary");
  summary.scrollIntoView({block: "center"});
  const box = summary.getBoundingClientRect();
  return [box.x + 20, box.y + box.height / 2];
})()"""


def make_page(folder: Path) -> tuple[Path, int]:
    """A page of the sample photos and a file that is refused; returns it, and how many pictures it has."""
    photos = folder / "photos"
    photos.mkdir()
    samples = sample_photos()
    for name, photo in samples.items():
        (photos / f"{name}.jpg").write_bytes(photo)
    page = folder / "report.html"
    # A picture that browsers draw, and that is refused: its second half is missing.
    (photos / "cut off.jpg").write_bytes(samples["DSC_0042"][: len(samples["DSC_0042"]) * 3 // 4])
    # By the folder's own name: the page shows paths as they are given.
    command = [str(RIPPER_BIN / "ripper"), "report", photos.name, "-o", page.name]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if answer.returncode not in (0, 3):
        raise ToolError(f"ripper report failed: {answer.stderr.strip()}")
    return page, 2 * len(samples) + 1


def look(page: Page, address: str, pictures: int, dark: bool, window: str, screenshots: bool) -> None:
    """Checks the page in one window."""
    width, height = _WINDOWS[window]
    page.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=window == "phone"
    )
    scheme = "dark" if dark else "light"
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.load(address)
    seen = page.run(_PICTURES)
    where = f"{scheme}, {window}"
    _expect(seen["all"] == seen["drawn"] == pictures, f"{where}: {seen['drawn']} of {pictures} pictures are drawn")
    _expect(seen["withoutText"] == 0, f"{where}: {seen['withoutText']} pictures have no text in their place")
    _expect(not seen["sideways"], f"{where}: the page is wider than its window")
    _expect((seen["back"] == "rgb(255, 255, 255)") is not dark, f"{where}: the background is {seen['back']}")
    _expect(page.run(_OPEN) == 0, f"{where}: values are shown before a click")
    if screenshots and (scheme, window) in _SHOTS:
        shot = base64.b64decode(page.call("Page.captureScreenshot")["data"])
        (_IMAGES / _SHOTS[scheme, window]).write_bytes(shot)
    page.press("Tab", 9)
    page.press("Enter", 13, "\r")
    _expect(page.run(_OPEN) == 1, f"{where}: the keyboard opens nothing")
    page.click(*page.run(_CLOSED))
    _expect(page.run(_OPEN) == 2, f"{where}: a click opens nothing")
    print(f"{where}: {seen['drawn']} pictures, values open by keyboard and by click")


def check(screenshots: bool) -> None:
    """Checks the page in each window, light and dark, and that nothing leaves it."""
    with tempfile.TemporaryDirectory(prefix="report-") as work, chromium() as page:
        file, pictures = make_page(Path(work))
        _IMAGES.mkdir(exist_ok=True)
        for dark in (False, True):
            for window in _WINDOWS:
                look(page, file.as_uri(), pictures, dark, window, screenshots)
        addresses = [entry["request"]["url"] for entry in page.named("Network.requestWillBeSent")]
        foreign = [address for address in addresses if not address.startswith((file.as_uri(), "data:", "about:"))]
        _expect(not foreign, f"the page asks for {foreign}")
        said = page.named("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        _expect(not said, f"the console says {said}")
        print(f"{len(addresses)} requests, all of them the page and what is in it; the console is empty")
        # That this check can see what it looks for.
        page.run("document.body.insertAdjacentHTML('beforeend', '<img src=https://example.invalid/x.png>')")
        page.run("new Promise(done => setTimeout(done, 500))")
        blocked = [entry["entry"]["text"] for entry in page.named("Log.entryAdded")]
        _expect(any("example.invalid" in text for text in blocked), "a foreign picture is not blocked")
        print("a foreign picture that is added to the page is blocked, and the console says so")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ToolError(otherwise)


if __name__ == "__main__":
    try:
        check("--screenshots" in sys.argv[1:])
    except ToolError as failure:
        sys.exit(f"report_page: {failure}")
