"""Values that would do harm are refused by name, and those of the project's own stacks are not."""

import re
import shutil
import subprocess

import pytest

from deploy.settings import LONGEST_STACK, WORDS, check_settings, problems
from tools.errors import ToolError
from tools.paths import ROOT


@pytest.fixture
def project(tmp_path):
    """Writes the file of a stack with these settings, beside the project's own Pulumi.yaml."""
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)

    def write(text, stack="dev", more=""):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(f"config:\n  aws:region: eu-central-1\n{text}{more}")
        return tmp_path

    return write


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_of_the_project_are_accepted(stack):
    check_settings(stack, ROOT)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("expireOriginalsDays: 0", "from 1 to 36500"),
        ("noncurrentDays: 0", "from 1 to 36500"),
        ("orientation: up", "it can be upright or perfect or tag or drop"),
        ("icc: none", "it can be minimal or keep"),
        ("deletes: Follow", "it can be follow or keep"),
        ("expireOriginals: true", "it can be Enabled or Disabled"),
        ("expireOriginals: enabled", "it can be Enabled or Disabled"),
        ("architecture: arm", "it can be x86_64 or arm64"),
        ("memoryMb: 512MB", "a whole number"),
        ("memoryMb: 100", "from 128 to 10240"),
        ("memoryMb: 128", "at least maxPhotoMb \\+ 64, which is 164"),
        ("maxPhotoMb: true", "a whole number"),
        ("logRetentionDays: 10", "CloudWatch knows only 1, 3, 5"),
        ("reservedConcurrency: 0", "the function never runs"),
        ("forceDestroy: yes please", "true or false"),
        ("keyPrefix: 12345678", "put it in quotes"),
        ("keyPrefix: 2026_11", "put it in quotes"),
        ("keyPrefix: in/*", "match other keys"),
        ("keyPrefix: ${aws:username}/", "match other keys"),
        ("parameterPath: exif-ripper", "a path such as /exif-ripper"),
        ("parameterPath: /exif-ripper/", "without a slash at its end"),
        ("parameterPath: /aws/exif", "a path such as"),
        ("uploadOrigins: https://www.example.com", "a list of origins"),
        ("uploadOrigins: []", "to allow none, remove it"),
        ('uploadOrigins: ["*"]', "'\\*' is no origin"),
        ("uploadOrigins: [https://*.example.com]", "is no origin"),
        ("uploadOrigins: [https://www.example.com/]", "nothing after it"),
        ("uploadOrigins: [https://www.example.com/upload]", "nothing after it"),
        ("uploadOrigins: [https://ok.example, www.example.com]", "'www.example.com' is no origin"),
        ("uploadOrigins: [https://WWW.example.com]", "small letters"),
        ("uploadOrigins: [http://www.example.com]", "such as https://"),
        ("uploadOrigins: [https://www.example.com:443]", "leave out :443"),
        ("uploadOrigins: [null]", "None is no origin"),
        ("encryption: KMS", "it can be AES256 or aws:kms"),
        ('encryption: "aws:kms"', "has to be the ARN of a key in the stack's region"),
        ("kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/1-a", "is not used, as encryption is AES256"),
        ("keyPrfix: in/", "Pulumi.yaml does not declare"),
    ],
)
def test_a_value_that_bites_is_refused_in_a_sentence_that_names_it(project, line, said):
    (found,) = problems("dev", project(f"  exif-ripper:{line}\n"))
    assert re.search(said, found) and line.split(":")[0] in found and "\n" not in found
    print(f"saw {found}")


@pytest.mark.parametrize(
    "line",
    [
        'keyPrefix: "12345678"',
        'keyPrefix: "007/"',
        'memoryMb: "1024"',
        "reservedConcurrency: 5",
        "uploadOrigins: [https://www.example.com, https://x.example:8443, http://localhost:8000]",
    ],
)
def test_a_value_that_only_looks_odd_is_accepted(project, line):
    check_settings("dev", project(f"  exif-ripper:{line}\n"))


def test_all_that_is_wrong_is_said_at_once(project):
    with pytest.raises(ToolError) as refused:
        check_settings("dev", project("  exif-ripper:icc: none\n  exif-ripper:deletes: none\n", more="confg: {}\n"))
    assert len(str(refused.value).split(";\n")) == 3
    assert "confg" in str(refused.value)


@pytest.mark.parametrize("stack", ["Prod", "my_stack", "a.b", "x" * (LONGEST_STACK + 1)])
def test_a_stack_whose_name_no_bucket_can_have_is_refused(project, stack):
    (found,) = problems(stack, project("", stack))
    assert "names of buckets" in found


def test_a_stack_without_a_file_is_named_with_those_that_have_one(project):
    with pytest.raises(ToolError, match=r"no Pulumi.staging.yaml; the stacks here are dev\. To make one: just init"):
        check_settings("staging", project(""))


def test_the_words_of_the_photo_core_are_those_that_it_knows():
    options = (ROOT / "scrub" / "src" / "options.rs").read_text()
    for name, kind in (("orientation", "OrientationMode"), ("icc", "IccMode")):
        body = re.search(rf"pub enum {kind} \{{\n(.*?)\n\}}", options, re.DOTALL)[1]
        variants = re.findall(r"^    (\w+),$", body, re.MULTILINE)
        assert WORDS[name] == tuple(variant.lower() for variant in variants)
    print("saw", {name: WORDS[name] for name in ("orientation", "icc")})


def test_the_recipe_says_it_before_anything_is_built(project):
    folder = project("  exif-ripper:icc: none\n")
    command = [str(ROOT / "target/tools/venv/bin/python"), "-m", "deploy", "check", "dev", "--yes"]
    answer = subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/nowhere"}, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert answer.stderr == "check: icc in Pulumi.dev.yaml is 'none': it can be minimal or keep\n"
    assert answer.stdout == ""
