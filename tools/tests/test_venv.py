"""The Python environment is made once, and again when its packages change."""

import subprocess
import sys

from tools import venv
from tools.paths import ROOT


def test_the_tests_run_in_the_environment_that_was_made():
    assert venv.is_made()
    assert sys.prefix == str(venv.VENV)


def test_an_environment_that_was_interrupted_is_made_again(monkeypatch, tmp_path):
    monkeypatch.setattr(venv, "STAMP", tmp_path / "stamp")
    assert not venv.is_made()
    venv.STAMP.write_text(venv.fingerprint())
    assert venv.is_made()
    monkeypatch.setattr(venv, "REQUIREMENTS", tmp_path / "requirements.txt")
    venv.REQUIREMENTS.write_text("other==1\n")
    assert not venv.is_made()


def test_an_old_python_is_reported_in_one_sentence():
    code = "import sys; sys.version_info = (3, 8, 1); sys.path[0] = 'tools'; import venv; venv.main()"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == "tools: Python 3.11 or later is needed, and python3 is 3.8; put a newer one first on PATH\n"
