"""The commands in the documentation work: they are run, or say why not, and are known to the programs they are for."""

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.sample_photos import sample_photos
from tests.program.pages import Block, blocks, commands, inline, pages
from tests.program.program import ROOT

DEBUG = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "debug"
ENVIRONMENT = {**os.environ, "PATH": f"{DEBUG}:{os.environ['PATH']}"}
# These need nothing but photos.
LOCAL = ("scrub", "inspect", "verify", "report", "completions", "man")
PHOTO, FOLDER = re.compile(r".+\.jpe?g|PHOTO|FILE", re.IGNORECASE), "PHOTOS"


@pytest.fixture(scope="module", autouse=True)
def _built():
    assert (DEBUG / "ripper").exists(), "ripper is not built: cargo build --package ripper"


@pytest.fixture(scope="module")
def photo() -> bytes:
    return sample_photos()["DSC_0042"]


def all_blocks() -> list[Block]:
    return [block for page in pages() for block in blocks(page.read_text(), str(page.relative_to(ROOT)))]


def all_inline() -> list[tuple[str, list[str]]]:
    return [one for page in pages() for one in inline(page.read_text(), str(page.relative_to(ROOT)))]


def can_be_run(words: list[str]) -> bool:
    """Whether a command is complete and works in a folder of photos, without an account and at once."""
    if words[0] == "just":
        return words[1:] == ["--list"]
    if words[0] != "ripper" or len(words) < 2 or words[1] not in LOCAL:
        return words in (["ripper", "--version"], ["ripper", "--help"])
    return words[1] == "man" or len(words) > 2


def run(code: str, folder: Path, photo: bytes) -> subprocess.CompletedProcess[str]:
    """Runs shell code in a folder that has the photos it names. What it verifies has been scrubbed."""
    for words in commands(code):
        names = [word for word in words[2:] if PHOTO.fullmatch(word) or word == FOLDER]
        for name in names:
            path = folder / name / "photo.jpg" if name == FOLDER else folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(photo)
            if words[1] == "verify":
                clean = [DEBUG / "ripper", "scrub", name, "--out", "clean"]
                subprocess.run(clean, cwd=folder, check=True, capture_output=True)
                (folder / "clean" / name).replace(path)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True
    )


def problem(words: list[str], whole: bool) -> str | None:
    """Why the program would not accept a command of `just` or `ripper`. In the text, arguments may be left out."""
    if words[0] == "ripper":
        return _problem_of_ripper(words[1:], whole)
    recipe, given = words[1], words[2:]
    if recipe.startswith("-"):
        return None
    if not given and not whole:
        shown = subprocess.run(["just", "--show", recipe], cwd=ROOT, capture_output=True, text=True)
        return shown.stderr if shown.returncode else None
    tried = subprocess.run(["just", "--dry-run", recipe, *given], cwd=ROOT, capture_output=True, text=True)
    if tried.returncode:
        return tried.stderr
    # The recipe's own line comes after those of the recipes that it needs.
    tools = re.findall(
        r"/debug/(ripper) (\w+)|python -m (local\.load|local|deploy)\b(?: ([a-z][a-z-]*))?", tried.stderr
    )
    if not tools or not _flags(given):
        return None
    ripper, command, module, subcommand = tools[-1]
    if ripper:
        return _problem_of_ripper([command, "--stack", *given], whole)
    help_text = _help(sys.executable, "-m", module, *([subcommand] if subcommand else []))
    # Such as Pulumi's.
    return None if "other options are passed on" in help_text else _unknown_flag(given, help_text)


def _problem_of_ripper(arguments: list[str], whole: bool) -> str | None:
    command = [] if arguments[0].startswith("-") else arguments[:1]
    tried = [str(DEBUG / "ripper"), *(arguments if whole else command), "--help"]
    # Clap checks what comes before --help, and does nothing else.
    answer = subprocess.run(tried, capture_output=True, text=True)
    return answer.stderr if answer.returncode else _unknown_flag(arguments, answer.stdout)


def _flags(words: list[str]) -> list[str]:
    return [word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)]


def _unknown_flag(words: list[str], help_text: str) -> str | None:
    rows = re.findall(r"^ +(-\w)?,? *(--[\w-]+)?", help_text, re.MULTILINE)
    known = {flag for row in rows for flag in row}
    return next((f"there is no flag {flag}" for flag in _flags(words) if flag not in known), None)


