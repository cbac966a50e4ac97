"""`just load`: runs `ripper load` on a stack; on the local AWS it also shows what the function and the emulator used.

The emulator's share includes the comparison of the buckets at the end, which downloads every copy.

python -m local.load --stack STACK [OPTION..]
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys

from local.environment import path
from local.local_aws import LocalAws
from local.usage import Usage, Used
from tools.errors import ToolError

_MIB = 1024 * 1024


def load(arguments: list[str], aws: LocalAws | None = None) -> int:
    """Runs `ripper load` with these arguments; returns its exit code. `aws` is the local AWS that it is about."""
    ripper = shutil.which("ripper", path=path(os.environ.get("PATH", os.defpath)))
    if ripper is None:
        raise ToolError("ripper is not built; build it with: cargo build --package ripper")
    command = [ripper, "load", *arguments]
    aws = aws or _local_aws_of_this_shell()
    if aws is None:
        os.execv(ripper, command)
    known = argparse.ArgumentParser(add_help=False)
    known.add_argument("--photos", type=int, default=1000)
    known.add_argument("--json", action="store_true")
    options, _ = known.parse_known_args(arguments)
    # Ctrl-C is for `ripper`, which then cleans up; this waits for it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Usage(aws.folder) as usage:
        process = subprocess.Popen(
            command,
            cwd=aws.project,
            env=aws.environment(),
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert process.stdout is not None
        used = None
        for line in process.stdout:
            # It prints once it has compared the buckets, and then deletes what it has sent.
            used = used or usage.so_far()
            print(line, end="", flush=True)
        process.wait()
    signal.signal(signal.SIGINT, before)
    if used is not None and "function" in used:
        print(_json(used, options.photos) if options.json else _text(used, options.photos))
    return process.returncode


def _local_aws_of_this_shell() -> LocalAws | None:
    """The one of `just local`, if the shell has sourced its variables."""
    aws = LocalAws("dev")
    try:
        return aws if aws.emulator.endpoint == os.environ.get("AWS_ENDPOINT_URL") else None
    except ToolError:
        return None


def _per_upload(used: Used, uploads: int) -> float:
    return used.cpu_seconds * 1000 / uploads


def _text(used: dict[str, Used], uploads: int) -> str:
    lines = []
    for name, one in used.items():
        processes = "1 process" if one.processes == 1 else f"each of {one.processes} processes"
        cpu, peak = _per_upload(one, uploads), one.peak_bytes / _MIB
        lines.append(f"{name}: {cpu:.1f} ms of CPU for each upload, at most {peak:.1f} MiB so far in {processes}")
    return "\n".join(lines)


def _json(used: dict[str, Used], uploads: int) -> str:
    return json.dumps(
        {
            name: {
                "cpuMsPerUpload": round(_per_upload(one, uploads), 1),
                "peakMiB": round(one.peak_bytes / _MIB, 1),
                "processes": one.processes,
            }
            for name, one in used.items()
        }
    )


if __name__ == "__main__":
    try:
        sys.exit(load(sys.argv[1:]))
    except ToolError as failure:
        sys.exit(f"load: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
