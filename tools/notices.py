"""Writes the licences of all that is linked into the function's zip.

python -m tools.notices STACK

The texts come from the sources of what is linked. A crate without one is an error, so none is left out silently.
"""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

from tools.build_zip import architecture, rust_target
from tools.command_line import run
from tools.errors import ToolError
from tools.linked import Crate, Linked, libjpeg_turbo, linked, rust, zig
from tools.paths import ROOT, zip_of

_LICENCE_FILE = re.compile(r"(un)?licen[cs]e|notice|copying|copyright", re.IGNORECASE)
# Crates without a licence text in their archive, and where to take the text from: a crate by the same authors under the
# same licence, or None for the Apache License 2.0, which is the same text for everybody.
_TEXT_OF = {
    "base64-simd": "outref",
    "vsimd": "outref",
    "turbojpeg-sys": "turbojpeg",
    "dispatch2": None,
    "http-serde": None,
    "lambda_runtime": None,
    "lambda_runtime_api_client": None,
}
# Crates under the MIT License alone whose archive names the authors but has no text; it differs by their names only.
_MIT_OF_AUTHORS = {"block2", "objc2", "objc2-encode"}
_HEAD = """\
{program} contains software by others. Their licences follow.

This software is based in part on the work of the Independent JPEG Group.
"""
_LINE = "=" * 100

# A licence text, and whose it is.
Notice = tuple[str, str]


def notices(crates: Linked) -> str:
    """The whole text for the function."""
    return notices_of("The Lambda function exif-ripper", crates, _zig())


def notices_of(program: str, crates: Linked, runtime: list[Notice]) -> str:
    """The whole text for a program: each licence once, below the names of all that it covers."""
    covers: dict[str, list[str]] = {}
    for crate in crates.crates:
        if not crate.is_ours:
            for text in _texts(crate, crates):
                covers.setdefault(text, []).append(str(crate))
    sections = [(", ".join(names), text) for text, names in covers.items()]
    sections += [*_libjpeg_turbo(crates), *runtime, _rust()]
    head = _HEAD.format(program=program)
    return head + "".join(f"\n{_LINE}\n{names}\n{_LINE}\n\n{text}\n" for names, text in sections)


def _texts(crate: Crate, crates: Linked) -> list[str]:
    found = sorted(file for file in crate.folder.iterdir() if file.is_file() and _LICENCE_FILE.match(file.name))
    if found:
        return [_read_text(file) for file in found]
    if crate.name in _MIT_OF_AUTHORS:
        return [_mit_of_authors(crate)]
    if crate.name not in _TEXT_OF:
        raise ToolError(f"{crate} has no licence text; find one, and say in tools/notices.py where it is")
    other = _TEXT_OF[crate.name]
    if other is None:
        if "Apache-2.0" not in crate.licence.split(" OR "):
            raise ToolError(f"{crate} is no longer under the Apache License 2.0; change tools/notices.py")
        return [_read_text(ROOT / "LICENSE-APACHE")]
    return _texts(crates.find(other), crates)


def _mit_of_authors(crate: Crate) -> str:
    if crate.licence != "MIT":
        raise ToolError(f"{crate} is no longer under the MIT License; change tools/notices.py")
    authors = tomllib.loads(_read_text(crate.folder / "Cargo.toml"))["package"]["authors"]
    return re.sub("^Copyright.*", f"Copyright (c) {', '.join(authors)}", _read_text(ROOT / "LICENSE-MIT"), flags=re.M)


def _libjpeg_turbo(crates: Linked) -> list[Notice]:
    folder, version = libjpeg_turbo(crates)
    name = f"libjpeg-turbo {version}"
    texts = [_read_text(folder / "LICENSE.md"), _read_text(folder / "README.ijg"), _vector_code(folder / "simd")]
    return [(name, text) for text in texts]


def _vector_code(folder: Path) -> str:
    """The zlib License of libjpeg-turbo's vector code, which is only in the heads of its files."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in {".asm", ".inc", ".S", ".c", ".h"}]
    owners = {found.strip() for file in files for found in re.findall(r"Copyright.*", _read_text(file))}
    head = _read_text(folder / "nasm" / "jsimdext.inc").split("\n\n")[0].replace(";", "")
    terms = head[head.index("This software is provided") :]
    return "\n".join(["The vector code:", *sorted(owners), "", *(line.strip() for line in terms.splitlines())])


def _zig() -> list[Notice]:
    folder, version = zig()
    return [
        (f"compiler-rt of Zig {version}", _read_text(folder / "LICENSE")),
        (f"LLVM's libunwind, as Zig {version} has it", _read_text(folder / "lib" / "libunwind" / "LICENSE.TXT")),
        (
            f"The start code of the GNU C Library, as Zig {version} has it",
            _read_text(folder / "lib/libc/glibc/LICENSES"),
        ),
    ]


def _rust() -> Notice:
    folder, version = rust()
    page = folder / "share" / "doc" / "rust" / "COPYRIGHT-library.html"
    text = _PageText()
    text.feed(_read_text(page))
    return f"The Rust Standard Library {version}", re.sub(r"\n\s*\n\s*\n+", "\n\n", text.text).strip()


class _PageText(HTMLParser):
    """The text of a page, without its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def _read_text(file: Path) -> str:
    if not file.is_file():
        raise ToolError(f"a licence text is missing: {file}")
    return file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip("\n")


def write_notices(stack: str) -> None:
    """Writes the file, beside the zip."""
    text = notices(linked(rust_target(stack)))
    file = zip_of(architecture(stack)).with_name("THIRD_PARTY_NOTICES.txt")
    (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
    (ROOT / file).write_text(text, encoding="utf-8")
    print(f"{file}: {len(text)} characters")


if __name__ == "__main__":
    run("notices", write_notices, "stack", "just notices dev")
