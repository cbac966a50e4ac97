"""The recipes of the group `deploy` from the command line: python -m deploy COMMAND --help"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from deploy import alerts, logs, parameters
from deploy.account import ANY_ACCOUNT, check_account
from deploy.cloud import check_cloud
from deploy.credentials import creds
from deploy.destroy import destroy
from deploy.init import init
from deploy.keys import rotate
from deploy.pulumi import Pulumi
from deploy.rollback import rollback
from deploy.secrets import forget_secrets
from deploy.settings import check_settings
from deploy.state_bucket import make_state_bucket
from deploy.status import status
from tools.errors import ToolError

_ANY_HELP = "in whatever account the credentials are of"


class _Commands:
    """The commands of the parser, each with a function that runs it."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(self, name: str, what: str, run: Callable[[argparse.Namespace, Path], object]) -> argparse.ArgumentParser:
        added = self._parsers.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
        added.set_defaults(run=run)
        return added

    def add_for_stack(
        self, name: str, what: str, run: Callable[[argparse.Namespace, Path], object]
    ) -> argparse.ArgumentParser:
        """A command that only looks."""
        added = self.add(name, what, run)
        added.add_argument("stack", metavar="STACK", help="dev, prod, or another stack with a file Pulumi.STACK.yaml")
        return added

    def add_change(
        self, name: str, what: str, run: Callable[[argparse.Namespace, Path], object]
    ) -> argparse.ArgumentParser:
        """A command that changes something: only in the account that the stack's file names."""

        def run_there(given: argparse.Namespace, project: Path) -> object:
            check_account(given.stack, project, given.any_account)
            return run(given, project)

        added = self.add_for_stack(name, what, run_there)
        added.add_argument(ANY_ACCOUNT, action="store_true", help=_ANY_HELP)
        return added


def _check(given: argparse.Namespace, project: Path) -> None:
    check_settings(given.stack, project)
    check_account(given.stack, project, given.any_account)
    check_cloud(given.stack, project)


