"""What to do when a state or a passphrase is lost, and who may deploy: as docs/deploying.md says."""

import json
import re

import pytest

from tests.system.deployed import wait_for
from tools.paths import ROOT

POLICY = re.search(r"```json\n(.*?)```", (ROOT / "docs/deploying.md").read_text(), re.DOTALL)[1]

# Of these the emulator does not see the resource that AWS sees ("Service Authorization Reference").
EMULATOR_ASKS_FOR_ALL = [
    "cloudwatch:GetDashboard",
    "cloudwatch:DeleteDashboards",
    "cloudwatch:PutDashboard",
    "cloudwatch:ListTagsForResource",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DescribeAlarms",
    "lambda:CreateFunction",
    "sns:ListTagsForResource",
    "ssm:GetParametersByPath",
    "ssm:ListTagsForResource",
]


def run(system, *arguments, **variables):
    answer = system.deploy_command(*arguments, **variables)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_a_stack_whose_passphrase_is_lost_gets_new_keys(system):
    system.deploy("lost", {})
    lost, new = system.deployed("lost"), {"PULUMI_CONFIG_PASSPHRASE": "new"}
    right = system.deploy_command("forget-secrets", "lost", "--confirm", "lost")
    assert right.returncode == 1 and "the passphrase of lost is right" in right.stderr
    refused = system.deploy_command("up", "lost", "--yes", **new)
    assert refused.returncode != 0 and "incorrect passphrase" in refused.stdout + refused.stderr

    asked = system.deploy_command("forget-secrets", "lost", **new)
    assert asked.returncode == 1 and "--confirm lost" in asked.stderr, asked.stderr
    kept = system.aws.project / "lost-before-forget-secrets.json"
    assert not kept.exists()
    said = run(system, "forget-secrets", "lost", "--confirm", "lost", **new)
    assert '"ciphertext"' in kept.read_text() and kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    assert re.search(r"^\d+ secrets of lost are forgotten", said)
    # AWS still works with the old keys, and nothing but the keys changes.
    lost.user_a.put_object(Bucket=lost.bucket_a, Key="old-key.jpg", Body=lost.sample)
    run(system, "rotate-keys", "lost", "a", "--yes", "--skip-preview", **new)
    profile = run(system, "creds", "lost", "a", **new)
    key = [re.search(rf"{name} = (\S+)", profile)[1] for name in ("aws_access_key_id", "aws_secret_access_key")]
    lost.client("s3", tuple(key)).put_object(Bucket=lost.bucket_a, Key="new-key.jpg", Body=lost.sample)
    wait_for(lambda: lost.photo_in_b("new-key.jpg"), "new-key.jpg")
    assert "forgotten" in run(system, "creds", "lost", "b", **new)
    run(system, "destroy", "lost", "--confirm", "lost", **new)
    (system.aws.project / "Pulumi.lost.yaml").unlink()
    del system.stacks["lost"]


def test_a_state_that_is_lost_comes_back_from_the_versions_of_its_bucket(system):
    first = run(system, "state-bootstrap", "--region", "eu-central-1")
    (bucket,) = re.findall(r"s3://([^?]+)", first)
    host = system.aws.emulator.endpoint.removeprefix("https://")
    login = {"PULUMI_BACKEND_URL": f"s3://{bucket}?region=eu-central-1&endpoint={host}&s3ForcePathStyle=true"}
    run(system, "init", "stateless", "--region", "eu-central-1", "--account", "000000000000", **login)
    run(system, "up", "stateless", "--yes", "--skip-preview", **login)
    before = system.inventory()
    s3, key = system.aws.client("s3"), ".pulumi/stacks/exif-ripper/stateless.json"
    s3.delete_object(Bucket=bucket, Key=key)
    lost = system.deploy_command("status", "stateless", **login)
    assert lost.returncode == 1 and "no stack named" in lost.stderr, lost.stderr

    versions = s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    source = {"Bucket": bucket, "Key": key, "VersionId": versions[0]["VersionId"]}
    s3.copy_object(Bucket=bucket, Key=key, CopySource=source)
    assert "function  " in run(system, "status", "stateless", **login)
    assert system.inventory() == before
    run(system, "destroy", "stateless", "--confirm", "stateless", "--any-account", **login)
    print(f"saw {len(versions)} versions of the state, and the stack whole after one was put back")


@pytest.fixture(scope="module")
def deployer(system):
    """An access key of somebody with the deployer's policy, or with all but one of its statements."""
    iam = system.aws.client("iam")
    iam.create_user(UserName="deployer")
    key = iam.create_access_key(UserName="deployer")["AccessKey"]

    def allow(stack, without=None):
        names = {"ACCOUNT": "000000000000", "REGION": "eu-central-1", "STACK": stack}
        document = json.loads(re.sub(r"\b(ACCOUNT|REGION|STACK)\b", lambda word: names[word[0]], POLICY))
        document["Statement"] = [one for one in document["Statement"] if one["Sid"] != without]
        # The emulator leaves out the path of a new user or group.
        for one in document["Statement"]:
            if one["Sid"] == "RolesUsersAndGroups":
                one["Resource"] += [name.replace("/exif-ripper/", "/") for name in one["Resource"]]
        document["Statement"].append({"Effect": "Allow", "Action": EMULATOR_ASKS_FOR_ALL, "Resource": "*"})
        iam.put_user_policy(UserName="deployer", PolicyName="deployer", PolicyDocument=json.dumps(document))
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    return allow


def test_a_stack_goes_up_changes_and_goes_down_with_the_deployers_policy(system, deployer):
    before, credentials = system.inventory(), deployer("least")
    run(system, "init", "least", "--region", "eu-central-1", "--account", "000000000000", **credentials)
    file = system.aws.project / "Pulumi.least.yaml"
    file.write_text(file.read_text().replace("config:\n", "config:\n  exif-ripper:forceDestroy: true\n"))
    run(system, "check", "least", **credentials)
    run(system, "up", "least", "--yes", "--skip-preview", **credentials)
    file.write_text(file.read_text().replace("config:\n", "config:\n  exif-ripper:memoryMb: 1024\n"))
    run(system, "up", "least", "--yes", "--skip-preview", **credentials)
    run(system, "rotate-keys", "least", "b", "--yes", "--skip-preview", **credentials)
    run(system, "destroy", "least", "--confirm", "least", **credentials)
    assert system.inventory() == before


@pytest.mark.parametrize("statement", ["Buckets", "RolesUsersAndGroups", "Queues", "Topic"])
def test_without_a_statement_of_the_deployers_policy_a_stack_does_not_go_up(system, deployer, statement):
    before = system.inventory()
    deployer("less")
    name = "less"
    run(system, "init", name, "--region", "eu-central-1", "--account", "000000000000", **deployer(name))
    up = system.deploy_command("up", name, "--yes", "--skip-preview", **deployer(name, without=statement))
    assert up.returncode != 0 and re.search("not authorized|AccessDenied", up.stdout + up.stderr)
    run(system, "destroy", name, "--confirm", name, **deployer(name))
    assert system.inventory() == before
    print(f"saw no deployment without {statement}")
