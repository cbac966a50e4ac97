"""`ripper audit` and `ripper backfill` on the deployed stack: what is wrong is found, and repaired."""

import datetime
import json
import signal
import time
import uuid

import botocore.exceptions
import pytest

from tests.system.deployed import Deployed, wait_for
from tests.system.test_deletes import published


def audit(system, *arguments: str, stack: str = "dev") -> tuple[int, dict[str, str], dict[str, int]]:
    """The exit code, the finding of each key, and the counts."""
    grace = [] if "--grace" in arguments else ["--grace", "0"]
    run = system.ripper("audit", "--stack", stack, *grace, "--json", *arguments)
    assert run.returncode in {0, 3}, run.stderr
    *lines, last = map(json.loads, run.stdout.splitlines())
    return run.returncode, {line["key"]: line["finding"] for line in lines}, last["counts"]


def backfill(system, *arguments: str) -> tuple[int, dict[str, str]]:
    """The exit code, and the outcome of each key."""
    run = system.ripper("backfill", "--stack", "dev", "--json", *arguments)
    assert run.returncode in {0, 3}, run.stderr
    return run.returncode, {line["key"]: line["outcome"] for line in map(json.loads, run.stdout.splitlines())}


def copy_in_b(stack: Deployed, key: str, to: str, version: str | None = None, scrub: str | None = None) -> None:
    """Writes an object of B again, as only an operator may: under a key, with its metadata or a changed one."""
    source = {"Bucket": stack.bucket_b, "Key": key} | ({"VersionId": version} if version else {})
    s3, how = stack.client("s3"), {}
    if scrub:
        metadata = s3.head_object(Bucket=stack.bucket_b, Key=key)["Metadata"] | {"scrub": scrub}
        how = {"MetadataDirective": "REPLACE", "Metadata": metadata}
    s3.copy_object(Bucket=stack.bucket_b, Key=to, CopySource=source, **how)


def broken(dev: Deployed, samples: dict[str, bytes], folder: str) -> dict[str, str]:
    """Photos that are wrong in B in each way, and what an audit should say of them."""
    s3 = dev.client("s3")
    names = ("right.jpg", "missing.jpg", "older.jpg", "stale.jpg", "unclean.jpg", "foreign.jpg")
    keys = {name: f"{folder}/{name}" for name in names}
    for key in keys.values():
        published(dev, key)
    s3.delete_object(Bucket=dev.bucket_b, Key=keys["missing.jpg"])
    older = keys["older.jpg"]
    before = s3.head_object(Bucket=dev.bucket_b, Key=older)
    put = dev.user_a.put_object(Bucket=dev.bucket_a, Key=older, Body=samples["IMG 0002 (1)"])
    wait_for(lambda: dev.photo_in_b(older)["Metadata"]["source-version"] == put["VersionId"], older)
    copy_in_b(dev, older, older, version=before["VersionId"])
    stale = "0.0.1 orientation=upright icc=minimal"
    copy_in_b(dev, keys["stale.jpg"], keys["stale.jpg"], scrub=stale)
    unclean = keys["unclean.jpg"]
    metadata = s3.head_object(Bucket=dev.bucket_b, Key=unclean)["Metadata"]
    s3.put_object(Bucket=dev.bucket_b, Key=unclean, Body=dev.sample, Metadata=metadata)
    s3.put_object(Bucket=dev.bucket_b, Key=keys["foreign.jpg"], Body=b"from somewhere")
    copy_in_b(dev, keys["right.jpg"], f"{folder}/extra.jpg")
    for name in ("picture.png", "capital.Jpg"):
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=f"{folder}/{name}", Body=dev.sample)
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=f"{folder}/refused.jpg", Body=b"no photo")
    wait_for(lambda: f"{folder}/refused.jpg" in system_refusals(dev), "the refusal")
    return {key: name.split(".")[0] for name, key in keys.items() if name != "right.jpg"} | {
        f"{folder}/extra.jpg": "extra",
        f"{folder}/picture.png": "ignored",
        f"{folder}/capital.Jpg": "ignored",
        f"{folder}/refused.jpg": "refused",
    }


def system_refusals(dev: Deployed) -> set[str]:
    """The keys that the function has refused, by its log."""
    lines = (json.loads(line) for line in dev.log_events() if line.startswith("{"))
    return {line["key"] for line in lines if line.get("outcome") == "refused"}


