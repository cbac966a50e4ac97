"""The commands that the documentation shows: in blocks of shell code, and in the text."""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.program.program import ROOT

_FENCE = re.compile(r"^( *)```(\S*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# Right above a block that no test runs.
_MARKER = re.compile(r"^ *<!-- not run: ((?:needs|takes) [^>]+?) -->\n\Z", re.MULTILINE)
_INLINE = re.compile(r"`((?:just|ripper|cargo run|\.\.\.)\s[^`]+)`")


def pages() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


@dataclass(frozen=True)
class Block:
    """Shell code, and why it is not run, if it says so."""

    place: str
    code: str
    marker: str | None = None

    @property
    def commands(self) -> list[list[str]]:
        return commands(self.code)


def blocks(text: str, page: str) -> list[Block]:
    """The blocks of a page that are shell code."""
    found = []
    for fence in _FENCE.finditer(text):
        indent, language, body = fence.groups()
        if language not in ("sh", "bash", "console", "shell"):
            continue
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        if language == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        marker = _MARKER.search(text[: fence.start()])
        code = "\n".join(lines) + "\n"
        found.append(Block(_place(text, fence.start(), page), code, marker and marker[1]))
    return found


def inline(text: str, page: str) -> list[tuple[str, list[str]]]:
    """The commands of `just` and `ripper` in the text, each with where it is."""
    # Same length, so that places stay right.
    text = _FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence[0]), text)
    return [
        (_place(text, found.start(), page), as_ripper(command))
        for found in _INLINE.finditer(text)
        for command in commands(re.sub(r"\s+", " ", found[1]))
    ]


def commands(code: str) -> list[list[str]]:
    """The words of each command, without what the shell does with it: pipes, files for output, comments."""
    found: list[list[str]] = []
    for line in code.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>")
        lexer.whitespace_split = True
        words: list[str] = []
        redirected = False
        for word in [*lexer, ";"]:
            if set(word) <= set(";&|"):
                found += [words] if words else []
                words = []
            elif set(word) <= set("<>"):
                redirected = True
            elif redirected:
                redirected = False
            else:
                words.append(word)
    return found


def as_ripper(words: list[str]) -> list[str]:
    """The same command of an installed ripper: the README runs it by cargo, and then leaves that out."""
    if words[:2] == ["cargo", "run"] and "--" in words:
        return ["ripper", *words[words.index("--") + 1 :]]
    return ["ripper", *words[1:]] if words[0] == "..." else words


def _place(text: str, at: int, page: str) -> str:
    return f"{page}:{text.count(chr(10), 0, at) + 1}"
