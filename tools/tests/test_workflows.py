"""The workflows run only code that is pinned, may do only what is written there, and hold no secret."""

import re

import pytest
import yaml

from tools.paths import ROOT

GITHUB = ROOT / ".github"
FILES = sorted([*GITHUB.glob("workflows/*.yml"), *GITHUB.glob("actions/*/action.yml")])
WORKFLOWS = [file for file in FILES if file.parent.name == "workflows"]


def name(file):
    return str(file.relative_to(GITHUB))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_action_of_others_is_pinned_to_a_commit_beside_its_version(file):
    for action in re.findall(r"uses: (.*)", file.read_text()):
        if action.startswith("./.github/"):
            assert (ROOT / action).exists(), action
        else:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_has_one_version_everywhere():
    pins = re.findall(r"uses: (\S+)@(\S+ # \S+)", "".join(file.read_text() for file in FILES))
    assert len(dict(pins)) == len(set(pins)) > 1


@pytest.mark.parametrize("file", WORKFLOWS, ids=name)
def test_a_workflow_starts_with_the_right_to_read_at_most_and_knows_no_secret(file):
    text = file.read_text()
    assert yaml.safe_load(text)["permissions"] in ({}, {"contents": "read"})
    assert "secrets" not in text
    assert not re.search(r"AKIA|arn:aws|\b\d{12}\b", text)


def test_no_deployment_is_cancelled_and_prod_follows_dev_which_follows_the_tests():
    jobs = yaml.safe_load((GITHUB / "workflows/deploy.yml").read_text())["jobs"]
    ups = {job: jobs[job] for job in jobs if jobs[job].get("with", {}).get("work") == "up"}
    assert ups.keys() == {"dev", "prod"}
    assert all(up["concurrency"]["cancel-in-progress"] is False for up in ups.values())
    assert len({up["concurrency"]["group"] for up in ups.values()}) == 2
    assert (ups["prod"]["needs"], ups["prod"]["with"]["environment"]) == ("dev", "prod")
    assert (ups["dev"]["needs"], jobs["ci"]["uses"]) == ("ci", "./.github/workflows/ci.yml")