def test_an_audit_finds_everything_that_is_wrong_in_b_and_a_backfill_repairs_it(system, dev, samples, tmp_path):
    folder = f"audit/{uuid.uuid4().hex}"
    expected = broken(dev, samples, folder)
    code, found, counts = audit(system, "--prefix", folder, "--stale", "--deep")
    assert code == 3
    assert found == expected
    assert counts == {
        "right": 1, "ignored": 2, "missing": 1, "older": 1, "stale": 1, "unclean": 1, "foreign": 1, "extra": 1,
        "refused": 1,
    }  # fmt: skip
    print(f"saw {counts}")
    shallow = audit(system, "--prefix", folder)[1]
    hidden = {f"{folder}/stale.jpg", f"{folder}/unclean.jpg"}
    assert shallow == {key: finding for key, finding in expected.items() if key not in hidden}

    # A copy that says it is clean counts as done for the function, so it has to be deleted first.
    dev.client("s3").delete_object(Bucket=dev.bucket_b, Key=f"{folder}/unclean.jpg")
    file = tmp_path / "audit.jsonl"
    found = system.ripper("audit", "--stack", "dev", "--grace", "0", "--prefix", folder, "--stale", "--json")
    file.write_text(found.stdout)
    asked = system.ripper("backfill", "--stack", "dev", "--from", str(file))
    assert asked.returncode == 2 and "--yes" in asked.stderr, asked.stderr
    assert f"{folder}/extra.jpg" in dev.objects("b"), "nothing is deleted before somebody has agreed"
    code, outcomes = backfill(system, "--from", str(file), "--yes")
    clean = ("missing", "older", "stale", "unclean", "foreign")
    assert code == 0
    assert outcomes == {f"{folder}/{name}.jpg": "clean" for name in clean} | {f"{folder}/extra.jpg": "deleted"}
    code, _, counts = audit(system, "--prefix", folder, "--stale", "--deep")
    assert code == 0 and counts == {"right": 6, "ignored": 2, "refused": 1}
    print(f"saw {outcomes}, then {counts}")


def test_a_photo_that_was_just_deleted_or_uploaded_is_pending_and_one_that_is_gone_from_both_is_not_counted(
    system, dev
):
    folder = f"pending/{uuid.uuid4().hex}"
    gone, deleted, uploaded = (f"{folder}/{name}.jpg" for name in ("gone", "deleted", "uploaded"))
    for key in (gone, deleted, uploaded):
        published(dev, key)
    copy = dev.client("s3").head_object(Bucket=dev.bucket_b, Key=deleted)
    for key in (gone, deleted):
        dev.user_a.delete_object(Bucket=dev.bucket_a, Key=key)
        wait_for(lambda key=key: dev.photo_in_b(key) is None, key)
    copy_in_b(dev, deleted, deleted, version=copy["VersionId"])
    dev.client("s3").delete_object(Bucket=dev.bucket_b, Key=uploaded)
    fresh = audit(system, "--prefix", folder, "--grace", "600")
    assert fresh == (0, {deleted: "pending", uploaded: "pending"}, {"pending": 2})
    later = audit(system, "--prefix", folder)
    assert later == (3, {deleted: "extra", uploaded: "missing"}, {"extra": 1, "missing": 1})


def test_a_backfill_scrubs_what_was_there_before_and_leaves_the_rest(system, dev):
    folder = f"backfill/{uuid.uuid4().hex}"
    keys = [f"{folder}/größe {n} +1.jpg" for n in range(5)]
    for key in [*keys, f"{folder}/there.jpg"]:
        published(dev, key)
    for key in keys:
        dev.client("s3").delete_object(Bucket=dev.bucket_b, Key=key)
    before = dev.photo_in_b(f"{folder}/there.jpg")["LastModified"]
    plan = system.ripper("backfill", "--stack", "dev", "--prefix", folder, "--dry-run")
    assert plan.returncode == 0 and plan.stdout.startswith("5 photos to scrub"), plan.stdout + plan.stderr
    assert not set(keys) & dev.objects("b"), "a dry run changes nothing"
    assert backfill(system, "--prefix", folder) == (0, dict.fromkeys(keys, "clean"))
    assert set(keys) <= dev.objects("b")
    assert dev.photo_in_b(f"{folder}/there.jpg")["LastModified"] == before
    assert backfill(system, "--prefix", folder) == (0, {}), "nothing is left to do"
    print(f"saw {plan.stdout}")


def test_a_stale_backfill_goes_over_all_photos_and_the_function_leaves_what_is_current(system, dev):
    folder = f"stale/{uuid.uuid4().hex}"
    old, new = f"{folder}/old.jpg", f"{folder}/new.jpg"
    for key in (old, new):
        published(dev, key)
    copy_in_b(dev, old, old, scrub="0.0.1 orientation=upright icc=minimal")
    assert backfill(system, "--prefix", folder, "--stale") == (0, {old: "clean", new: "current"})
    assert dev.photo_in_b(old)["Metadata"]["scrub"] == dev.photo_in_b(new)["Metadata"]["scrub"]


def without_copies(dev: Deployed, folder: str, number: int) -> set[str]:
    """Photos of A that B does not have."""
    keys = {f"{folder}/{n}.jpg" for n in range(number)}
    for key in keys:
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    wait_for(lambda: keys <= dev.objects("b"), "all photos", seconds=60)
    for key in keys:
        dev.client("s3").delete_object(Bucket=dev.bucket_b, Key=key)
    return keys


