"""Finds phrases that are never right in this project's prose, comments and messages, and names the better one.

python -m tools.check_words

Only phrases without a right use are listed: a false alarm would teach people to pass over it. CONTRIBUTING.md has the
words to use; the rest is found by reading.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.paths import ROOT

# A regular expression, and what to say instead.
PHRASES = {
    r"\banew\b": "again, new",
    r"\bmade new\b": "new",
    r"\bsecond readers?\b": "verifier",
    r"\bthe rooms\b": "project layout",
    r"\bat the (most|least)\b(?! significant)": "at most, at least",
    r"\bwhat (becomes|became) of\b": "what happens to",
    r"\b(lies?|lay|lying) on (its|their) sides?\b": "has an orientation, is not upright, is sideways",
    r"\bstands? on (its|their) heads?\b": "is upside down",
    r"\bcomes? to lie\b": "ends up",
    r"\b(an?|one|escape|date|setting|photo|region) that (is|are) none\b": "is not a valid ..",
    r"\bis no (photo|JPEG|segment|marker|part|setting)\b": "is not a ..",
    r"\bso many (bytes|seconds|pixels|times|scans|days)\b": "N bytes, for example",
    r"\b(mend|mends|mended|mending)\b": "fix, repair",
    r"\bspeaks? (on|to) an? (topic|SNS)": "is published to",
    r"\bone behind the other\b": "one after the other, consecutive",
    r"\bbehind (EOI|SOI|the (end|length|marker|segment|scan|last|first|header|photo|picture|colon))": "after",
    r"\bin front of (EOI|SOI|the (marker|segment|scan|last|first|header|frame|data))": "before",
    r"\b(log|line|message|error|table|report|name)s? tells?\b": "says, reports",
    r"\b(turned?|turning) (without loss|losslessly|upright)\b": "rotate",
    r"\bpublishable\b": "clean",
    r"\bfinished (photo|file|profile|header)s?\b": "clean",
}

# These files name the words that are not used, or quote what was once said.
EXEMPT = {"tools/check_words.py", "tools/tests/test_check_words.py", "CHANGELOG.md", "CONTRIBUTING.md"}
PROSE = {".md", ".rs", ".py", ".yaml", ".yml", ".toml", ".mjs", ".in", ".just", ""}


@dataclass(frozen=True)
class Finding:
    """A phrase, where it is, and what to write."""

    file: str
    line: int
    phrase: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.phrase}”: write {self.instead}"


def find(file: str, text: str) -> list[Finding]:
    """Every phrase in a text that is never right, also where it runs over the end of a line or of a comment's line."""
    # Comment markers become spaces, so that offsets and line numbers stay.
    prose = re.sub(r"\n[ \t]*(//[/!]?|#)", lambda marker: "\n" + " " * (len(marker[0]) - 1), text)
    found = []
    for phrase, instead in PHRASES.items():
        for match in re.finditer(phrase.replace(" ", r"\s+"), prose, re.IGNORECASE):
            line = prose.count("\n", 0, match.start()) + 1
            found.append(Finding(file, line, " ".join(match[0].split()), instead))
    return sorted(found, key=lambda finding: finding.line)


def tracked_files() -> list[str]:
    """Every file of prose or code that git tracks, without licences."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = (Path(name) for name in listed.stdout.split("\0") if name)
    return [
        str(file)
        for file in files
        if file.suffix in PROSE and str(file) not in EXEMPT and not file.name.startswith("LICENSE")
    ]


def main() -> int:
    files = [file for file in tracked_files() if (ROOT / file).is_file()]
    found = [finding for file in files for finding in find(file, (ROOT / file).read_text())]
    for finding in found:
        print(finding, file=sys.stderr)
    print(f"words: {len(found)} phrases to change in {len(files)} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
