"""Photos through both deployed stacks: the bytes that come out of bucket B."""

import json
import os
from pathlib import Path

import pytest

from tests.system.deployed import Deployed, forbidden_markers, wait_for

# As `samples::shared_photos_folder` has it.
REAL_PHOTOS = Path(os.environ.get("SHARED_PHOTOS") or Path(__file__).resolve().parents[3] / "shared" / "photos")


def smoke(system, stack: str, *photos: Path) -> tuple[int, list[dict]]:
    """`ripper smoke` as an operator runs it: its exit code and its JSON lines."""
    run = system.ripper("smoke", "--stack", stack, "--json", *map(str, photos))
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert lines, run.stderr
    return run.returncode, lines


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_sample_comes_out_clean(system, name):
    code, lines = smoke(system, name)
    outcomes = [line["outcome"] for line in lines]
    assert code == 0, [line for line in lines if line["outcome"] != "clean"]
    assert set(outcomes) == {"clean"}
    assert len(lines) >= 10
    print(f"saw {len(lines)} samples clean in {name}, keys such as {lines[0]['key']!r}")


def test_the_bytes_in_b_have_no_metadata_and_name_their_source(dev):
    key = "holiday/été +1 – 写真.JPG"
    put = dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample, CacheControl="max-age=60",
                                Metadata={"owner": "somebody"}, ContentType="image/x-camera")  # fmt: skip
    clean = wait_for(lambda: dev.photo_in_b(key), f"{key} in bucket B")
    body = clean["Body"].read()
    assert forbidden_markers(body) == []
    assert b"Exif" not in body
    assert b"http://ns.adobe.com" not in body
    assert clean["ContentType"] == "image/jpeg"
    assert clean["CacheControl"] == "max-age=60"
    assert set(clean["Metadata"]) == {"source-version", "scrub"}
    assert clean["Metadata"]["source-version"] == put["VersionId"]
    print(f"saw {len(dev.sample)} bytes in, {len(body)} bytes out, metadata {sorted(clean['Metadata'])}")


def test_a_photo_in_one_stack_does_not_reach_the_other(dev: Deployed, prod: Deployed):
    for here, there in ((dev, prod), (prod, dev)):
        key = f"only-in-{here.name}.jpg"
        before = there.objects("a") | there.objects("b")
        here.user_a.put_object(Bucket=here.bucket_a, Key=key, Body=here.sample)
        wait_for(lambda here=here, key=key: here.photo_in_b(key), f"{key} in {here.name}")
        assert there.objects("a") | there.objects("b") == before
        print(f"saw {key} in {here.name}, and {len(before)} objects in {there.name} as before")


def test_an_overwritten_photo_replaces_the_clean_one(dev, samples):
    dev.user_a.put_object(Bucket=dev.bucket_a, Key="again.jpg", Body=dev.sample)
    first = wait_for(lambda: dev.photo_in_b("again.jpg"), "the first photo")
    put = dev.user_a.put_object(Bucket=dev.bucket_a, Key="again.jpg", Body=samples["IMG 0002 (1)"])

    def newer():
        found = dev.photo_in_b("again.jpg")
        same = found["Metadata"]["source-version"] == put["VersionId"]
        return found if same else None

    second = wait_for(newer, "the second photo")
    assert second["ETag"] != first["ETag"]
    print(f"saw ETag {first['ETag']} replaced by {second['ETag']}")


def test_suffixes_in_upper_and_lower_case_are_processed_and_others_are_not(dev):
    keys = [f"suffix/photo{suffix}" for suffix in (".jpg", ".JPG", ".jpeg", ".JPEG")]
    ignored = ["suffix/photo.png", "suffix/photo.jpg.txt", "suffix/jpg"]
    for key in ignored + keys:
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    for key in keys:
        wait_for(lambda key=key: dev.photo_in_b(key), key)
    assert {key for key in dev.objects("b") if key.startswith("suffix/")} == set(keys)
    print(f"saw {len(keys)} processed, {len(ignored)} ignored")


def test_real_photos_come_out_clean_or_are_refused_by_name(system):
    photos = sorted(path for path in REAL_PHOTOS.glob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".mpo"})
    if not photos:
        pytest.skip("SKIPPED: there is no folder of real photos, so none was tested")
    code, lines = smoke(system, "dev", *photos)
    assert len(lines) == len(photos)
    wrong = [line for line in lines if line["outcome"] not in {"clean", "refused"}]
    assert not wrong
    refused = [(line["file"], line["reason"]) for line in lines if line["outcome"] == "refused"]
    assert code == (3 if refused else 0)
    print(f"saw {len(photos)} real photos: {len(photos) - len(refused)} clean, refused: {refused}")
