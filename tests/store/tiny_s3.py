"""An S3 server in a hundred lines: enough of the protocol for our own client.

It checks no signature. It may be told to lose, spoil or refuse what it is given.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

BUCKET = "charts"


class TinyS3(ThreadingHTTPServer):
    """One bucket in memory. ``spoil`` flips a byte of what is put from then on."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.spoil = self.refuse = self.bare = False
        self.puts = 0

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @contextlib.contextmanager
    def running(self) -> Iterator[TinyS3]:
        thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Answers(BaseHTTPRequestHandler):
    server: TinyS3
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        self.server.puts += 1
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refuse:
            return self.fail(403, "AccessDenied")
        meta = {
            k: v for k, v in self.headers.items() if k.lower().startswith("x-amz-meta-")
        }
        if self.server.spoil and data:
            data = bytes([data[0] ^ 1]) + data[1:]
        self.server.objects[self.key] = (data, meta)
        return self.send(200, b"", {"ETag": f'"{hashlib.md5(data).hexdigest()}"'})

    def do_GET(self):
        if self.server.refuse:
            return self.fail(403, "AccessDenied")
        query = urlsplit(self.path).query
        if "versioning" in query:
            status = "" if self.server.bare else "<Status>Enabled</Status>"
            return self.send(200, xml("VersioningConfiguration", status))
        if "object-lock" in query:
            if self.server.bare:
                return self.fail(404, "ObjectLockConfigurationNotFoundError")
            on = "<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
            return self.send(200, xml("ObjectLockConfiguration", on))
        if self.key not in self.server.objects:
            return self.fail(404, "NoSuchKey")
        data, meta = self.server.objects[self.key]
        now = "Mon, 23 Nov 2026 12:00:00 GMT"
        return self.send(200, data, {**meta, "Last-Modified": now, "ETag": '"x"'})

    def do_HEAD(self):
        if not self.key and self.path.strip("/") == BUCKET:
            return self.send(200, b"")
        if not urlsplit(self.path).path.startswith(f"/{BUCKET}"):
            return self.fail(404, "NoSuchBucket")
        return self.do_GET()

    def do_DELETE(self):
        self.server.objects.pop(self.key, None)
        return self.send(204, b"")

    @property
    def key(self) -> str:
        return urlsplit(self.path).path.removeprefix(f"/{BUCKET}").strip("/")

    def fail(self, status, code):
        self.send(status, xml("Error", f"<Code>{code}</Code><Message>no</Message>"))

    def send(self, status, body, headers=None):
        self.send_response(status)
        sent = {"Content-Type": "application/xml", **(headers or {})}
        for name, value in sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args):
        pass


def xml(name, inside):
    space = "http://s3.amazonaws.com/doc/2006-03-01/"
    return f'<?xml version="1.0"?><{name} xmlns="{space}">{inside}</{name}>'.encode()