@functools.cache
def _help(*command: str) -> str:
    return subprocess.run(
        [*command, "--help"], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    ).stdout


def test_every_block_of_shell_code_is_run_or_says_why_not(tmp_path, photo):
    ran = marked = 0
    for number, block in enumerate(all_blocks()):
        runnable = all(can_be_run(words) for words in block.commands)
        assert runnable or block.marker, (
            f"{block.place}: this cannot be run here; write right above it, with the reason: "
            "<!-- not run: needs an AWS account --> or <!-- not run: takes minutes -->"
        )
        assert not (runnable and block.marker), f"{block.place}: this can be run; remove the marker"
        marked += not runnable
        if runnable:
            ran += 1
            folder = tmp_path / str(number)
            folder.mkdir()
            result = run(block.code, folder, photo)
            assert result.returncode == 0, f"{block.place}: {result.stdout}{result.stderr}"
    print(f"saw {ran + marked} blocks: {ran} run, {marked} marked")
    assert ran
    assert marked


def test_every_whole_command_of_ripper_on_photos_in_the_text_works(tmp_path, photo):
    whole = [(place, words) for place, words in all_inline() if words[0] == "ripper" and can_be_run(words)]
    for number, (place, words) in enumerate(whole):
        folder = tmp_path / str(number)
        folder.mkdir()
        code = " ".join(words).replace("SHELL", "bash")
        result = run(code, folder, photo)
        assert result.returncode == 0, f"{place}: {code}: {result.stdout}{result.stderr}"
    print(f"saw {len(whole)} commands run: {[' '.join(words) for _, words in whole]}")
    assert len(whole) > 4


def test_just_and_ripper_know_every_command_that_is_shown_and_its_arguments():
    shown = [(block.place, words, True) for block in all_blocks() for words in block.commands]
    shown += [(place, words, False) for place, words in all_inline()]
    checked = [one for one in shown if one[1][0] in ("just", "ripper") and len(one[1]) > 1]
    for place, words, whole in checked:
        found = problem(words, whole)
        assert found is None, f"{place}: {' '.join(words)}: {found}"
    others = sorted({words[0] for _, words, _ in shown} - {"just", "ripper"})
    print(f"saw {len(checked)} commands of just and ripper, tried without running them; not tried: {', '.join(others)}")
    assert len(checked) > 100


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("just no-such-recipe dev", "does not contain recipe"),
        ("just smoke", "takes at least 1"),
        ("just outputs dev prod", "does not contain recipe `prod`"),
        ("just redrive dev --queue others", "invalid value 'others'"),
        ("just audit dev --fast", "unexpected argument '--fast'"),
        ("just rollback dev --to 3", "there is no flag --to"),
        ("ripper verify a.jpg --deep", "unexpected argument '--deep'"),
        ("ripper clean a.jpg", "unrecognized subcommand"),
    ],
)
def test_a_command_that_is_wrong_is_found(command, why):
    assert why in " ".join((problem(command.split(), whole=True) or "").split())


def test_a_command_that_fails_is_found(tmp_path, photo):
    assert run("ripper verify a.jpg && ripper inspect notes.txt", tmp_path, photo).returncode == 1


def test_a_flag_in_the_text_that_does_not_exist_is_found():
    (one,) = inline("Then\n`ripper audit\n--fast`.", "a.md")
    assert one == ("a.md:2", ["ripper", "audit", "--fast"])
    assert problem(one[1], whole=False) == "there is no flag --fast"


def test_a_marker_counts_only_right_above_its_block():
    marker, block = "<!-- not run: takes minutes -->\n", "```sh\njust a && ripper b > c  # d\n```\n"
    assert [one.marker for one in blocks(marker + block, "a.md")] == ["takes minutes"]
    assert [one.marker for one in blocks(marker + "\n" + block, "a.md")] == [None]
    (one,) = blocks("x\n\n  <!-- not run: needs a b -->\n" + re.sub("^(?=.)", "  ", block, flags=re.M), "a.md")
    assert one == Block("a.md:4", "just a && ripper b > c  # d\n", "needs a b")
    assert one.commands == [["just", "a"], ["ripper", "b"]]
