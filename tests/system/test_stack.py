"""The program by the real engine: what a second run, drift, a changed setting and a destroy do."""

import pytest

from tests.system.cloud import wait_for


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_second_preview_shows_no_change(system, name):
    result = system.stacks[name].preview()
    assert set(result.changes) == {"same"}, result.changes
    print(f"saw {result.changes['same']} resources unchanged in {name}")


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_refresh_finds_no_drift(system, name):
    result = system.stacks[name].refresh(preview_only=True)
    assert set(result.changes) == {"same"}, result.changes
    print(f"saw {result.changes['same']} resources without drift in {name}")


def test_drift_made_by_hand_is_found_and_mended(system, dev):
    dev.admin("s3").delete_public_access_block(Bucket=dev.bucket_b)
    assert set(system.stacks["dev"].refresh(preview_only=True).changes) - {"same"}
    system.stacks["dev"].up(refresh=True)
    block = dev.admin("s3").get_public_access_block(Bucket=dev.bucket_b)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(block, True) and len(block) == 4
    assert set(system.stacks["dev"].preview().changes) == {"same"}


def test_a_changed_setting_changes_the_function_and_nothing_else(system, dev):
    stack = system.stacks["dev"]
    functions = dev.admin("lambda")
    name = dev.outputs["functionName"]
    before = functions.get_function_configuration(FunctionName=name)["MemorySize"]
    stack.set_config("exif-ripper:memoryMb", str(before * 2))
    result = stack.up()
    assert result.changes["update"] == 1
    assert functions.get_function_configuration(FunctionName=name)["MemorySize"] == before * 2
    stack.set_config("exif-ripper:memoryMb", str(before))
    stack.up()
    assert functions.get_function_configuration(FunctionName=name)["MemorySize"] == before
    print(f"saw memory {before} -> {before * 2} -> {before} MB")


def test_the_stacks_differ_where_they_should(dev, prod):
    names = {stack.name: set(stack.outputs.values()) for stack in (dev, prod)}
    assert not names["dev"] & names["prod"]
    retention = {}
    for stack in (dev, prod):
        (group,) = stack.admin("logs").describe_log_groups(logGroupNamePrefix=stack.outputs["logGroup"])[
            "logGroups"
        ]
        retention[stack.name] = group["retentionInDays"]
    assert retention == {"dev": 7, "prod": 365}
    print(f"saw log retention {retention}")


def test_the_parameters_name_the_stacks_parts(dev, prod):
    for stack in (dev, prod):
        path = f"/exif-ripper/{stack.name}"
        found = stack.admin("ssm").get_parameters_by_path(Path=path, Recursive=True)["Parameters"]
        values = {parameter["Name"].removeprefix(path + "/"): parameter["Value"] for parameter in found}
        expected = ("bucketA", "bucketB", "functionName", "failuresQueueUrl")
        assert values == {name: stack.outputs[name] for name in expected}
    print(f"saw {len(expected)} parameters in each stack")


def test_secret_keys_are_hidden_unless_asked_for(system, dev):
    hidden = system.stacks["dev"].outputs(show_secrets=False)
    assert hidden["userASecretAccessKey"] == hidden["userBSecretAccessKey"] == "[secret]"
    assert len(dev.outputs["userASecretAccessKey"]) == 40
    state = system.stacks["dev"].exported_state()
    for user in "AB":
        assert dev.outputs[f"user{user}SecretAccessKey"] not in state
    print(f"saw no secret key in a state of {len(state)} characters")


def test_prod_refuses_a_destroy_before_it_touches_anything(system):
    before = system.inventory()
    result = system.stacks["prod"].destroy(check=False)
    assert result.code != 0
    assert "protect" in result.output
    assert system.inventory() == before
    print(f"saw {len(before)} things in the account before and after")


def test_a_destroy_leaves_nothing_but_stops_at_photos_it_may_not_delete(system, sample):
    before = system.inventory()
    stack = system.deploy("passing", {"forceDestroy": False})
    deployed = system.deployed("passing")
    deployed.user_a.put_object(Bucket=deployed.bucket_a, Key="kept.jpg", Body=sample)
    wait_for(lambda: deployed.photo_in_b("kept.jpg"), "kept.jpg")
    made = system.inventory() - before

    assert stack.destroy(check=False).code != 0
    assert deployed.admin("s3").head_object(Bucket=deployed.bucket_a, Key="kept.jpg")["ContentLength"] == len(
        sample
    )

    system.deploy("passing", {"forceDestroy": True})
    stack.destroy()
    assert system.inventory() == before
    print(f"saw {len(made)} things made, photos kept by the first destroy, nothing left by the second")
