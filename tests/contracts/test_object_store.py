"""What every ObjectStore must do: a folder, and S3 by a tiny server or a real one."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import Key
from pipeline.store.folder import FolderStore
from pipeline.store.objects import ObjectStore
from pipeline.store.s3 import S3Store
from tests.store.tiny_s3 import BUCKET, TinyS3

ABSENT = Key("0" * 64)


def real_s3() -> S3Store:
    """The server of the environment; the test is skipped without one."""
    names = ("ENDPOINT", "BUCKET", "ACCESS", "SECRET")
    values = [os.environ.get(f"CHARTFILER_TEST_S3_{name}") for name in names]
    if not all(values):
        pytest.skip("no S3 server in the environment: make test-services")
    endpoint, bucket, access, secret = values
    store = S3Store(endpoint, bucket, access, secret, secure=False)
    if not store._client.bucket_exists(bucket_name=bucket):
        store._client.make_bucket(bucket_name=bucket)
    return store


@pytest.fixture(
    params=["folder", "tiny s3", pytest.param("s3", marks=pytest.mark.services)]
)
def objects(request, tmp_path) -> Iterator[ObjectStore]:
    match request.param:
        case "folder":
            yield FolderStore(tmp_path / "objects")
        case "tiny s3":
            with TinyS3().running() as server:
                yield S3Store(server.endpoint, BUCKET, "a", "secret", secure=False)
        case _:
            yield real_s3()


def test_what_is_put_is_got_by_its_hash(objects):
    data = os.urandom(10_000)
    key = objects.put(data)
    assert key == hashlib.sha256(data).hexdigest()
    assert objects.get(key) == data
    assert objects.stat(key) == len(data)
    assert objects.verify(key)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=300))
def test_putting_twice_is_putting_once(objects, data):
    assert objects.put(data) == objects.put(data)
    assert objects.get(objects.put(data)) == data


def test_a_file_is_stored_as_its_bytes(objects, tmp_path):
    path = tmp_path / "scan.tif"
    data = os.urandom(3 << 20)
    path.write_bytes(data)
    key = objects.put_file(path)
    assert key == hashlib.sha256(data).hexdigest() == objects.put_file(path)
    assert objects.get(key) == data
    assert path.read_bytes() == data


def test_a_missing_source_file_is_no_fault_of_the_store(objects, tmp_path):
    with pytest.raises(FileNotFoundError):
        objects.put_file(tmp_path / "none")


def test_a_local_path_lasts_as_long_as_its_context(objects):
    data = os.urandom(5000)
    key = objects.put(data)
    with objects.local(key) as path:
        assert isinstance(path, Path)
        assert path.read_bytes() == data
    assert objects.verify(key)


def test_what_is_not_there(objects):
    assert objects.stat(ABSENT) is None
    assert not objects.verify(ABSENT)
    with pytest.raises(KeyError):
        objects.get(ABSENT)
    with pytest.raises(KeyError):
        with objects.local(ABSENT):
            pass


def test_metadata_are_ascii_and_the_first_ones_stand(objects):
    data = os.urandom(100)
    key = objects.put(data, {"document": "b1-1", "pages": "3"})
    objects.put(data, {"document": "other"})
    assert objects.metadata(key) == {"document": "b1-1", "pages": "3"}
    assert objects.metadata(objects.put(os.urandom(99))) == {}
    for bad in ("Müller", "two\nlines"):
        with pytest.raises(ValueError, match="ASCII"):
            objects.put(b"x", {"name": bad})


def test_many_threads_may_put_the_same(objects):
    data = os.urandom(50_000)
    keys: list[Key] = []
    threads = [
        threading.Thread(target=lambda: keys.append(objects.put(data)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert keys == [hashlib.sha256(data).hexdigest()] * 8
    assert objects.get(keys[0]) == data


def test_the_store_says_its_name(objects):
    assert objects.name.startswith(("folder", "s3 bucket"))


@pytest.mark.services
def test_a_long_object_goes_up_in_parts(tmp_path):
    store = real_s3()
    path = tmp_path / "long"
    path.write_bytes(os.urandom(40 << 20))
    key = store.put_file(path)
    assert store.verify(key)
    assert store.probe().versioned in (True, False)
