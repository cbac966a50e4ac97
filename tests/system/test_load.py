"""`ripper load` on the deployed stack: what it measures, that it notices a loss, and that it leaves nothing behind."""

import json
import signal

from local.load import load
from tests.system.deployed import wait_for


def everything_of_the_load(stack) -> list[str]:
    """Every version and marker of its keys that is left in the buckets."""
    left = []
    for bucket in (stack.bucket_a, stack.bucket_b):
        found = stack.client("s3").list_object_versions(Bucket=bucket, Prefix="load-")
        left += [entry["Key"] for kind in ("Versions", "DeleteMarkers") for entry in found.get(kind, [])]
    return left


def test_a_load_with_overwrites_and_deletes_loses_nothing_and_is_measured(system, dev, capfd):
    before = len([line for line in dev.log_events() if '"load-' in line])
    code = load(["--stack", "dev", "--photos", "60", "--clients", "3", "--json"], system.aws)
    measured, used = map(json.loads, capfd.readouterr().out.splitlines())
    assert code == 0, measured
    counted = [measured[name] for name in ("uploads", "overwrites", "deletes", "clients", "lost", "wrong")]
    assert counted == [60, 12, 6, 3, 0, 0]
    times = measured["readableMs"]
    assert 0 < times["p50"] <= times["p90"] <= times["p99"] <= times["max"] < 120_000
    # The function's own log: a line at least for each upload that was not overwritten at once, and each delete.
    lines = [line for line in dev.log_events() if '"load-' in line][before:]
    assert len(lines) >= 60 - 12 + 6
    assert 0.1 < used["function"]["cpuMsPerUpload"] < 1000 and 2 < used["function"]["peakMiB"] < 600
    assert used["function"]["processes"] >= 1 and used["emulator"]["processes"] == 1
    assert everything_of_the_load(dev) == []
    print(f"saw {measured} and {used}, and {len(lines)} lines of the function's log")


def test_a_load_that_is_interrupted_leaves_nothing_behind(system, dev):
    running = system.start_ripper("load", "--stack", "dev", "--photos", "500")
    wait_for(lambda: any(key.startswith("load-") for key in dev.objects("b")), "the first copy")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130 and "what was uploaded is deleted" in said, said
    assert everything_of_the_load(dev) == []
    print(f"saw {said}")


def test_an_upload_that_does_not_come_out_is_lost_and_wrong(system, dev):
    with dev.without_put():
        run = system.ripper("load", "--stack", "dev", "--photos", "1", "--json")
    assert run.returncode == 3, run.stderr
    measured = json.loads(run.stdout)
    assert (measured["lost"], measured["wrong"]) == (1, 1)
    assert everything_of_the_load(dev) == []
    dev.client("sqs").purge_queue(QueueUrl=dev.outputs["failuresQueueUrl"])
    print(f"saw {measured}")


def test_a_load_without_a_photo_that_can_be_cleaned_is_an_error_before_anything_is_sent(system, dev, tmp_path):
    file = tmp_path / "broken.jpg"
    file.write_bytes(b"no photo")
    run = system.ripper("load", "--stack", "dev", str(file))
    assert run.returncode == 2 and "refused" in run.stderr, run.stderr
    print(f"saw {run.stderr}")
