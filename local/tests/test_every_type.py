"""Every type of the provider through its whole life, with the real engine on the emulator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.local_aws import LocalAws
from local.provider.registry import RESOURCES
from local.pulumi_result import PulumiResult
from local.tests.cases import CASES, VARIABLES, program
from local.tests.cases.case import Outputs
from local.tests.project import make_project, write_program
from tests.system.inventory import inventory

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@dataclass
class Life:
    """What each step of the program's life showed."""

    runs: dict[str, PulumiResult]
    shown: dict[str, Any]
    fixed: dict[str, Any]
    outputs: Outputs
    before: set[str]
    existing: set[str]
    after: set[str]


def _outputs(state: dict[str, Any]) -> Outputs:
    resources = state["deployment"]["resources"]
    return {r["urn"].rsplit("::", 1)[-1]: {**r.get("outputs", {}), "id": r.get("id")} for r in resources}


def _look(aws: LocalAws, outputs: Outputs) -> dict[str, Any]:
    return {case.name: case.look(aws.client, outputs) for case in CASES if case.look is not None}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Takes the program through its life once; the tests check what each step showed."""
    root = make_project(tmp_path_factory.mktemp("every-type"), program(changed=False), variables=VARIABLES)
    with LocalAws("every-type", root) as aws:
        stack, runs = aws.stack("dev"), {}
        before = inventory(aws.client)
        runs["up"] = stack.up()
        existing = inventory(aws.client)
        runs["preview"], runs["refresh"] = stack.preview(), stack.refresh()

        write_program(aws.project, program(changed=True), variables=VARIABLES)
        runs["change"] = stack.up()
        outputs = _outputs(stack.export())
        shown = _look(aws, outputs)
        runs["preview after the change"], runs["refresh after the change"] = stack.preview(), stack.refresh()

        for case in CASES:
            if case.by_hand is not None:
                case.by_hand(aws.client, outputs)
        runs["drift"], runs["fix"] = stack.refresh(), stack.up()
        fixed = _look(aws, _outputs(stack.export()))
        runs["preview after the fix"] = stack.preview()

        runs["destroy"] = stack.destroy()
        yield Life(runs, shown, fixed, outputs, before, existing, inventory(aws.client))


def test_the_program_has_every_type_of_the_provider():
    tried = {case.type.rsplit(":", 1)[-1] for case in CASES}
    assert tried == {token.rsplit(":", 1)[-1] for token in RESOURCES}
    print(f"saw {len(RESOURCES)} types")


def test_every_resource_is_created(life):
    assert {case.name: "create" for case in CASES}.items() <= life.runs["up"].steps.items()
    print(f"saw {dict(life.runs['up'].changes)}, {len(life.existing - life.before)} things in the account")


@pytest.mark.parametrize(
    "step",
    [
        "preview",
        "refresh",
        "preview after the change",
        "refresh after the change",
        "preview after the fix",
    ],
)
def test_nothing_changes_where_nothing_was_changed(life, step):
    run = life.runs[step]
    assert run.changed == 0, run.differences
    assert run.changes["same"] >= len(CASES)


@by_name
def test_a_changed_input_changes_the_emulator(life, case):
    if case.change is None:
        assert case.name not in life.runs["change"].steps
        return
    assert life.runs["change"].steps[case.name] == case.does
    assert life.shown[case.name] == case.shows
    print(f"saw {life.shown[case.name]}")


@by_name
def test_a_change_by_hand_is_found_and_fixed(life, case):
    if case.by_hand is None:
        assert case.name not in life.runs["drift"].steps
        return
    assert life.runs["drift"].steps[case.name] == ("delete" if case.gone else "update")
    assert life.runs["fix"].steps[case.name] == ("create" if case.gone else "update")
    assert life.fixed.get(case.name) == life.shown.get(case.name)
    print(f"saw {life.runs['drift'].differences.get(case.name)} found and fixed")


def test_destroy_leaves_nothing(life):
    assert life.runs["destroy"].changes["delete"] > len(CASES)
    assert life.after == life.before
    print(f"saw {len(life.existing)} things before and {len(life.after)} after")
