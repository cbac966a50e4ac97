"""The program with the real engine: a second run, drift, a changed setting and a destroy."""

import json

import pytest


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_second_preview_shows_no_change(system, name):
    run = system.stacks[name].preview()
    assert run.changed == 0, run.differences
    print(f"saw {run.changes['same']} resources unchanged in {name}")


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_refresh_finds_no_drift(system, name):
    run = system.stacks[name].refresh()
    assert run.changed == 0, run.differences
    print(f"saw {run.changes['same']} resources without drift in {name}")


def test_drift_made_by_hand_is_found_and_fixed(system, dev):
    s3, stack = dev.client("s3"), system.stacks["dev"]
    s3.delete_public_access_block(Bucket=dev.bucket_b)
    found = stack.refresh()
    assert list(found.steps) == ["bucketBPublicAccess"]
    assert list(stack.up().steps) == ["bucketBPublicAccess"]
    block = s3.get_public_access_block(Bucket=dev.bucket_b)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(block, True)
    assert len(block) == 4
    assert stack.preview().changed == 0
    print(f"saw the drift {found.steps} found and fixed")


def test_a_changed_setting_changes_what_shows_it_and_nothing_else(system, dev):
    stack, functions, name = system.stacks["dev"], dev.client("lambda"), dev.outputs["functionName"]
    before = functions.get_function_configuration(FunctionName=name)["MemorySize"]
    for memory in (before * 2, before):
        stack.set("exif-ripper:memoryMb", str(memory))
        # The dashboard draws the memory's limit.
        assert stack.up().steps == {"ripper": "update", "dashboard": "update"}
        assert functions.get_function_configuration(FunctionName=name)["MemorySize"] == memory
    print(f"saw memory {before} -> {before * 2} -> {before} MiB")


def test_the_stacks_differ_where_they_should(dev, prod):
    names = {stack.name: set(stack.outputs.values()) for stack in (dev, prod)}
    assert not names["dev"] & names["prod"]
    retention = {}
    for stack in (dev, prod):
        (group,) = stack.client("logs").describe_log_groups(logGroupNamePrefix=stack.outputs["logGroup"])["logGroups"]
        retention[stack.name] = group["retentionInDays"]
    assert retention == {"dev": 7, "prod": 365}
    print(f"saw log retention {retention}")


def test_the_parameters_name_the_parts_of_the_stack(dev, prod):
    for stack in (dev, prod):
        path = f"/exif-ripper/{stack.name}"
        found = stack.client("ssm").get_parameters_by_path(Path=path, Recursive=True)["Parameters"]
        values = {parameter["Name"].removeprefix(path + "/"): parameter["Value"] for parameter in found}
        expected = ("bucketA", "bucketB", "functionName", "failuresQueueUrl", "refusalsQueueUrl")
        assert values == {name: stack.outputs[name] for name in expected}
    print(f"saw {len(expected)} parameters in each stack")


def test_secret_keys_are_in_the_state_only_encrypted(system, dev):
    state = json.dumps(system.stacks["dev"].export())
    for user in "AB":
        secret = dev.outputs[f"user{user}SecretAccessKey"]
        assert len(secret) >= 40
        assert secret not in state
    print(f"saw no secret key in a state of {len(state)} characters")
