"""Gives a page to upload photos with, and signs each upload as user A. The photo goes from the browser straight to
bucket A, so the secret key stays here and the photo's bytes never pass."""

import json
import os
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
from botocore.config import Config

PAGE = Path(__file__).with_name("page.html").read_bytes()
# Time enough to begin an upload; one that has begun may take longer.
SECONDS = 300
# The bucket's own address. The address without a region redirects, and browsers do not follow that in a preflight.
s3 = boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


def signed_upload() -> str:
    """An address that takes one key and one type for some minutes. The server chooses the key: one from the browser
    could overwrite the photo of somebody else."""
    key = f"{os.environ.get('KEY_PREFIX', '')}{uuid.uuid4().hex}.jpg"
    wanted = {"Bucket": os.environ["BUCKET_A"], "Key": key, "ContentType": "image/jpeg"}
    return s3.generate_presigned_url("put_object", Params=wanted, ExpiresIn=SECONDS)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            self.answer("text/html; charset=utf-8", PAGE)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        # A real site asks here who it is: whoever gets an answer may upload.
        if self.path == "/uploads":
            self.answer("application/json", json.dumps({"url": signed_upload()}).encode())
        else:
            self.send_error(404)

    def answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Handler)
    sys.stdout.write(f"http://localhost:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
