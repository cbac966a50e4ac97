"""The local AWS from the command line.

python -m local up              start it, deploy the dev stack, leave it running
python -m local down            stop it
python -m local demo [PHOTO..]  start one, deploy, send photos through, stop it
python -m local game-day [OUTAGE..]  start one, deploy, play outages, stop it
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local.environment import shell_exports
from local.game_day.command import game_day, outage_list
from local.local_aws import LocalAws, stop_leftovers
from local.machine import require_runnable
from local.paths import INSTANCES
from local.pulumi_result import PulumiResult
from local.sample_photos import sample_photos
from local.stack import Stack
from tools.build_zip import architecture
from tools.config import setting
from tools.errors import ToolError
from tools.paths import ROOT, zip_of
from tools.progress import step

_ENV = INSTANCES / "env"
_OUTPUTS = INSTANCES / "dev.json"
# What `just demo` leaves: a page that shows photos before and after.
_REPORT = INSTANCES.parent / "demo.html"


def up() -> None:
    """Starts the local AWS if it is not running, deploys the dev stack, and leaves it running."""
    _require_zip()
    stop_leftovers()
    aws = LocalAws("dev")
    # Without the file an earlier `up` did not finish: start from nothing.
    started = not (_ENV.exists() and aws.emulator.is_alive())
    if started:
        with step("Starting the local AWS"):
            aws.start()
    else:
        sys.stderr.write("The local AWS is already running; deploying what has changed\n")
        aws.resume()
    _ENV.unlink(missing_ok=True)
    try:
        dev = aws.stack("dev")
        _deploy(dev)
        # The outputs hold the users' secret keys.
        _write(_OUTPUTS, json.dumps(dev.outputs(), indent=2) + "\n")
        # A `pulumi up` in that shell must not write this state's salt into the user's Pulumi.dev.yaml.
        config = {"PULUMI_OPTION_CONFIG_FILE": str(aws.project / "Pulumi.dev.yaml")}
        _write(_ENV, shell_exports({**aws.settings(), **config}))
    except BaseException:
        if started:
            _stop(aws)
        raise
    finally:
        aws.leave()
    sys.stderr.write(
        f"The local AWS answers at {aws.emulator.endpoint}. Next:\n"
        f"  source {_ENV.relative_to(ROOT)}     this shell then works with it as its administrator\n"
        f"  just local-stop             stops it\n"
    )


def down() -> None:
    """Stops the local AWS, whatever state it is in."""
    stop_leftovers()
    aws = LocalAws("dev")
    if not aws.folder.exists():
        sys.stderr.write("The local AWS is not running\n")
        return
    aws.resume()
    with step("Stopping the local AWS"):
        _stop(aws)


def demo(photos: list[str]) -> int:
    """Shows the whole system working on a local AWS of its own. Returns the exit code of `ripper smoke`."""
    _require_zip()
    files = [Path(photo).absolute() for photo in photos]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise ToolError(f"there is no file {missing[0]}")
    stop_leftovers()
    aws = LocalAws(f"demo-{os.getpid()}")
    try:
        with step("Starting the local AWS"):
            aws.start()
        _deploy(aws.stack("dev"))
        environment = aws.environment()
        ripper = shutil.which("ripper", path=environment["PATH"])
        if ripper is None:
            raise ToolError("ripper is not built; build it with: cargo build --package ripper")
        # In the copy of the project, so that the checkout is not changed.
        command = [ripper, "smoke", "--stack", "dev", *map(str, files)]
        code = subprocess.run(command, cwd=aws.project, env=environment).returncode
        return code or _report(aws, ripper, files)
    finally:
        with step("Stopping the local AWS"):
            aws.stop()


def _report(aws: LocalAws, ripper: str, files: list[Path]) -> int:
    """Sends the photos through once more, and shows them before and after on a page, with where they are."""
    outputs = aws.stack("dev").outputs()
    photos = {f"{number}-{file.name}": file.read_bytes() for number, file in enumerate(files, 1)} or sample_photos()
    prefix = setting("dev", "keyPrefix") or ""
    folder = aws.project / "photos"
    folder.mkdir()
    try:
        for name, photo in photos.items():
            file = name if name.lower().endswith((".jpg", ".jpeg")) else f"{name}.jpg"
            (folder / file).write_bytes(photo)
            aws.client("s3").put_object(Bucket=outputs["bucketA"], Key=f"{prefix}{file}", Body=photo)
        _wait_for(aws, outputs["bucketB"], len(photos))
    except (BotoCoreError, ClientError) as error:
        aws.emulator.require_alive()
        raise ToolError(f"the photos could not be sent through for the page: {error}") from None
    _REPORT.parent.mkdir(parents=True, exist_ok=True)
    command = [ripper, "report", folder.name, "-o", str(_REPORT), "--stack", "dev"]
    return subprocess.run(command, cwd=aws.project, env=aws.environment()).returncode


def _wait_for(aws: LocalAws, bucket: str, count: int) -> None:
    """Waits until so many photos are in a bucket, or some seconds: the page says how many there are."""
    for _ in range(50):
        if aws.client("s3").list_objects_v2(Bucket=bucket).get("KeyCount", 0) >= count:
            return
        time.sleep(0.2)


def _deploy(stack: Stack) -> None:
    with step(f"Deploying the {stack.name} stack with Pulumi"):
        result: PulumiResult = stack.up()
    summary = ", ".join(f"{count} {operation}" for operation, count in sorted(result.changes.items()))
    sys.stderr.write(f"  resources: {summary}\n")


def _stop(aws: LocalAws) -> None:
    for file in (_ENV, _OUTPUTS):
        file.unlink(missing_ok=True)
    aws.stop()


def _require_zip() -> None:
    require_runnable("dev")
    zipped = zip_of(architecture("dev"))
    if not (ROOT / zipped).is_file():
        raise ToolError(f"there is no {zipped}; build it with: just build")


def _write(file: Path, text: str) -> None:
    """Writes a file that only its owner can read, completely or not at all."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600, exist_ok=False)
    new.write_text(text)
    new.replace(file)


def _terminate(number: int, _: FrameType | None) -> None:
    # As an exception, so that everything that was started is stopped on the way out.
    raise SystemExit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description="AWS on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start it, deploy the dev stack, leave it running")
    commands.add_parser("down", help="stop it")
    demo_parser = commands.add_parser("demo", help="start one, deploy, send photos through, stop it")
    demo_parser.add_argument("photo", nargs="*", help="a photo to send; by default the project's own samples")
    game_day_parser = commands.add_parser(
        "game-day",
        help="start one, deploy, play outages, stop it",
        description="Plays outages on a local AWS of its own. For each: the alarms that fire (computed, as the "
        "emulator evaluates none), where the runbook says what to do, how long until bucket B is right again, and what "
        "was lost.",
        epilog=f"outages:\n{outage_list()}\n\n"
        "exit codes: 0 all as expected, 1 it could not run, 3 an outage had other alarms or lost a photo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    game_day_parser.add_argument(
        "outage", nargs="*", help="an outage to play; by default all, which takes four minutes"
    )
    game_day_parser.add_argument("--json", action="store_true", help="print JSON lines")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    try:
        match arguments.command:
            case "up":
                up()
            case "down":
                down()
            case "demo":
                return demo(arguments.photo)
            case "game-day":
                _require_zip()
                return game_day(arguments.outage, arguments.json)
    except ToolError as failure:
        sys.stderr.write(f"local: {failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
