"""`ripper restore` on a deployed stack: what was overwritten or deleted is back in A, and B follows."""

import datetime
import json
import time

import pytest

from tests.system.deployed import Deployed, wait_for
from tests.system.test_deletes import gone_from_b, published, versions


@pytest.fixture(scope="module")
def stack(system) -> Deployed:
    system.deploy("restore", {})
    yield system.deployed("restore")
    system.stacks["restore"].destroy()


def original(stack: Deployed, key: str) -> bytes:
    return stack.client("s3").get_object(Bucket=stack.bucket_a, Key=key)["Body"].read()


def copied_from(stack: Deployed, key: str) -> str | None:
    photo = stack.photo_in_b(key)
    return photo and photo["Metadata"]["source-version"]


def now() -> str:
    """The time, in a second of its own: S3 lists seconds."""
    time.sleep(1.1)
    at = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    time.sleep(1.1)
    return at


def test_a_deleted_photo_comes_back_in_both_buckets(system, stack):
    key = "album/größe 1+1 %25.jpg"
    clean = published(stack, key)
    stack.user_a.delete_object(Bucket=stack.bucket_a, Key=key)
    gone_from_b(stack, key)
    asked = system.ripper("restore", key, "--stack", "restore")
    assert asked.returncode == 2 and "--yes" in asked.stderr and "deleted" in asked.stdout, asked
    assert stack.photo_in_b(key) is None, "nothing is done before somebody has agreed"
    run = system.ripper("restore", key, "--stack", "restore", "--yes")
    assert run.returncode == 0, run.stdout + run.stderr
    assert original(stack, key) == stack.sample
    assert wait_for(lambda: stack.photo_in_b(key), f"{key} again")["ETag"] == clean["ETag"]
    # Nothing is gone from A: the version, the marker, and the copy on top.
    listing = versions(stack, stack.bucket_a, key)
    assert [len(listing["Versions"]), len(listing["DeleteMarkers"])] == [2, 1]
    print(f"saw\n{run.stdout}")


def test_an_overwritten_photo_becomes_what_it_was_and_that_can_be_undone(system, stack, samples):
    key, newer = "over/written.jpg", samples["IMG 0002 (1)"]
    published(stack, key)
    stack.user_a.put_object(Bucket=stack.bucket_a, Key=key, Body=newer)
    for wanted in (stack.sample, newer):
        run = system.ripper("restore", key, "--stack", "restore", "--yes", "--json")
        (line,) = map(json.loads, run.stdout.splitlines())
        assert (line["was"], line["result"]) == ("overwritten", "restored"), run.stdout
        assert original(stack, key) == wanted
    head = stack.client("s3").head_object(Bucket=stack.bucket_a, Key=key)
    wait_for(lambda: copied_from(stack, key) == head["VersionId"], "the copy in B")


def test_a_whole_album_is_restored_to_what_it_was_at_a_time(system, stack, samples):
    album = [f"trip/{number}.jpg" for number in range(4)]
    for key in album:
        published(stack, key)
    other = "trips/other.jpg"
    published(stack, other)
    before = now()
    stack.user_a.delete_object(Bucket=stack.bucket_a, Key=album[0])
    stack.user_a.put_object(Bucket=stack.bucket_a, Key=album[1], Body=samples["IMG 0002 (1)"])
    stack.user_a.put_object(Bucket=stack.bucket_a, Key=album[1], Body=b"overwritten twice")
    stack.user_a.put_object(Bucket=stack.bucket_a, Key="trip/new.jpg", Body=stack.sample)
    stack.user_a.delete_object(Bucket=stack.bucket_a, Key=other)
    planned = system.ripper(
        "restore", "--prefix", "trip/", "--since", before, "--stack", "restore", "--dry-run", "--json"
    )
    lines = list(map(json.loads, planned.stdout.splitlines()))
    assert [(line["key"], line["was"], line["result"]) for line in lines] == [
        (album[0], "deleted", "planned"),
        (album[1], "overwritten", "planned"),
    ]
    run = system.ripper("restore", "--prefix", "trip/", "--since", before, "--stack", "restore", "--yes")
    assert run.returncode == 0, run.stdout + run.stderr
    assert [original(stack, key) for key in album] == [stack.sample] * 4
    assert original(stack, "trip/new.jpg") == stack.sample, "what is newer stays"
    assert other not in stack.objects("a"), "another prefix stays as it is"
    wait_for(lambda: set(album) <= stack.objects("b"), "the album in B")
    # What is restored is not restored again.
    again = system.ripper("restore", "--prefix", "trip/", "--since", before, "--stack", "restore", "--yes")
    assert again.returncode == 0 and "there is nothing to restore" in again.stdout, again.stdout
    print(f"saw\n{run.stdout}and then\n{again.stdout}")


def test_what_has_no_earlier_version_is_said_and_left(system, stack):
    published(stack, "only/one.jpg")
    run = system.ripper("restore", "only/one.jpg", "only/never.jpg", "--stack", "restore", "--yes", "--json")
    assert run.returncode == 3
    assert [json.loads(line)["result"] for line in run.stdout.splitlines()] == ["none", "none"]
    assert len(versions(stack, stack.bucket_a, "only/")["Versions"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required"),
        (["--prefix", "a/"], "--since"),
        (["a.jpg", "--prefix", "a/", "--since", "1h"], "cannot be used with"),
        (["a.jpg", "--since", "tomorrow"], "a length of time such as 90m"),
    ],
)
def test_a_command_line_that_says_too_little_or_too_much_is_refused(system, arguments, said):
    run = system.ripper("restore", *arguments, "--stack", "restore")
    assert run.returncode == 2 and said in run.stderr and len(run.stderr.splitlines()) == 1, run.stderr
