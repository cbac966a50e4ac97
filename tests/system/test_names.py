"""What is made says whose it is, and two copies of the project do not take each other's names."""

import shutil

import pytest

from deploy.settings import LONGEST_STACK
from tests.system.deployed import wait_for
from tests.system.inventory import inventory
from tools.paths import ROOT


@pytest.fixture
def copy(system):
    """Runs a recipe in another checkout of the project, for the same account, with a state of its own."""
    folder = system.aws.folder / "another-copy"
    (folder / "state").mkdir(parents=True)
    project = folder / "project"
    shutil.copytree(system.aws.project, project)
    (project / "Pulumi.dev.yaml").write_text((ROOT / "Pulumi.dev.yaml").read_text())

    def run(*arguments, settings=""):
        file = project / "Pulumi.dev.yaml"
        file.write_text(file.read_text() + settings)
        return system.deploy_command(*arguments, project=project, PULUMI_BACKEND_URL=f"file://{folder / 'state'}")

    yield run
    shutil.rmtree(folder)


def test_everything_that_is_made_names_its_project_and_its_stack(system):
    stack = system.deploy("named", {})
    made = {entry for entry in system.inventory() if "named" in entry}
    stack.destroy()
    others = system.inventory()
    resources = sum(1 for entry in made if "exif-ripper-named-" in entry or "/exif-ripper/named/" in entry)
    assert resources == len(made) > 40
    assert not [entry for entry in others if "named" in entry]
    print(f"saw {len(made)} things that name the stack, such as {sorted(made)[0]}")


def test_the_longest_stack_name_fits(system):
    name, before = "x" * LONGEST_STACK, system.inventory()
    stack = system.deploy(name, {})
    assert stack.preview().changed == 0
    longest = max(len(stack.outputs()[bucket]) for bucket in ("bucketA", "bucketB", "jobsBucket"))
    stack.destroy()
    assert system.inventory() == before
    assert longest == 63
    print(f"saw a bucket's name of {longest} characters")


def test_a_prefix_of_digits_is_the_prefix(system):
    stack = system.deploy("digits", {"keyPrefix": "12345678"})
    digits = system.deployed("digits")
    digits.user_a.put_object(Bucket=digits.bucket_a, Key="12345678/a.jpg", Body=digits.sample)
    wait_for(lambda: digits.photo_in_b("12345678/a.jpg"), "12345678/a.jpg")
    stack.destroy()


def test_another_copy_with_a_stack_of_the_same_name_is_told_before_anything_is_made(system, dev, copy):
    before = system.inventory()
    answer = copy("check", "dev")
    assert answer.returncode == 1
    assert f"belongs to another copy of the project, whose function is {dev.outputs['functionName']}" in answer.stderr
    assert system.inventory() == before
    print(f"saw {answer.stderr}")


def test_another_copy_that_shares_the_place_of_the_state_does_not_take_the_stack_over(system, dev, copy):
    shared = {"PULUMI_BACKEND_URL": system.environment["PULUMI_BACKEND_URL"]}
    project = system.aws.folder / "another-copy" / "project"
    answer = system.deploy_command("init", "dev", "--account", "000000000000", project=project, **shared)
    assert answer.returncode == 1 and "has a stack dev that this Pulumi.dev.yaml is not of" in answer.stderr


def test_another_copy_with_a_path_of_its_own_goes_up_beside_it(system, dev, copy):
    before = system.inventory()
    made = copy("init", "dev", "--account", "000000000000", settings="  exif-ripper:parameterPath: /another\n")
    assert made.returncode == 0, made.stderr
    assert copy("check", "dev").returncode == 0
    up = copy("up", "dev", "--yes", "--skip-preview")
    assert up.returncode == 0, up.stdout + up.stderr
    # A second deployment finds its own parameters there.
    assert copy("check", "dev").returncode == 0
    other = {entry["Name"] for entry in dev.client("ssm").describe_parameters()["Parameters"]}
    assert {"/another/dev/bucketA", "/exif-ripper/dev/bucketA"} <= other
    down = copy("destroy", "dev", "--confirm", "dev")
    assert down.returncode == 0, down.stderr
    assert inventory(system.aws.client) == before


def test_more_reserved_runs_than_the_account_has_are_refused(system, copy):
    limits = system.aws.client("lambda").get_account_settings()["AccountLimit"]
    free = limits["UnreservedConcurrentExecutions"] - 100
    answer = copy(
        "check", "dev", settings="  exif-ripper:parameterPath: /another\n  exif-ripper:reservedConcurrency: 9999\n"
    )
    assert answer.returncode == 1
    assert f"this account can reserve {free} more: of its {limits['ConcurrentExecutions']} runs" in answer.stderr
    print(f"saw {answer.stderr}")
