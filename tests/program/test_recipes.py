"""What the recipes of a deployment run, with their options: by running `just` with another program for Python."""

import os
import subprocess

from tests.program.program import ROOT


def ran(tmp_path, *arguments, fails_at=""):
    """The arguments that the recipe's programs get. One whose arguments begin with `fails_at` fails."""
    log, program = tmp_path / "log", tmp_path / "python"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\ncase "$*" in "{fails_at or "nothing"}"*) exit 1 ;; esac\n')
    program.chmod(0o755)
    log.write_text("")
    command = ["just", f"python={program}", *arguments]
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=dict(os.environ))
    return log.read_text().splitlines()


def test_a_deployment_is_checked_before_the_build_with_all_its_options(tmp_path):
    checked = ran(tmp_path, "up", "dev", "--any-account", "--yes", fails_at="-m deploy check")
    assert checked == ["-m deploy check dev --any-account --yes"]
    print(f"saw {checked}, and nothing after it")


def test_every_recipe_of_a_stack_passes_its_options_on(tmp_path):
    for recipe in ("init", "destroy", "status", "logs", "rollback", "test-alert"):
        options = [] if recipe == "test-alert" else ["--one", "two words"]
        assert ran(tmp_path, recipe, "dev", *options) == [" ".join(["-m deploy", recipe, "dev", *options])]
    assert ran(tmp_path, "creds", "dev", "a", "--write") == ["-m deploy creds dev a --write"]
    assert ran(tmp_path, "subscribe", "dev", "a@example.org") == ["-m deploy subscribe dev a@example.org"]