def _pulumi(given: argparse.Namespace, project: Path) -> int:
    return Pulumi(project, given.stack).run(given.command, *given.options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy", description="What the recipes do around Pulumi.")
    commands = _Commands(parser)

    bootstrap = commands.add(
        "state-bootstrap",
        "make a bucket for Pulumi's state and a key for its secrets; running it again changes nothing",
        lambda given, _: make_state_bucket(given.region),
    )
    bootstrap.add_argument("--region", help="where; by default the credentials' own region")

    made = commands.add(
        "init",
        "make a stack: its file with region and account, and its state; asks on a terminal for what is not given",
        lambda given, project: init(
            given.stack, project, given.region, given.account, given.alerts, given.secrets_provider
        ),
    )
    made.add_argument("stack", metavar="STACK", help="its name, such as dev, prod or staging")
    made.add_argument("--region", help="the AWS region, such as eu-central-1")
    made.add_argument("--account", help="the id of the only account that it may be deployed to, twelve digits")
    made.add_argument("--alerts", metavar="ADDRESS", help="who is told of alarms; not kept, but said again at the end")
    made.add_argument("--secrets-provider", metavar="URL", help="awskms://alias/NAME?region=REGION, or passphrase")

    checked = commands.add_for_stack("check", "say what would go wrong in a deployment, before a build", _check)
    checked.add_argument(ANY_ACCOUNT, action="store_true", help=_ANY_HELP)
    for name in ("up", "preview"):
        commands.add_change(name, f"run pulumi {name}; other options are passed on to it", _pulumi)

    down = commands.add_change(
        "destroy",
        "take a stack down, after showing what is in it; what may not be deleted is found before anything goes",
        lambda given, project: destroy(given.stack, project, given.confirm),
    )
    down.add_argument("--confirm", metavar="STACK", help="the stack's name again, instead of typing it")

    forgotten = commands.add_change(
        "forget-secrets",
        "give the state a new passphrase where the old one is lost; the users' secret keys in it are forgotten",
        lambda given, project: forget_secrets(given.stack, project, given.confirm),
    )
    forgotten.add_argument("--confirm", metavar="STACK", help="the stack's name again, instead of typing it")

    subscribe = commands.add_change(
        "subscribe",
        "add an address to those that are told of alarms",
        lambda given, project: alerts.subscribe(given.stack, project, given.address),
    )
    subscribe.add_argument("address", metavar="ADDRESS", help="an e-mail address, or one that starts with https://")
    commands.add_change(
        "test-alert",
        "set an alarm off, to see that it reaches somebody",
        lambda given, project: alerts.test_alert(given.stack, project),
    )
    _add_operating(commands)
    return parser


def _add_operating(commands: _Commands) -> None:
    """The commands for a stack that runs."""
    screen = commands.add_for_stack(
        "status",
        "show how a stack is on one screen: alarms, what waits, what came out, what is deployed",
        lambda given, project: status(given.stack, project, given.json),
    )
    screen.add_argument("--json", action="store_true", help="print it as JSON")

    log = commands.add_for_stack(
        "logs",
        "show the log, one line for each photo and for everything that is not as it should be",
        lambda given, project: logs.show(given.stack, project, given.since, given.follow, given.json),
    )
    log.add_argument("--follow", action="store_true", help="go on showing what is new, until Ctrl-C")
    log.add_argument("--since", default="1h", metavar="TIME", help="how far back, such as 15m, 2h or 3d (default: 1h)")
    log.add_argument("--json", action="store_true", help="print the lines as they are in the log")

    commands.add_for_stack(
        "params", "show the SSM parameters", lambda given, project: parameters.show(given.stack, project)
    )

    key = commands.add_for_stack(
        "creds",
        "print the access key of a user as an AWS profile, or write it into the file of AWS's tools",
        lambda given, project: creds(given.stack, project, given.user, given.profile, given.write),
    )
    key.add_argument("user", choices=("a", "b"), help="a uploads to bucket A, b reads bucket B")
    key.add_argument("--profile", metavar="NAME", help="the profile's name (default: exif-ripper-STACK-USER)")
    key.add_argument("--write", action="store_true", help="into ~/.aws/credentials or AWS_SHARED_CREDENTIALS_FILE")

    rotation = commands.add_change(
        "rotate-keys",
        "give a user a new access key beside the old one; with --finish the old one becomes inactive",
        lambda given, project: rotate(given.stack, project, given.user, given.finish, given.options),
    )
    rotation.add_argument("user", choices=("a", "b"), help="a uploads to bucket A, b reads bucket B")
    rotation.add_argument("--finish", action="store_true", help="make the old key inactive, when nobody uses it")

    back = commands.add_change(
        "rollback",
        "deploy the function's code of an earlier deployment again, without a build",
        lambda given, project: rollback(given.stack, project, given.version, given.options),
    )
    back.add_argument("--version", metavar="NUMBER", help="which one (default: the one before what runs now)")


def main() -> int:
    parser = _parser()
    given, options = parser.parse_known_args()
    # The recipe passes the options of `up` to `check` too.
    if options and given.command not in ("check", "up", "preview", "rotate-keys", "rollback"):
        parser.error(f"{given.command} does not know {' '.join(options)}")
    given.options = options
    try:
        project = Path.cwd()
        if not (project / "Pulumi.yaml").is_file():
            raise ToolError("there is no Pulumi.yaml in this folder; run it in the folder of the project")
        return int(given.run(given, project) or 0)
    except ToolError as failure:
        sys.stderr.write(f"{given.command}: {failure}\n")
        return 1
    except BrokenPipeError:
        # Whoever reads the output has seen enough. The stream is closed quietly at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        sys.stderr.write(f"{given.command}: {error.filename or 'the system'}: {error.strerror}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
