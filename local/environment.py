"""The environment of every local command: without the user's variables that lead to a real account, and with our own.

A machine may have AWS_PROFILE, a proxy or a certificate bundle set. All of them are removed, so that no setting can
lead a local command to a real account.
"""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from local.paths import PROVIDER_BIN, RIPPER_BIN
from tools.account_variables import SERVER_VARIABLES, without_account_variables
from tools.errors import ToolError
from tools.paths import PULUMI_BIN, VENV

# The emulator takes this key for the account's administrator, with any secret.
ADMINISTRATOR = ("test", "test")


def require_loopback(endpoint: str) -> str:
    """The endpoint, if it is on the loopback interface; a failure if it is anything else."""
    host = urlsplit(endpoint).hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ToolError(f"the endpoint {endpoint or '(none)'} is not on this machine; the local AWS uses no other")
    return endpoint


def settings(endpoint: str, certificate: Path, region: str, folder: Path) -> dict[str, str]:
    """The variables that a local command gets instead: the emulator, its administrator's key, its own Pulumi state.

    `folder` is the instance's; none of the user's files is read or written.
    """
    nowhere = str(folder / "no-such-file")
    return {
        "AWS_ENDPOINT_URL": require_loopback(endpoint),
        "AWS_CA_BUNDLE": str(certificate),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": ADMINISTRATOR[0],
        "AWS_SECRET_ACCESS_KEY": ADMINISTRATOR[1],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_HOME": str(folder / "home"),
        # Encrypts only the local state, which is deleted with the emulator.
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def path(user: str) -> str:
    """The user's PATH with the provider, Pulumi and `ripper` before it, and the Python tools after it, so that what the
    user has installed is preferred to them.
    """
    return os.pathsep.join([str(PROVIDER_BIN), str(PULUMI_BIN), str(RIPPER_BIN), user, str(VENV / "bin")])


def command_environment(local: Mapping[str, str], certificate: Path) -> dict[str, str]:
    """The whole environment of a child process: this one without the account variables, and with our own."""
    return {
        **without_account_variables(os.environ),
        **local,
        "SSL_CERT_FILE": str(certificate),
        "PATH": path(os.environ.get("PATH", os.defpath)),
    }


def shell_exports(local: Mapping[str, str]) -> str:
    """The same as a file that bash, zsh or sh reads with `source`.

    SSL_CERT_FILE stays the user's: their shell still connects to other servers.
    """
    proxies = " ".join(sorted(name for name in SERVER_VARIABLES if name.endswith("_PROXY")))
    lines = [
        "# The administrator of the local AWS; made by `just local`. Use a separate shell: it forgets your account.",
        "for name in $(env | sed -n 's/^\\(AWS_[A-Za-z0-9_]*\\)=.*/\\1/p; s/^\\(PULUMI_[A-Za-z0-9_]*\\)=.*/\\1/p'); do",
        '    unset "$name"',
        "done",
        f"unset name {proxies} {proxies.lower()}",
        *(f"export {name}={_quoted(value)}" for name, value in local.items()),
        f'export PATH="{path("$PATH")}"',
    ]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
