"""The emulator has its own port, TLS and IAM, and leaves nothing when it stops."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import botocore.exceptions
import pytest

from local.emulator import ENV_MARKER, Emulator, processes_of
from local.environment import require_loopback
from local.local_aws import LocalAws, stop_leftovers
from local.lock import Lock
from local.paths import INSTANCES
from tools.errors import ToolError
from tools.paths import ROOT


@pytest.fixture
def emulator(tmp_path):
    emulator = Emulator(tmp_path / "instance", "eu-central-1")
    emulator.folder.mkdir()
    yield emulator
    emulator.stop()


def _child_that_ignores_sigterm(folder):
    """A process like a stray `bootstrap` of a function: in its own session, with the emulator's environment."""
    code = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        env={ENV_MARKER: str(folder)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout is not None
    child.stdout.readline()
    return child


def test_it_answers_over_tls_on_this_machine_only_and_stops(emulator):
    emulator.start()
    assert require_loopback(emulator.endpoint).startswith("https://127.0.0.1:")
    assert emulator.is_alive()
    with pytest.raises(OSError, match=r"(?i)certificate"):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(emulator.endpoint, timeout=5)
    emulator.stop()
    assert processes_of(emulator.folder) == []
    assert not (emulator.folder / "tmp").exists()
    with pytest.raises(ToolError, match="not running"):
        _ = emulator.endpoint


def test_it_takes_nothing_of_this_processs_environment(emulator, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("SECRET_OF_THE_USER", "hush")
    emulator.start()
    (pid,) = processes_of(emulator.folder)
    given = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"hush" not in given
    assert b"AWS_PROFILE" not in given


def test_a_stray_function_is_stopped_and_a_process_of_another_checkout_is_not(emulator, tmp_path):
    emulator.start()
    stray, other = _child_that_ignores_sigterm(emulator.folder), _child_that_ignores_sigterm(tmp_path / "instance-2")
    try:
        emulator.stop()
        assert stray.wait(timeout=5) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_two_run_at_the_same_time(emulator, tmp_path):
    second = Emulator(tmp_path / "second", "eu-central-1")
    second.folder.mkdir()
    try:
        emulator.start()
        second.start()
        assert emulator.endpoint != second.endpoint
        second.stop()
        assert emulator.is_alive()
    finally:
        second.stop()


def test_a_dead_one_is_reported_in_one_sentence(emulator):
    emulator.start()
    for pid in processes_of(emulator.folder):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ToolError) as dead:
        emulator.require_alive()
    assert "no longer answers" in str(dead.value)
    assert str(emulator.log) in str(dead.value)
    assert "\n" not in str(dead.value)


def test_one_that_cannot_start_says_why(emulator, monkeypatch):
    monkeypatch.setattr("local.emulator.VENV", emulator.folder / "no-venv")
    (emulator.folder / "no-venv" / "bin").mkdir(parents=True)
    broken = emulator.folder / "no-venv" / "bin" / "python"
    broken.write_text("#!/bin/sh\necho it broke >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match=r"did not start; its log .* ends with: it broke"):
        emulator.start()
    assert processes_of(emulator.folder) == []


def test_without_openssl_it_says_what_to_install(emulator, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolError, match="openssl is not on PATH"):
        emulator.start()


def test_a_user_may_do_only_what_a_policy_allows(aws):
    iam = aws.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    s3 = aws.client("s3", (key["AccessKeyId"], key["SecretAccessKey"]))
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        s3.list_buckets()


def test_only_one_command_can_lock_an_instance(tmp_path):
    lock = Lock(tmp_path / "instance")
    with pytest.raises(ToolError, match="another command is using"):
        Lock(tmp_path / "instance")
    lock.release()
    Lock(tmp_path / "instance").release()


def test_what_a_killed_run_left_is_stopped_and_a_live_one_is_not(aws):
    folder = INSTANCES / f"killed-{os.getpid()}"
    code = f"import os; from local.local_aws import LocalAws; LocalAws({folder.name!r}).start(); os._exit(9)"
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT)
    assert killed.returncode == 9
    left = processes_of(folder)
    assert left
    stop_leftovers()
    assert processes_of(folder) == []
    assert not folder.exists()
    assert aws.emulator.is_alive()
    print(f"saw {len(left)} processes of a killed run stopped")


def test_an_error_inside_stops_everything(tmp_path, aws):
    inside = LocalAws(f"inside-{os.getpid()}", aws.root)
    with pytest.raises(ZeroDivisionError), inside:
        assert inside.emulator.is_alive()
        _ = 1 / 0
    deadline = time.monotonic() + 5
    while processes_of(inside.folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(inside.folder) == []
    assert not inside.folder.exists()
