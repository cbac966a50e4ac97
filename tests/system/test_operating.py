"""The recipes of the daily work, by running them: status, logs, outputs, params, creds, rotate-keys, rollback."""

import configparser
import json
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

from deploy import rollback
from local.tests.project import write_zip
from tests.system.deployed import wait_for
from tools.config import stack_config
from tools.errors import ToolError
from tools.paths import zip_of


@pytest.fixture(scope="module")
def busy(system):
    """A stack with a clean, a refused and a deleted photo."""
    system.deploy("busy", {})
    busy = system.deployed("busy")
    busy.user_a.put_object(Bucket=busy.bucket_a, Key="album/ü 1.jpg", Body=busy.sample)
    busy.user_a.put_object(Bucket=busy.bucket_a, Key="broken.jpg", Body=b"not a photo")
    wait_for(lambda: busy.photo_in_b("album/ü 1.jpg"), "album/ü 1.jpg")
    wait_for(lambda: any("broken.jpg" in line for line in busy.log_events()), "the refusal in the log")
    yield busy
    system.stacks["busy"].destroy()


def run(system, *arguments, **variables):
    answer = system.deploy_command(*arguments, **variables)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_the_log_has_one_line_for_each_photo(system, busy):
    lines = run(system, "logs", "busy").splitlines()
    assert any(re.search(r"clean +album/ü 1\.jpg +[\d.]+ kB -> [\d.]+ kB", line) for line in lines)
    assert any(re.search(r"refused +broken\.jpg +NotAJpeg", line) for line in lines)
    assert not [line for line in lines if "RequestId" in line]
    raw = run(system, "logs", "busy", "--json").splitlines()
    assert any(json.loads(line)["key"] == "broken.jpg" for line in raw if line.startswith("{"))
    print(f"saw {lines}")


def test_the_log_can_be_followed_until_ctrl_c(system, busy):
    environment = {**system.environment, "PYTHONPATH": str(system.aws.root)}
    command = [sys.executable, "-m", "deploy", "logs", "busy", "--since", "1m", "--follow"]
    with subprocess.Popen(
        command, cwd=system.aws.project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as followed:
        busy.user_a.put_object(Bucket=busy.bucket_a, Key="later.jpg", Body=busy.sample)
        lines = []
        while not any("later.jpg" in line for line in lines):
            lines.append(followed.stdout.readline())
            assert lines[-1], followed.stderr.read()
        followed.send_signal(signal.SIGINT)
        assert followed.wait(10) == 130
        assert followed.stderr.read() == ""
    assert len(set(lines)) == len(lines), "a line came twice"


def test_a_stack_that_is_not_deployed_is_one_sentence(system):
    for command in (("logs",), ("status",), ("creds", "a")):
        answer = system.deploy_command(command[0], "nowhere", *command[1:])
        assert answer.returncode == 1 and len(answer.stderr.splitlines()) == 1, answer.stderr
        print(f"saw {answer.stderr.strip()}")


def test_the_status_is_on_one_screen(system, busy):
    function = busy.outputs["functionName"]
    # The emulator counts no log lines: what CloudWatch would count.
    metrics = {"PhotosClean": 41, "PhotosRefused": 3, "PhotosDeleted": 1}
    data = [{"MetricName": name, "Value": value, "Timestamp": datetime.now(UTC)} for name, value in metrics.items()]
    for reason, count in (("NotAJpeg", 2), ("TooLarge", 1)):
        dimensions = [{"Name": "reason", "Value": reason}]
        data.append({"MetricName": "PhotosRefusedByReason", "Dimensions": dimensions, "Value": count})
    cloudwatch = busy.client("cloudwatch")
    cloudwatch.put_metric_data(Namespace=f"ExifRipper/{function}", MetricData=data)
    for name in json.loads(run(system, "status", "busy", "--json"))["alarms"]:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="as CloudWatch does without data")
    lines = run(system, "status", "busy").splitlines()
    screen = "\n".join(lines)
    print(screen)
    assert len(lines) <= 24 and max(map(len, lines)) <= 120
    assert f"function  {function}, version 1, deployed {datetime.now(UTC):%Y-%m-%d}" in screen
    assert "alarms    all 8 quiet" in screen
    assert "41 clean, 3 refused, 1 deleted, 0 failed tries" in screen
    assert "refused   2 NotAJpeg, 1 TooLarge" in screen
    assert re.search(r"waiting   0 failures, 1 refusals", screen)
    assert re.search(r"\d\d:\d\d:\d\d  refused +broken.jpg +NotAJpeg", screen)
    alarm = next(name for name in json.loads(run(system, "status", "busy", "--json"))["alarms"] if "Errors" in name)
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="test")
    assert f"alarms    ALARM {alarm}" in run(system, "status", "busy")


