"""`ripper report --stack`: the page shows how many photos are where, as the buckets and queues have them."""

import re

from tests.system.deployed import wait_for
from tests.system.test_failures import waiting


def test_the_page_says_how_many_photos_are_where(system, tmp_path):
    stack = system.deploy("reported", {})
    reported = system.deployed("reported")
    for number in range(3):
        reported.user_a.put_object(Bucket=reported.bucket_a, Key=f"{number}.jpg", Body=reported.sample)
    reported.user_a.put_object(Bucket=reported.bucket_a, Key="broken.jpg", Body=b"not a photo")
    wait_for(lambda: len(reported.objects("b")) == 3, "three clean photos")
    wait_for(lambda: waiting(reported, "refusalsQueueUrl") == 1, "the refusal")
    photo, page = tmp_path / "photo.jpg", tmp_path / "page.html"
    photo.write_bytes(reported.sample)
    run = system.ripper("report", str(photo), "-o", str(page), "--stack", "reported")
    assert run.returncode == 0, run.stderr
    text = page.read_text()
    assert "The path of a photo in reported" in text
    assert re.findall(r"<strong>(\d+)</strong></li>", text) == ["4", "3"]
    assert re.search(r"1 refusal and 0 failures wait\. Objects and messages at 20\d\d-", text)
    stack.destroy()

    page.unlink()
    unknown = system.ripper("report", str(photo), "-o", str(page), "--stack", "nowhere")
    assert unknown.returncode == 1 and len(unknown.stderr.splitlines()) == 1 and not page.exists(), unknown.stderr
    print(f"saw 4 originals, 3 clean photos and 1 refusal on the page, and {unknown.stderr}")
