"""S3: what is refused, spoiled or away is told as such."""

from __future__ import annotations

import pytest

from pipeline.document import Key
from pipeline.errors import StoreUnavailable, UnreadableFile
from pipeline.store.s3 import Bucket, S3Store
from tests.store.tiny_s3 import BUCKET, TinyS3


@pytest.fixture
def server():
    with TinyS3().running() as tiny:
        yield tiny


def store_of(server, bucket=BUCKET):
    return S3Store(server.endpoint, bucket, "a", "secret", secure=False)


def test_the_probe_reports_what_the_server_says(server):
    assert store_of(server).probe() == Bucket(versioned=True, locked=True)
    server.bare = True
    assert store_of(server).probe() == Bucket(versioned=False, locked=False)


def test_a_missing_bucket_is_not_an_empty_one(server):
    other = store_of(server, "other")
    for call in (other.probe, lambda: other.stat(Key("0" * 64))):
        with pytest.raises(StoreUnavailable, match="create it"):
            call()


def test_what_is_there_is_not_sent_again(server):
    store = store_of(server)
    store.put(b"a page")
    store.put(b"a page")
    assert server.puts == 1


def test_a_server_that_spoils_is_found_out_and_healed(server, tmp_path):
    store, path = store_of(server), tmp_path / "scan"
    path.write_bytes(b"a page")
    server.spoil = True
    with pytest.raises(StoreUnavailable, match="damaged"):
        store.put(b"a page")
    with pytest.raises(StoreUnavailable, match="damaged"):
        store.put_file(path)
    (key,) = server.objects
    with pytest.raises(StoreUnavailable, match="damaged"):
        store.get(Key(key))
    with pytest.raises(StoreUnavailable, match="damaged"), store.local(Key(key)):
        pass
    server.spoil = False
    assert store.get(store.put_file(path)) == b"a page"


def test_a_file_that_changes_meanwhile_is_given_back(server, tmp_path, monkeypatch):
    store, path = store_of(server), tmp_path / "scan"
    path.write_bytes(b"a page")
    upload = store._upload

    def change_first(key, data, size, metadata):
        path.write_bytes(b"b page")
        upload(key, data, size, metadata)

    monkeypatch.setattr(store, "_upload", change_first)
    with pytest.raises(UnreadableFile, match="changed"):
        store.put_file(path)
    assert server.objects == {}


def test_a_refusal_and_a_dead_server(server):
    server.refuse = True
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        store_of(server).put(b"a page")
    nobody = S3Store("127.0.0.1:1", BUCKET, "a", "secret", secure=False)
    with pytest.raises(StoreUnavailable, match="did not answer"):
        nobody.get(Key("0" * 64))