def test_the_parameters_are_listed(system, busy):
    rows = dict(line.split() for line in run(system, "params", "busy").splitlines())
    assert rows["/exif-ripper/busy/bucketA"] == busy.bucket_a
    assert len(rows) == 5


def test_a_written_profile_works_and_only_its_owner_can_read_it(system, busy, tmp_path):
    file = tmp_path / "credentials"
    printed = run(system, "creds", "busy", "a")
    assert f"aws_access_key_id = {busy.outputs['userAAccessKeyId']}" in printed
    for _ in range(2):
        run(system, "creds", "busy", "a", "--profile", "uploader", "--write", AWS_SHARED_CREDENTIALS_FILE=str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    parser = configparser.ConfigParser()
    parser.read(file)
    profile = parser["uploader"]
    client = busy.client("s3", (profile["aws_access_key_id"], profile["aws_secret_access_key"]))
    client.put_object(Bucket=busy.bucket_a, Key="by-profile.jpg", Body=busy.sample)
    assert profile["region"] == stack_config("busy", system.aws.project)["aws:region"]


def keys(busy, letter):
    """The keys of a user as IAM has them: the id and whether it works."""
    user = busy.outputs[f"user{letter}Name"]
    found = busy.client("iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
    return {key["AccessKeyId"]: key["Status"] for key in found}


def test_a_key_is_rotated_under_traffic_without_a_gap(system, busy):
    user_b, before = keys(busy, "B"), keys(busy, "A")
    key = {"id": busy.outputs["userAAccessKeyId"], "secret": busy.outputs["userASecretAccessKey"]}
    assert before[key["id"]] == "Active" and sorted(before.values()) == ["Active", "Inactive"]
    stop, sent, failed = threading.Event(), [], []

    def upload():
        number = 0
        while not stop.is_set():
            number += 1
            used = key["id"]
            try:
                client = busy.client("s3", (used, key["secret"]))
                client.put_object(Bucket=busy.bucket_a, Key=f"traffic/{number}.txt", Body=b"x")
                sent.append(used)
            except Exception as error:
                failed.append((used, str(error)))
            time.sleep(0.05)

    traffic = threading.Thread(target=upload)
    traffic.start()
    try:
        begun = run(system, "rotate-keys", "busy", "a", "--yes", "--skip-preview")
        outputs = system.stacks["busy"].outputs()
        new = outputs["userAAccessKeyId"]
        assert new not in before
        assert keys(busy, "A") == {key["id"]: "Active", new: "Active"}
        refused = system.deploy_command("rotate-keys", "busy", "a", "--yes")
        assert refused.returncode == 1 and "is not finished" in refused.stderr
        assert "Commit Pulumi.busy.yaml" in begun
        old = key["id"]
        key["id"], key["secret"] = new, outputs["userASecretAccessKey"]
        count = len(sent)
        wait_for(lambda: new in sent[count:], "an upload with the new key")
        run(system, "rotate-keys", "busy", "a", "--finish", "--yes", "--skip-preview")
        assert keys(busy, "A") == {old: "Inactive", new: "Active"}
        count = len(sent)
        wait_for(lambda: len(sent) > count + 5, "uploads after the rotation")
    finally:
        stop.set()
        traffic.join()
    assert not failed
    assert set(sent) == {old, new}
    assert keys(busy, "B") == user_b
    assert system.stacks["busy"].preview().changed == 0
    print(f"saw {sent.count(old)} uploads with the old key, {sent.count(new)} with the new one, none failed")


def test_a_rotation_that_pulumi_did_not_make_leaves_everything_as_it_was(system, busy):
    file, before = system.aws.project / "Pulumi.busy.yaml", keys(busy, "B")
    text = file.read_text()
    # Without --yes and without a terminal Pulumi does nothing.
    declined = system.deploy_command("rotate-keys", "busy", "b")
    assert declined.returncode != 0 and "nothing was changed" in declined.stdout, declined.stdout + declined.stderr
    assert (file.read_text(), keys(busy, "B")) == (text, before)
    finish = system.deploy_command("rotate-keys", "busy", "b", "--finish", "--yes")
    assert finish.returncode == 1 and "has one active key" in finish.stderr
    # Nor does an end of a rotation that Pulumi did not make.
    run(system, "rotate-keys", "busy", "b", "--yes", "--skip-preview")
    text, both = file.read_text(), keys(busy, "B")
    declined = system.deploy_command("rotate-keys", "busy", "b", "--finish")
    assert declined.returncode != 0 and "nothing was changed" in declined.stdout, declined.stdout + declined.stderr
    assert (file.read_text(), keys(busy, "B")) == (text, both) and set(both.values()) == {"Active"}
    run(system, "rotate-keys", "busy", "b", "--finish", "--yes", "--skip-preview")


def test_a_file_from_before_a_rotation_cannot_delete_the_key_that_is_in_use(system, busy):
    file = system.aws.project / "Pulumi.busy.yaml"
    old = file.read_text()
    run(system, "rotate-keys", "busy", "b", "--yes", "--skip-preview")
    run(system, "rotate-keys", "busy", "b", "--finish", "--yes", "--skip-preview")
    new, after = file.read_text(), keys(busy, "B")
    file.write_text(old)
    in_use = system.stacks["busy"].outputs()["userBAccessKeyId"]
    for command in (("check",), ("rotate-keys", "b", "--yes")):
        refused = system.deploy_command(command[0], "busy", *command[1:])
        assert refused.returncode == 1 and "Take the file of the last" in refused.stderr.replace("take", "Take")
        print(f"saw {refused.stderr}")
    assert in_use in system.deploy_command("check", "busy").stderr
    assert keys(busy, "B") == after and after[in_use] == "Active"
    file.write_text(new)
    run(system, "check", "busy")


def test_the_code_of_the_deployment_before_comes_back_without_a_build(system, busy, monkeypatch):
    functions, name, project = busy.client("lambda"), busy.outputs["functionName"], system.aws.project
    zipped = project / zip_of("x86_64")
    good, new = zipped.read_bytes(), b""

    def deployed():
        return functions.get_function_configuration(FunctionName=name)["CodeSha256"]

    before = deployed()
    write_zip(project)
    new = zipped.read_bytes()
    system.stacks["busy"].up()
    after = deployed()
    assert after != before
    for variable, value in system.environment.items():
        monkeypatch.setenv(variable, value)
    # The emulator has one address for all versions, with the newest code behind it.
    monkeypatch.setattr(rollback, "_download", lambda address: new)
    with pytest.raises(ToolError, match="other code than that of version 1; nothing was changed"):
        rollback.rollback("busy", project, None, ["--yes", "--skip-preview"])
    assert (deployed(), zipped.read_bytes()) == (after, new)
    monkeypatch.setattr(rollback, "_download", lambda address: good)
    assert rollback.rollback("busy", project, None, ["--yes", "--skip-preview"]) == 0
    assert deployed() == before
    assert system.stacks["busy"].preview().changed == 0
    # With the outputs as they are now: the key may have been rotated.
    busy = system.deployed("busy")
    busy.user_a.put_object(Bucket=busy.bucket_a, Key="after-rollback.jpg", Body=busy.sample)
    wait_for(lambda: busy.photo_in_b("after-rollback.jpg"), "after-rollback.jpg")
    with pytest.raises(ToolError, match="there is no version 99; Lambda keeps 1, 2, 3"):
        rollback.rollback("busy", project, "99", [])
    print(f"saw the code {before} again after {after}")
