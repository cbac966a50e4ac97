"""What is linked into a program: its crates, and the C libraries and the runtime that come with them."""

import importlib.metadata
import importlib.util
import json
import re
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.errors import ToolError
from tools.paths import ROOT

FUNCTION = "exif-ripper"

# The linked crates that bring C or assembler code. Their licences have been looked at: ring's files name the origin of
# each part, and turbojpeg-sys holds libjpeg-turbo, which the SBOM and the notices list by itself. Of the others, which
# only ripper links, no C is compiled: it is a test of nix, a comparison of walkdir, a feature of signal-hook.
_KNOWN_NATIVE = {"ring", "turbojpeg-sys", "nix", "signal-hook", "walkdir"}
_NATIVE_SUFFIXES = {".c", ".cc", ".cpp", ".S", ".asm", ".o", ".a"}


@dataclass(frozen=True, order=True)
class Crate:
    """A crate that is linked into a program."""

    name: str
    version: str
    licence: str
    folder: Path
    # The SHA-256 of the crate's archive; crates of this workspace have none.
    checksum: str | None

    @property
    def is_ours(self) -> bool:
        return self.checksum is None

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Linked:
    """The crates, and which crate uses which; both are sorted."""

    crates: list[Crate]
    uses: dict[Crate, list[Crate]]

    def find(self, name: str) -> Crate:
        found = [crate for crate in self.crates if crate.name == name]
        if len(found) != 1:
            raise ToolError(f"{len(found)} crates named {name} are linked; one is expected")
        return found[0]


def linked(target: str, program: str = FUNCTION) -> Linked:
    """The crates that a program links for one of Rust's targets: no macros, build scripts or tests."""
    known = _packages(target)
    tree = ["tree", "--package", program, "--edges", "normal,no-proc-macro", "--target", target, "--prefix", "depth"]
    uses: dict[Crate, set[Crate]] = {}
    above: list[Crate] = []
    for line in _cargo([*tree, "--format", "{p}"]).splitlines():
        found = re.match(r"(\d+)(\S+) v(\S+)", line)
        if found is None:
            raise ToolError(f"cargo tree printed a line that is not understood: {line}")
        depth, crate = int(found[1]), known[found[2], found[3]]
        del above[depth:]
        if above:
            uses[above[-1]].add(crate)
        above.append(crate)
        uses.setdefault(crate, set())
    _require_known_native_code(uses)
    return Linked(sorted(uses), {crate: sorted(used) for crate, used in sorted(uses.items())})


def libjpeg_turbo(crates: Linked) -> tuple[Path, str]:
    """The folder with the source of libjpeg-turbo, and its version."""
    folder = crates.find("turbojpeg-sys").folder / "libjpeg-turbo"
    version = re.search(r"^set\(VERSION ([\d.]+)\)", (folder / "CMakeLists.txt").read_text(), re.MULTILINE)
    if version is None:
        raise ToolError(f"no version in {folder}/CMakeLists.txt")
    return folder, version[1]


def zig() -> tuple[Path, str]:
    """The folder of the Zig that links the function, and its version."""
    package = importlib.util.find_spec("ziglang")
    if package is None or package.origin is None:
        raise ToolError("the Python package ziglang is not installed; run this with the project's own Python")
    return Path(package.origin).parent, importlib.metadata.version("ziglang")


def rust() -> tuple[Path, str]:
    """The folder of the Rust that compiles the function, and its version."""
    folder, version = (_output(["rustc", *question]) for question in (["--print", "sysroot"], ["--version"]))
    return Path(folder), version.split()[1]


def _packages(target: str) -> dict[tuple[str, str], Crate]:
    """All packages by name and version, as cargo and the lock file describe them."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(package["name"], package["version"]): package.get("checksum") for package in lock}
    packages = {}
    for package in json.loads(_cargo(["metadata", "--format-version", "1", "--filter-platform", target]))["packages"]:
        key = package["name"], package["version"]
        folder = Path(package["manifest_path"]).parent
        # Some crates still write "MIT/Apache-2.0", which means the same.
        licence = re.sub(r" ?/ ?", " OR ", package["license"] or "")
        packages[key] = Crate(*key, licence, folder, checksums[key])
    return packages


def _require_known_native_code(crates: Iterable[Crate]) -> None:
    """Checks that no crate brings native code that nobody has looked at: its licence could be missing."""
    for crate in crates:
        if crate.is_ours or crate.name in _KNOWN_NATIVE:
            continue
        if any(file.suffix in _NATIVE_SUFFIXES for file in crate.folder.rglob("*")):
            raise ToolError(f"{crate} holds native code: find out under which licence, then name it in tools/linked.py")


def _cargo(arguments: list[str]) -> str:
    return _output(["cargo", *arguments, "--locked"])


def _output(command: list[str]) -> str:
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if asked.returncode != 0:
        raise ToolError(f"{' '.join(command)} failed: {asked.stderr.strip()}")
    return asked.stdout.strip()
