"""`just local`, `just local-stop` and `just demo` as they are typed, in folders for the tests."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time

import pytest

from local import __main__ as command_line
from local import local_aws
from local.emulator import Emulator, processes_of
from local.paths import INSTANCES
from tools.build_zip import architecture
from tools.errors import ToolError
from tools.paths import ROOT, zip_of

ZIP = zip_of(architecture("dev"))
needs_zip = pytest.mark.skipif(
    not (ROOT / ZIP).is_file(), reason=f"NO {ZIP}: the local AWS is not tested from the command line; run `just build`"
)


@pytest.fixture
def instances(monkeypatch):
    """A folder for instances other than the user's, whose local AWS may be running."""
    folder = INSTANCES / f"command-line-{os.getpid()}"
    monkeypatch.setattr(local_aws, "INSTANCES", folder)
    monkeypatch.setattr(command_line, "_ENV", folder / "env")
    monkeypatch.setattr(command_line, "_OUTPUTS", folder / "dev.json")
    yield folder
    command_line.down()
    assert processes_of(folder / "dev") == []
    shutil.rmtree(folder, ignore_errors=True)


@needs_zip
def test_up_leaves_it_running_for_a_shell_and_down_leaves_nothing(instances, capsys):
    config = (ROOT / "Pulumi.dev.yaml").read_bytes()
    command_line.up()
    outputs = json.loads((instances / "dev.json").read_text())
    assert stat.S_IMODE((instances / "dev.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((instances / "env").stat().st_mode) == 0o600

    # In the folder of the project, as a user would.
    def shell(command):
        script = f'. "{instances}/env"; {command}'
        return subprocess.run(["bash", "-euc", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert json.loads(shell("pulumi stack output --json --show-secrets --stack dev")) == outputs
    assert outputs["bucketA"] in shell("aws s3 ls")
    preview = shell("pulumi preview --stack dev --color never 2>&1")
    assert re.search(r"Resources:\s+\d+ unchanged", preview), preview
    assert (ROOT / "Pulumi.dev.yaml").read_bytes() == config

    # A second time: the same emulator, nothing changed.
    endpoint = Emulator(instances / "dev", "").endpoint
    command_line.up()
    assert Emulator(instances / "dev", "").endpoint == endpoint
    assert json.loads((instances / "dev.json").read_text()) == outputs
    assert "is already running; deploying what has changed" in capsys.readouterr().err

    # If its emulator has died, it starts from nothing.
    for pid in processes_of(instances / "dev"):
        os.kill(pid, signal.SIGKILL)
    command_line.up()
    assert json.loads((instances / "dev.json").read_text())["bucketA"] != outputs["bucketA"]

    command_line.down()
    assert processes_of(instances / "dev") == []
    assert not (instances / "dev").exists()
    assert not (instances / "env").exists()
    assert not (instances / "dev.json").exists()
    command_line.down()
    assert "not running" in capsys.readouterr().err


@needs_zip
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_interrupted_leaves_nothing(number):
    demo = subprocess.Popen(
        [sys.executable, "-m", "local", "demo"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    folder = INSTANCES / f"demo-{demo.pid}"
    deadline = time.monotonic() + 60
    # In the middle of the deployment.
    while not list((folder / "state").glob(".pulumi/locks/**/*.json")):
        assert demo.poll() is None and time.monotonic() < deadline, "the deployment did not begin"
        time.sleep(0.05)
    demo.send_signal(number)
    output = demo.communicate(timeout=60)[0]
    assert demo.returncode == 128 + number
    assert processes_of(folder) == []
    assert not folder.exists()
    assert "Stopping the local AWS" in output
    print(f"saw exit code {demo.returncode} and nothing left")


def test_a_photo_that_is_not_there_is_reported_before_anything_starts(monkeypatch):
    monkeypatch.setattr(command_line, "_require_zip", lambda: None)
    monkeypatch.setattr(local_aws.LocalAws, "start", lambda self: pytest.fail("it started"))
    with pytest.raises(ToolError, match=r"there is no file .*not-there\.jpg"):
        command_line.demo(["not-there.jpg"])


def test_a_missing_zip_is_reported_with_the_command_that_makes_it(monkeypatch, tmp_path):
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    for act in (command_line.up, lambda: command_line.demo([])):
        with pytest.raises(ToolError, match="build it with: just build"):
            act()
