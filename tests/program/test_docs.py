"""What the documentation names exists: links, files, folders and recipes."""

import re
import subprocess
from pathlib import Path

from tests.program.pages import pages
from tests.program.program import ROOT
from tools import reference, scale

# What is made by a build, or is only an example.
MADE = ("target/", "out/", "clean/", "CLEAN", "PHOTOS")


def anchors(page: Path) -> set[str]:
    """The names that links give to a page's headings: lower case, hyphens for spaces, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_to_a_file_and_to_a_heading_in_it():
    links = to_headings = 0
    for page in pages():
        for link, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", page.read_text()):
            if "://" in link:
                continue
            links += 1
            target, name = page.parent / link if link else page, page.relative_to(ROOT)
            assert target.exists(), f"{name} links to {link}, which does not exist"
            if anchor:
                to_headings += 1
                assert anchor in anchors(target), f"{name} links to {link}#{anchor}, and there is no such heading"
    print(f"saw {links} links in {len(pages())} pages, {to_headings} of them to headings")
    assert links > to_headings > 0


def test_every_file_that_is_named_exists():
    tops = {path.name for path in ROOT.iterdir()}
    names = 0
    for page in pages():
        for name in re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text()):
            if name.split("/")[0] in tops and not name.startswith(MADE):
                names += 1
                assert (ROOT / name).exists(), f"{page.relative_to(ROOT)} names {name}, which does not exist"
    print(f"saw {names} files and folders")
    assert names


def test_every_recipe_that_is_named_exists():
    recipes = set(
        subprocess.run(["just", "--summary"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    )
    named = 0
    for page in pages():
        for recipe in re.findall(r"`just ([a-z][a-z-]*)", page.read_text()):
            named += 1
            assert recipe in recipes, f"{page.relative_to(ROOT)} names `just {recipe}`, which is not in the justfile"
    print(f"saw {named} recipes named, {len(recipes)} in the justfile")
    assert named


def test_the_screenshots_are_shown_and_small():
    # `just report-page --screenshots` makes them; they are the only things here that are made and kept.
    shown = set(re.findall(r"!\[[^\]]+\]\((docs/images/[^)]+)\)", (ROOT / "README.md").read_text()))
    kept = {str(path.relative_to(ROOT)): path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert shown and shown == set(kept)
    assert max(kept.values()) < 400_000
    print(f"saw {kept}")


def test_the_page_on_scale_is_what_its_script_prints_from_the_measured_figures():
    assert (ROOT / "docs/scale.md").read_text() == scale.page(), "run: just scale > docs/scale.md"


def test_the_reference_is_what_its_script_prints_from_the_program():
    assert (ROOT / "docs/reference.md").read_text() == reference.page(), "run: just reference > docs/reference.md"
