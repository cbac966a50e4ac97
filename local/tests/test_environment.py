"""The environment of local commands has none of the user's variables that lead to an account."""

import os
import subprocess
from pathlib import Path

import pytest

from local import environment
from tools.errors import ToolError

USERS = {
    "AWS_PROFILE": "work",
    "AWS_SESSION_TOKEN": "token",
    "AWS_ENDPOINT_URL_S3": "https://elsewhere",
    "AWS_CA_BUNDLE": "/users/own.pem",
    "PULUMI_ACCESS_TOKEN": "pul-token",
    "PULUMI_BACKEND_URL": "s3://company-state",
    "PULUMI_CONFIG_PASSPHRASE_FILE": "/users/passphrase",
    "HTTPS_PROXY": "http://proxy:3128",
    "https_proxy": "http://proxy:3128",
    "SSL_CERT_FILE": "/users/own.pem",
    "REQUESTS_CA_BUNDLE": "/users/own.pem",
}


@pytest.fixture
def users_environment(monkeypatch):
    for name, value in USERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "kept")


@pytest.fixture
def settings():
    return environment.settings("https://127.0.0.1:4566", Path("/c/server.crt"), "eu-central-1", Path("/i n/it's"))


def test_nothing_of_the_users_accounts_is_left(users_environment, settings):
    made = environment.command_environment(settings, Path("/c/server.crt"))
    assert not [name for name, value in USERS.items() if made.get(name) == value]
    assert made["LANG"] == "kept"
    named = {name for name in made if name.startswith(("AWS_", "PULUMI_"))}
    assert named == set(settings)
    print(f"saw {len(USERS)} variables of the user removed and {len(settings)} of our own added")


def test_the_users_own_files_are_not_read(settings):
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert not Path(settings[name]).exists()
    assert settings["AWS_EC2_METADATA_DISABLED"] == "true"


@pytest.mark.parametrize(
    "endpoint", ["https://127.0.0.1:1", "https://localhost:1", "https://[::1]:1", "https://127.9.9.9:1"]
)
def test_an_endpoint_on_this_machine_is_accepted(endpoint):
    assert environment.require_loopback(endpoint) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "127.0.0.1:4566",
        "https://sts.amazonaws.com",
        "https://192.168.0.1",
        "https://0.0.0.0:4566",
        "https://127.0.0.1.example.com",
        "https://user@example.com#@127.0.0.1",
    ],
)
def test_any_other_endpoint_is_refused(endpoint):
    with pytest.raises(ToolError, match="not on this machine"):
        environment.require_loopback(endpoint)


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_file_for_a_shell_leaves_the_same(users_environment, settings, tmp_path, shell):
    file = tmp_path / "env"
    file.write_text(environment.shell_exports(settings))
    output = subprocess.run(
        [shell, "-euc", '. "$1"; env -0', shell, str(file)], capture_output=True, text=True, check=True
    )
    made = dict(line.split("=", 1) for line in output.stdout.split("\0") if line)
    assert {name: value for name, value in made.items() if name.startswith(("AWS_", "PULUMI_"))} == settings
    assert not {"HTTPS_PROXY", "https_proxy"} & made.keys()
    folders = made["PATH"].split(os.pathsep)
    assert "" not in folders
    assert folders[0].endswith("target/tools/provider")
    assert set(os.environ["PATH"].split(os.pathsep)) <= set(folders)
