"""The Pulumi command line: the one on PATH, or one built once from its Go modules into target/tools/bin.

The user's own pulumi is run and never changed.

python -m tools.pulumi_cli
"""

import os
import re
import shutil
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path

from tools.account_variables import without_account_variables
from tools.command_line import run
from tools.errors import ToolError
from tools.paths import PULUMI_BIN, ROOT
from tools.progress import step

_MODULE = ROOT / "tools" / "go"
_PROGRAMS = {
    "pulumi": "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "pulumi-language-yaml": "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
}
_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def ensure() -> None:
    """Makes sure that there is a `pulumi` with `pulumi-language-yaml`: on PATH or in target/tools/bin."""
    if _is_built():
        return
    if _installed_is_enough():
        # One that was built for an older go.mod must not be found first on PATH.
        for name in _PROGRAMS:
            (PULUMI_BIN / name).unlink(missing_ok=True)
        return
    if shutil.which("go") is None:
        raise ToolError(
            f"neither Pulumi {pinned()} or later nor Go is on PATH; install Go from https://go.dev/doc/install to "
            "build Pulumi, or Pulumi itself from https://www.pulumi.com/docs/install/"
        )
    PULUMI_BIN.mkdir(parents=True, exist_ok=True)
    with (PULUMI_BIN / "lock").open("w") as lock:
        # Two commands that start at the same time build it only once.
        flock(lock, LOCK_EX)
        if not _is_built():
            _build()


def pinned() -> str:
    """The version of Pulumi in go.mod, with which the project is tested."""
    match = re.search(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)", (_MODULE / "go.mod").read_text())
    if match is None:
        raise ToolError(f"{_MODULE / 'go.mod'} does not name a version of github.com/pulumi/pulumi/pkg/v3; restore it")
    return match[1]


def _installed_is_enough() -> bool:
    """Whether PATH has a pulumi with its YAML host, at least as new as the one the project is tested with."""
    pulumi = shutil.which("pulumi")
    if pulumi is None or shutil.which("pulumi-language-yaml") is None:
        return False
    answer = subprocess.run(
        [pulumi, "version"],
        env={**without_account_variables(os.environ), "PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
    )
    return answer.returncode == 0 and _numbers(answer.stdout) >= _numbers(pinned())


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"\s*v?(\d+)\.(\d+)\.(\d+)", version)
    return tuple(int(number) for number in match.groups()) if match else ()


def _stamp() -> Path:
    return PULUMI_BIN / "version"


def _is_built() -> bool:
    wanted = (_MODULE / "go.sum").read_text()
    stamp = _stamp()
    return stamp.is_file() and stamp.read_text() == wanted and all((PULUMI_BIN / name).is_file() for name in _PROGRAMS)


def _build() -> None:
    """Builds both programs, and writes the stamp last, so that a build that was interrupted is done again."""
    _stamp().unlink(missing_ok=True)
    # Mostly it waits for the local AWS, so it is built without optimisation, which takes a third less time, and without
    # debugging tables, which are a third of its size and cost time from the compiler and the linker.
    command = ["go", "build", "-mod=readonly", "-trimpath", "-gcflags=all=-N -l -dwarf=false"]
    command += ["-ldflags", f"-s -w -X {_VERSION}={pinned()}"]
    command += ["-o", f"{PULUMI_BIN}{os.sep}", *_PROGRAMS.values()]
    # Without cgo, like the official builds, and by this go.mod alone. The compiler spends a quarter of its time on
    # collecting garbage unless it may have more (233 CPU seconds against 294; 1.1 GB of memory at most).
    environment = {"GOGC": "400", **os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"}
    with step(f"Building Pulumi {pinned()} from its Go modules into target/tools/bin (some minutes, once)"):
        built = subprocess.run(command, cwd=_MODULE, env=environment, capture_output=True, text=True)
    if built.returncode != 0:
        output = built.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ToolError(
            f"Pulumi could not be built with {shutil.which('go')}, which said: {output[0]}; "
            "run `go build` in tools/go to see all"
        )
    _stamp().write_text((_MODULE / "go.sum").read_text())


if __name__ == "__main__":
    run("pulumi", ensure)
