"""A website that shows the clean photos and reads as user B. Bucket B stays private: the page has presigned addresses,
which end after some minutes, and browsers get the photos from S3 and not through this server."""

import html
import os
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config

BUCKET_B = os.environ["BUCKET_B"]
# Long enough to load the page, short enough that an address that is passed on soon ends.
SECONDS = 300
PER_PAGE = 50
# The bucket's own address, as the one without a region redirects.
s3 = boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


def figure(key: str) -> str:
    """A photo with its key under it. A key is whatever an uploader chose, so it can hold HTML."""
    address = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET_B, "Key": key}, ExpiresIn=SECONDS)
    name = html.escape(key)
    image = f'<img src="{html.escape(address)}" alt="{name}" loading="lazy" width="300">'
    return f"<figure>{image}<figcaption>{name}</figcaption></figure>"


def page(after: str) -> str:
    """The photos whose keys follow `after` in the order of S3, and a link to those that follow them."""
    listed = s3.list_objects_v2(Bucket=BUCKET_B, MaxKeys=PER_PAGE, StartAfter=after)
    keys = [entry["Key"] for entry in listed.get("Contents", [])]
    more = f'<a href="/?{urllib.parse.urlencode({"after": keys[-1]})}">More</a>' if listed["IsTruncated"] else ""
    body = "\n".join(map(figure, keys)) or "<p>No photos yet.</p>"
    return f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Photos</title>\n{body}\n{more}</html>\n'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path != "/":
            self.send_error(404)
            return
        # A real site asks here who it is: whoever gets the page sees the photos.
        body = page(urllib.parse.parse_qs(query).get("after", [""])[0]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # A page from a cache could have addresses that have ended.
        self.send_header("Cache-Control", "no-store")
        # Nothing but photos, even if a key should ever get past the escaping.
        self.send_header("Content-Security-Policy", "default-src 'none'; img-src https:")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Handler)
    sys.stdout.write(f"http://localhost:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
