"""The object folder: durable, healed, and loud when the disk fails."""

from __future__ import annotations

import os
import shutil
import stat

import pytest

from pipeline.errors import StoreUnavailable
from pipeline.store import folder
from pipeline.store.folder import FolderStore
from tests.faults.stores import (
    FlippingStore,
    FullStore,
    UnavailableStore,
    rot,
    small_disk,
)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "objects"


@pytest.fixture
def objects(root):
    return FolderStore(root)


def files(root):
    return sorted(p for p in root.rglob("*") if p.is_file())


def test_objects_are_read_only_and_fanned_out(objects, root):
    key = objects.put(b"a page")
    (path,) = files(root)
    assert path == root / key[:2] / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_rot_is_seen_and_healed_by_the_same_bytes(objects, root, caplog):
    key = objects.put(b"a page")
    rot(root / key[:2] / key)
    assert not objects.verify(key)
    with pytest.raises(StoreUnavailable, match="damaged"):
        objects.get(key)
    assert objects.put(b"a page") == key
    assert objects.verify(key)
    assert "has been replaced" in caplog.text


def test_what_a_killed_process_left_is_swept(objects, root):
    old, new = root / ".tmp-old", root / ".tmp-new"
    for path in (old, new):
        path.write_bytes(b"half a page")
    os.utime(old, (0, 0))
    key = objects.put(b"a page")
    objects.sweep()
    assert not old.exists()
    assert new.exists()
    assert objects.verify(key)


def test_a_damaged_file_is_not_handed_out(objects, root):
    key = objects.put(b"a page")
    with objects.local(key) as path:
        assert path.read_bytes() == b"a page"
    rot(root / key[:2] / key)
    with pytest.raises(StoreUnavailable, match="damaged"), objects.local(key):
        pass


def test_what_was_just_read_back_is_not_hashed_again(objects, tmp_path, monkeypatch):
    """A file of 180 MB waited a tenth of a second for that before its first page."""
    (tmp_path / "scan").write_bytes(b"another page")
    keys = [objects.put(b"a page"), objects.put_file(tmp_path / "scan")]
    hashed = []
    monkeypatch.setattr(folder, "_hash", hashed.append)
    for key in keys:
        with objects.local(key) as path:
            assert path.name == key
    assert hashed == []


def test_what_was_written_to_while_it_was_read_back_is_hashed_again(
    objects, root, monkeypatch
):
    real = folder._hash

    def spoilt(path):
        told = real(path)
        rot(path)
        return told

    with monkeypatch.context() as patched:
        patched.setattr(folder, "_hash", spoilt)
        key = objects.put(b"a page")
    with pytest.raises(StoreUnavailable, match="damaged"), objects.local(key):
        pass


def test_a_full_disk_is_loud_and_leaves_nothing_behind(objects, root, tmp_path):
    source = tmp_path / "big"
    source.write_bytes(os.urandom(300_000))
    with small_disk(100_000):
        with pytest.raises(StoreUnavailable, match="make room"):
            objects.put(source.read_bytes())
        with pytest.raises(StoreUnavailable, match="make room"):
            objects.put_file(source)
    assert files(root) == []
    assert objects.verify(objects.put_file(source))


def test_a_disk_that_writes_something_else_is_found_out(objects, root, monkeypatch):
    real = os.fsync

    def spoil(handle):
        real(handle)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.pwrite(handle, b"X", 0)

    monkeypatch.setattr(os, "fsync", spoil)
    with pytest.raises(StoreUnavailable, match="not read back"):
        objects.put(b"a page")
    assert files(root) == []


def test_an_unmounted_store_is_not_an_empty_one(objects, root):
    key = objects.put(b"a page")
    shutil.rmtree(root)
    for call in (objects.stat, objects.get, objects.verify, objects.metadata):
        with pytest.raises(StoreUnavailable):
            call(key)
    with pytest.raises(StoreUnavailable):
        objects.put(b"a page")


def test_a_store_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        FolderStore(tmp_path / "file" / "objects")


def test_no_path_in_the_message(objects, root):
    key = objects.put(b"a page")
    shutil.rmtree(root)
    with pytest.raises(StoreUnavailable) as caught:
        objects.get(key)
    assert str(root) not in str(caught.value)


def test_the_faulty_stores_are_faulty(objects):
    key = objects.put(b"a page")
    down = UnavailableStore(objects)
    with pytest.raises(StoreUnavailable):
        down.get(key)
    down.up = True
    assert down.get(key) == b"a page"
    full = FullStore(objects, room=1)
    full.put(b"one")
    for call in (lambda: full.put(b"two"), lambda: full.put_file(None)):
        with pytest.raises(StoreUnavailable):
            call()
    assert full.stat(key) == 6
    flipping = FlippingStore(objects)
    with flipping.local(key) as path:
        assert path.read_bytes() == flipping.get(key) != b"a page"
    assert (flipping.verify(key), flipping.stat(key)) == (False, 6)
