"""Fixtures of several of the local tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.local_aws import LocalAws
from local.pulumi_result import PulumiResult
from local.tests.project import Program, make_project, write_program


@pytest.fixture(scope="module")
def aws(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS for the module, with an empty program."""
    name = request.module.__name__.rsplit(".", 1)[-1].replace("_", "-")
    root = make_project(tmp_path_factory.mktemp(name), {"caller": {"type": "aws:iam:Group"}})
    with LocalAws(name, root) as aws:
        yield aws


@pytest.fixture
def run(aws: LocalAws) -> Iterator[Callable[..., PulumiResult]]:
    """Deploys a program, and destroys it after the test."""
    stack = aws.stack("dev")

    def run(resources: Program, check: bool = True, **more: Any) -> PulumiResult:
        write_program(aws.project, resources, **more)
        return stack.up(check=check)

    yield run
    stack.destroy()
