"""Fixtures of several of the local tests."""

from collections.abc import Iterator

import pytest

from local.local_aws import LocalAws
from local.tests.project import make_project


@pytest.fixture(scope="module")
def aws(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS for the module, with an empty program."""
    name = request.module.__name__.rsplit(".", 1)[-1].replace("_", "-")
    root = make_project(tmp_path_factory.mktemp(name), {"caller": {"type": "aws:iam:Group"}})
    with LocalAws(name, root) as aws:
        yield aws
