"""The servers of examples/website and examples/browser-upload, run as their READMEs say, with the keys of the two
users. The emulator checks signatures, and answers preflights as a bucket's CORS says."""

import contextlib
import html
import json
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.settings import check_settings
from tests.system.deployed import Deployed, wait_for
from tools.paths import ROOT

EXAMPLES = ROOT / "examples"
SITE = "https://www.example.com"


# ---- the servers -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(system, example: str, stack: Deployed, user: str, **variables: str) -> Iterator[str]:
    """Runs an example's server as its README says, with the keys of a user; gives its address."""
    key = {
        "AWS_ACCESS_KEY_ID": stack.outputs[f"user{user}AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": stack.outputs[f"user{user}SecretAccessKey"],
    }
    server = subprocess.Popen(
        [sys.executable, str(EXAMPLES / example / "server.py")],
        env={**system.environment, **key, **variables, "PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def ask(system, address: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
    """Sends a request as a browser would, without AWS's credentials: the status, headers and body of the answer."""
    trust = ssl.create_default_context(cafile=str(system.aws.emulator.certificate))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, body, named, method=method)
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


# ---- website ---------------------------------------------------------------------------------------------------------


def images(page: str) -> dict[str, str]:
    """The addresses of a page's photos, by their keys."""
    found = re.findall(r'<img src="([^"]*)" alt="([^"]*)"', page)
    return {html.unescape(alt): html.unescape(address) for address, alt in found}


def all_images(system, site: str) -> dict[str, str]:
    """The same of all pages, by their links, as a visitor follows them."""
    found, link = {}, "/"
    while link:
        status, _, page = ask(system, site + link)
        assert status == 200
        found |= images(page.decode())
        more = re.search(r'<a href="([^"]*)">More', page.decode())
        link = html.unescape(more[1]) if more else ""
    return found


def test_the_website_shows_the_clean_photo_to_a_visitor_without_keys(system, dev):
    key, clean = dev.upload()
    with serving(system, "website", dev, "B", BUCKET_B=dev.bucket_b) as site:
        address = all_images(system, site)[key]
        status, _, photo = ask(system, address)
        assert (status, photo) == (200, clean)
        # The same without its signature, and after the delete.
        assert ask(system, address.partition("?")[0])[0] == 403
        assert urllib.parse.parse_qs(address)["X-Amz-Expires"] == ["300"]
        dev.user_a.delete_object(Bucket=dev.bucket_a, Key=key)
        wait_for(lambda: dev.photo_in_b(key) is None, f"the end of {key}")
        assert ask(system, address)[0] == 404
        assert key not in all_images(system, site)


def test_a_key_that_is_html_stays_text(system, dev):
    key = f'holiday/"><script>alert(1)</script>&amp; {uuid.uuid4().hex}.jpg'
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    clean = wait_for(lambda: dev.photo_in_b(key), key)["Body"].read()
    with serving(system, "website", dev, "B", BUCKET_B=dev.bucket_b) as site:
        after = urllib.parse.urlencode({"after": key[:10]})
        _, headers, page = ask(system, f"{site}/?{after}")
        assert b"<script" not in page
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert ask(system, images(page.decode())[key])[2] == clean


# ---- browser-upload --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uploads(system) -> Deployed:
    """A stack whose file lists an origin, as the README shows it."""
    stack_file = system.aws.project / "Pulumi.uploads.yaml"
    dev = (ROOT / "Pulumi.dev.yaml").read_text().replace("stack: dev", "stack: uploads")
    stack_file.write_text(f"{dev.rstrip()}\n  exif-ripper:uploadOrigins:\n    - {SITE}\n    - http://localhost:8000\n")
    check_settings("uploads", system.aws.project)
    system.deploy("uploads", {})
    return system.deployed("uploads")


def preflight(system, address: str, origin: str, method: str = "PUT", header: str = "content-type") -> tuple[int, Any]:
    """What a browser asks before an upload."""
    asked = {"Access_Control_Request_Method": method, "Access_Control_Request_Headers": header}
    return ask(system, address, "OPTIONS", Origin=origin, **asked)[:2]


def signed(system, server: str) -> str:
    status, _, answer = ask(system, f"{server}/uploads", "POST", b"")
    assert status == 200
    return json.loads(answer)["url"]


def test_a_page_of_the_listed_origin_uploads_and_the_clean_photo_comes_out(system, uploads):
    with serving(system, "browser-upload", uploads, "A", BUCKET_A=uploads.bucket_a, KEY_PREFIX="web/") as server:
        status, _, page = ask(system, f"{server}/")
        assert status == 200 and b'fetch("/uploads", { method: "POST" })' in page
        address = signed(system, server)
        status, headers = preflight(system, address, SITE)
        assert (status, headers["Access-Control-Allow-Origin"]) == (200, SITE)
        status, headers, _ = ask(system, address, "PUT", uploads.sample, Origin=SITE, Content_Type="image/jpeg")
        assert (status, headers["Access-Control-Allow-Origin"]) == (200, SITE)
    key = urllib.parse.urlsplit(address).path.removeprefix(f"/{uploads.bucket_a}/")
    assert re.fullmatch(r"web/[0-9a-f]{32}\.jpg", key)
    clean = wait_for(lambda: uploads.photo_in_b(key), key)["Body"].read()
    assert clean.startswith(b"\xff\xd8") and b"Exif" in uploads.sample and b"Exif" not in clean


def test_another_page_another_method_or_another_header_is_refused(system, dev, uploads):
    with serving(system, "browser-upload", uploads, "A", BUCKET_A=uploads.bucket_a) as server:
        address = signed(system, server)
    for asked in (
        {"origin": "https://elsewhere.example"},
        {"origin": "https://uploads.invalid"},
        {"origin": SITE, "method": "DELETE"},
        {"origin": SITE, "method": "GET"},
        {"origin": SITE, "header": "x-amz-acl"},
    ):
        status, headers = preflight(system, address, **asked)
        assert (status, headers["Access-Control-Allow-Origin"]) == (403, None), asked
    # Without the setting no page may.
    with serving(system, "browser-upload", dev, "A", BUCKET_A=dev.bucket_a) as server:
        assert preflight(system, signed(system, server), SITE)[0] == 403


def test_a_signed_upload_takes_no_other_type_no_other_key_and_no_other_method(system, uploads):
    with serving(system, "browser-upload", uploads, "A", BUCKET_A=uploads.bucket_a) as server:
        address = signed(system, server)
    before = uploads.objects("a")
    for wrong, method, kind in (
        (address, "PUT", "text/html"),
        (address.replace(".jpg?", "0.jpg?"), "PUT", "image/jpeg"),
        (address, "DELETE", "image/jpeg"),
        (address.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"), "PUT", "image/jpeg"),
    ):
        status, _, answer = ask(system, wrong, method, uploads.sample, Content_Type=kind)
        assert status == 403 and b"SignatureDoesNotMatch" in answer, (method, kind, answer)
    assert uploads.objects("a") == before
