"""Faces from the npm registry: at the listed version, with the listed hash, or not."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import urllib.request
from pathlib import Path

import pytest

from benchmarks.charts import lent
from benchmarks.charts.houses import HANDS, HOUSES
from benchmarks.charts.lent import LENT, Lent, families


def test_no_hand_or_face_of_tune_or_report_is_lent() -> None:
    listed = {one.family for one in LENT}
    for split in ("tune", "report"):
        assert not listed & set(HANDS[split])
        assert not listed & {house.look.font for house in HOUSES[split]}


def test_each_face_is_listed_once_and_with_a_hash() -> None:
    assert len({one.family for one in LENT}) == len(LENT)
    assert all(one.integrity.startswith("sha512-") for one in LENT)
    assert all(len(families(kind)) > 20 for kind in ("hand", "print", "typed"))


def _packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        entry = tarfile.TarInfo(f"package/{name}")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@pytest.fixture
def registry(monkeypatch, tmp_path) -> bytes:
    """One package, "caveat", whose face holds "outlines"."""
    archive = _packed("400Regular/Caveat.ttf", b"outlines")
    monkeypatch.setattr(lent, "_FOLDER", tmp_path)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: io.BytesIO(archive))
    monkeypatch.setattr(lent.subprocess, "run", lambda *_, **__: None)
    return archive


def _lists(monkeypatch, archive: bytes) -> Lent:
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    one = Lent(
        "hand", "caveat", "1.0", f"sha512-{digest}", "400Regular/Caveat.ttf", "Caveat"
    )
    monkeypatch.setattr(lent, "LENT", (one,))
    return one


def test_a_face_is_installed_as_it_was_listed(monkeypatch, registry: bytes) -> None:
    one = _lists(monkeypatch, registry)
    lent.fetch()
    assert one.installed.read_bytes() == b"outlines"


def test_another_archive_than_the_listed_one_is_not(
    monkeypatch, tmp_path: Path, registry: bytes
) -> None:
    _lists(monkeypatch, registry + b"changed")
    with pytest.raises(ValueError, match="install nothing of it"):
        lent.fetch()
    assert not list(tmp_path.iterdir())
