"""The stack's file says whose account and which region a stack is for: the engine deploys nothing anywhere else."""

import pytest


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('  aws:allowedAccountIds: ["123456789012"]\n', "AWS account ID not allowed: 000000000000"),
        ('  aws:allowedAccountIds: ["012345678901"]\n', "aws:allowedAccountIds has 012345678901"),
        ("  aws:profile: no-such\n", "there is no profile no-such"),
    ],
)
def test_a_stack_for_another_account_touches_nothing(system, config, said):
    stack = system.aws.stack("elsewhere")
    file = system.aws.project / "Pulumi.elsewhere.yaml"
    dev = (system.aws.root / "Pulumi.dev.yaml").read_text()
    salt = [line for line in file.read_text().splitlines(keepends=True) if line.startswith("encryptionsalt")]
    file.write_text(dev + config + "".join(salt))
    before = system.inventory()
    result = stack.up(check=False)
    assert not result.succeeded and any(said in line for line in result.diagnostics), result.text
    assert system.inventory() == before
    print(f"saw {result.diagnostics[0]}")


def test_a_stack_for_this_account_goes_up_and_its_tags_name_it(system):
    stack = system.deploy("ours", {})
    file = system.aws.project / "Pulumi.ours.yaml"
    text = file.read_text()
    file.write_text(text.replace("config:\n", 'config:\n  aws:allowedAccountIds: ["000000000000"]\n'))
    assert stack.up().changed == 0
    bucket = stack.outputs()["bucketA"]
    tags = system.aws.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"project": "exif-ripper", "stack": "ours"}
    assert stack.destroy().succeeded
    print(f"saw {tags}")
