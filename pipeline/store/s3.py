"""Objects in a bucket of any S3 server, named by their SHA-256, by the minio client.

Nothing rests on conditional PUT: some servers ignore it silently. Putting the same
bytes again is harmless, for the name says what they are. What is put is read back and
compared. Whether a bucket keeps old versions and locks them is told by ``probe`` and
never assumed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from pipeline.document import Key
from pipeline.errors import StoreUnavailable, UnreadableFile
from pipeline.store.folder import CHUNK, check_metadata, damaged
from pipeline.store.temporary import temporary_file

CONNECT, READ = 5.0, 60.0  # seconds
PART = 16 << 20  # bytes of one part of a long upload
ABSENT = ("NoSuchKey", "NoSuchObject")


@dataclass(frozen=True, slots=True)
class Bucket:
    """What the server says of the bucket; a claim, not a proof."""

    versioned: bool
    locked: bool  # object lock is configured


class S3Store:
    """Content-addressed objects in one bucket, which must exist.

    ``endpoint`` is "host:port". Making one does not speak to the server.
    """

    def __init__(
        self,
        endpoint: str,
        bucket: str,
        access: str,
        secret: str,
        *,
        secure: bool = True,
    ) -> None:
        self.name = f"s3 bucket {bucket}"
        self._bucket = bucket
        self._client = Minio(
            endpoint=endpoint,
            access_key=access,
            secret_key=secret,
            secure=secure,
            region="us-east-1",  # spares a question; servers of one's own ignore it
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=CONNECT, read=READ),
                maxsize=10,
                retries=urllib3.Retry(
                    total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]
                ),
            ),
        )

    def put(self, data: bytes, metadata: dict[str, str] | None = None) -> Key:
        """Store, read back, compare; the key. An object that is there stays."""
        check_metadata(metadata or {})
        key = Key(hashlib.sha256(data).hexdigest())
        if not self.verify(key):
            self._upload(key, io.BytesIO(data), len(data), metadata)
            if not self.verify(key):
                raise damaged(key)
        return key

    def put_file(self, path: Path) -> Key:
        """The same for a file on disk. Raises UnreadableFile if it still changes."""
        with path.open("rb") as file:
            key = Key(hashlib.file_digest(file, "sha256").hexdigest())
            if self.verify(key):
                return key
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            self._upload(key, file, size, None)
            if self.verify(key):
                return key
            file.seek(0)
            if hashlib.file_digest(file, "sha256").hexdigest() == key:
                raise damaged(key)
        with self._answering(key):
            self._client.remove_object(bucket_name=self._bucket, object_name=key)
        raise UnreadableFile("the file changed while it was stored: give it again")

    def get(self, key: Key) -> bytes:
        """Raises KeyError if there is none, StoreUnavailable if it is damaged."""
        data = b"".join(self._chunks(key))
        if hashlib.sha256(data).hexdigest() != key:
            raise damaged(key)
        return data

    @contextlib.contextmanager
    def local(self, key: Key) -> Iterator[Path]:
        """A temporary copy, compared with its hash, gone when the context ends."""
        with temporary_file() as path:
            digest = hashlib.sha256()
            # the copy's disk may be full
            with self._answering(key), path.open("wb") as copy:
                for chunk in self._chunks(key):
                    digest.update(chunk)
                    copy.write(chunk)
            if digest.hexdigest() != key:
                raise damaged(key)
            yield path

    def stat(self, key: Key) -> int | None:
        try:
            with self._answering(key):
                found = self._client.stat_object(
                    bucket_name=self._bucket, object_name=key
                )
        except KeyError:
            self._check_bucket()
            return None
        return found.size

    def verify(self, key: Key) -> bool:
        """Whether the stored bytes still have this hash; False if there are none."""
        digest = hashlib.sha256()
        try:
            for chunk in self._chunks(key):
                digest.update(chunk)
        except KeyError:
            return False
        return digest.hexdigest() == key

    def metadata(self, key: Key) -> dict[str, str]:
        """What was said of the object when it was put; names in lower case."""
        with self._answering(key):
            found = self._client.stat_object(bucket_name=self._bucket, object_name=key)
        told = {str(k).lower(): str(v) for k, v in (found.metadata or {}).items()}
        mark = "x-amz-meta-"
        return {k.removeprefix(mark): v for k, v in told.items() if k.startswith(mark)}

    def probe(self) -> Bucket:
        """What the bucket says it can do; raises StoreUnavailable if there is none."""
        self._check_bucket()
        with self._answering("bucket"):
            versions = self._client.get_bucket_versioning(bucket_name=self._bucket)
        return Bucket(versions.status == "Enabled", self._locks())

    def _check_bucket(self) -> None:
        """A bucket that is not there must not look like an empty one."""
        with self._answering("bucket"):
            if not self._client.bucket_exists(bucket_name=self._bucket):
                raise StoreUnavailable(
                    f"{self.name} is not there: create it, with versioning, and run"
                    " again"
                )

    def _locks(self) -> bool:
        try:
            self._client.get_object_lock_config(bucket_name=self._bucket)
        except (MinioException, HTTPError, ValueError):
            return False
        return True

    def _upload(
        self, key: Key, data: BinaryIO, size: int, metadata: dict[str, str] | None
    ) -> None:
        with self._answering(key):
            self._client.put_object(
                bucket_name=self._bucket,
                object_name=key,
                data=data,
                length=size,
                part_size=PART,
                metadata=dict(metadata) if metadata else None,
            )

    def _chunks(self, key: Key) -> Iterator[bytes]:
        """The object's bytes as they come; raises KeyError."""
        with self._answering(key):
            response = self._client.get_object(
                bucket_name=self._bucket, object_name=key
            )
            try:
                yield from response.stream(CHUNK)
            finally:
                response.close()
                response.release_conn()

    @contextlib.contextmanager
    def _answering(self, what: str) -> Iterator[None]:
        """Turn the client's errors into ours."""
        try:
            yield
        except S3Error as error:
            if error.code in ABSENT:
                raise KeyError(what) from None
            raise StoreUnavailable(
                f"{self.name} refused {what} ({error.code}): check its keys and rights,"
                " and run again"
            ) from error
        except (MinioException, HTTPError, OSError) as error:
            raise StoreUnavailable(
                f"{self.name} did not answer ({type(error).__name__}): check that the"
                " server runs, and run again"
            ) from error
