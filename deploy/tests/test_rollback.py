"""Which version a rollback takes."""

import pytest

from deploy.rollback import choose
from tools.errors import ToolError


class Lambda:
    """A function whose versions have these codes, the last of which runs."""

    def __init__(self, *codes):
        self.versions = [{"Version": str(number), "CodeSha256": code} for number, code in enumerate(codes, 1)]
        self.versions.append({"Version": "$LATEST", "CodeSha256": codes[-1]})

    def get_paginator(self, name):
        return self

    def paginate(self, **arguments):
        return [{"Versions": self.versions[index : index + 1]} for index in range(len(self.versions))]


@pytest.mark.parametrize(
    ("codes", "version"),
    [
        (["good", "bad"], "1"),
        # Two deployments of the same code, with other settings.
        (["good", "bad", "bad"], "1"),
        (["a", "b", "c"], "2"),
        # After a rollback from c to b: the code before b, and not c again.
        (["a", "b", "c", "b"], "1"),
    ],
)
def test_it_takes_the_code_that_came_before_the_one_that_runs(codes, version):
    assert choose(Lambda(*codes), "f", None)["Version"] == version


@pytest.mark.parametrize("codes", [["only"], ["good", "bad", "good"]])
def test_there_may_be_none(codes):
    with pytest.raises(ToolError, match="no code of f from before the one that runs"):
        choose(Lambda(*codes), "f", None)


def test_a_version_can_be_named():
    assert choose(Lambda("a", "b", "c"), "f", "1")["Version"] == "1"
    with pytest.raises(ToolError, match="there is no version 9; Lambda keeps 1, 2, 3"):
        choose(Lambda("a", "b", "c"), "f", "9")