def test_a_backfill_that_is_stopped_goes_on_where_it_was(system, dev):
    folder = f"stopped/{uuid.uuid4().hex}"
    keys = without_copies(dev, folder, 120)
    first = system.start_ripper("backfill", "--stack", "dev", "--prefix", folder)
    wait_for(lambda: keys & dev.objects("b"), "the first photo")
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=60)
    done = len(keys & dev.objects("b"))
    assert first.returncode == 130 and f"{done} of 120 photos are done" in said, said
    assert 0 < done < 120
    code, outcomes = backfill(system, "--prefix", folder)
    assert code == 0 and len(outcomes) == 120 - done and keys <= dev.objects("b")
    print(f"saw {done} done before Ctrl-C, and {len(outcomes)} after it")


def most_at_once(dev: Deployed, folder: str) -> int:
    """How many photos of a folder the function had in work at the same time, by the lines of the runs without an event
    time: the last ones of each key."""
    spans = {}
    for line in (json.loads(line) for line in dev.log_events() if line.startswith("{")):
        if line.get("key", "").startswith(folder):
            end = datetime.datetime.fromisoformat(line["timestamp"]).timestamp()
            spans[line["key"]] = max(spans.get(line["key"], (0, 0)), (end, end - line["ms"] / 1000))
    return max(sum(start <= begin < end for end, start in spans.values()) for _, begin in spans.values())


def test_uploads_are_not_held_up_by_a_backfill(system, dev):
    folder = f"busy/{uuid.uuid4().hex}"
    without_copies(dev, folder, 150)
    running = system.start_ripper("backfill", "--stack", "dev", "--prefix", folder)
    waits = []
    wait_for(lambda: any(key.startswith(folder) for key in dev.objects("b")), "the first photo")
    while running.poll() is None and len(waits) < 5:
        started = time.monotonic()
        published(dev, f"live/{uuid.uuid4().hex}.jpg")
        waits.append(time.monotonic() - started)
    was_running = running.poll() is None
    running.communicate(timeout=120)
    assert running.returncode == 0 and waits
    assert was_running or len(waits) >= 3, "the backfill was too short to show anything"
    assert max(waits) < 10, waits
    together = most_at_once(dev, folder)
    assert 1 < together <= 8, f"{together} photos of the backfill were in work at the same time"
    print(f"saw uploads in B after {', '.join(f'{wait:.2f}' for wait in waits)} s beside {together} photos in work")


def test_where_deletes_are_kept_photos_without_an_original_are_right_and_keys_outside_of_the_prefix_ignored(system):
    system.deploy("kept", {"deletes": "keep", "keyPrefix": "in/"})
    kept = system.deployed("kept")
    published(kept, "in/gone.jpg")
    kept.user_a.delete_object(Bucket=kept.bucket_a, Key="in/gone.jpg")
    # Not by user A, who may not write there.
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        kept.user_a.put_object(Bucket=kept.bucket_a, Key="out/side.jpg", Body=kept.sample)
    kept.client("s3").put_object(Bucket=kept.bucket_a, Key="out/side.jpg", Body=kept.sample)
    code, found, counts = audit(system, stack="kept")
    assert (code, found, counts) == (0, {"out/side.jpg": "ignored"}, {"kept": 1, "ignored": 1})


def test_an_audit_of_a_bucket_that_may_not_be_read_names_the_permission(system, dev):
    key = dev.outputs["userBAccessKeyId"], dev.outputs["userBSecretAccessKey"]
    run = system.ripper("audit", "--stack", "dev", key=key)
    assert run.returncode == 1 and "do not allow s3:" in run.stderr and "operations.md" in run.stderr, run.stderr
    print(f"saw {run.stderr}")


def test_many_photos_are_run_one_by_one_where_there_are_no_jobs(system, dev, tmp_path):
    findings = [{"key": f"jobs/größe {number}+.jpg", "finding": "missing"} for number in range(10_000)]
    file = tmp_path / "audit.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in [*findings, {"counts": {"missing": 10_000}}]))
    running = system.start_ripper("backfill", "--stack", "dev", "--from", str(file))
    said = running.stderr.readline()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert "there is no S3 Batch Operations here (400 InvalidURI)" in said
    assert running.returncode == 130
    s3, bucket = dev.client("s3"), dev.outputs["jobsBucket"]
    (manifest,) = s3.list_objects_v2(Bucket=bucket, Prefix="manifests/")["Contents"]
    lines = s3.get_object(Bucket=bucket, Key=manifest["Key"])["Body"].read().decode().splitlines()
    assert lines[7] == f"{dev.bucket_a},jobs/gr%C3%B6%C3%9Fe%207%2B.jpg" and len(lines) == 10_000
    print(f"saw {said}, and a list of {len(lines)} keys, {manifest['Size']} bytes")
