"""A model folder is taken whole and unchanged, or not at all."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from pipeline import artefact
from pipeline.artefact import MANIFEST, NUMBERS, TERMS, Artefact
from pipeline.errors import ModelTampered, SettingsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Artefact({"name": "m 1"}, {"w": np.arange(6.0)}, {"terms": ["a", "é"]})
    artefact.write(tmp_path / "m", made)
    return tmp_path / "m"


def test_round_trip(folder: Path) -> None:
    found = artefact.read(folder)
    assert found.manifest["name"] == "m 1"
    assert found.arrays["w"].tolist() == [0, 1, 2, 3, 4, 5]
    assert found.lists == {"terms": ["a", "é"]}


def test_same_model_same_bytes(folder: Path, tmp_path: Path) -> None:
    artefact.write(tmp_path / "again", artefact_of(folder))
    for name in (MANIFEST, NUMBERS, TERMS):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def artefact_of(folder: Path) -> Artefact:
    found = artefact.read(folder)
    about = {k: v for k, v in found.manifest.items() if k not in ("files", "schema")}
    return Artefact(about, found.arrays, found.lists)


@pytest.mark.parametrize("name", [MANIFEST, NUMBERS, TERMS])
def test_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelTampered, match=name):
        artefact.read(folder)


@pytest.mark.parametrize("name", [MANIFEST, NUMBERS, TERMS])
def test_truncated(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelTampered, match=name):
        artefact.read(folder)


@pytest.mark.parametrize("name", [NUMBERS, TERMS])
def test_one_bit_changed(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(ModelTampered, match=name):
        artefact.read(folder)


def test_extra_file(folder: Path) -> None:
    (folder / "more.py").write_text("print()")
    with pytest.raises(ModelTampered, match="1 files too many"):
        artefact.read(folder)


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_another_schema(folder: Path, schema: object) -> None:
    change(folder, schema=schema)
    with pytest.raises(ModelTampered, match="schema"):
        artefact.read(folder)


@pytest.mark.parametrize("files", [{}, [], {NUMBERS: 1}])
def test_a_manifest_that_vouches_for_nothing(folder: Path, files: object) -> None:
    change(folder, files=files)
    with pytest.raises(ModelTampered, match="not named"):
        artefact.read(folder)


def change(folder: Path, **keys: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | keys))


def test_vouched_for_but_pickled(tmp_path: Path) -> None:
    """Even a manifest forged to fit cannot bring code in."""
    ran = tmp_path / "ran"
    forge(tmp_path / "m", pickle.dumps(Bomb(ran)))
    with pytest.raises(ModelTampered, match="unreadable"):
        artefact.read(tmp_path / "m")
    assert not ran.exists()


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def forge(folder: Path, numbers: bytes) -> None:
    artefact.write(folder, Artefact({}, {"w": np.zeros(1)}, {"terms": []}))
    (folder / NUMBERS).write_bytes(numbers)
    named = {"bytes": len(numbers), "sha256": artefact.sha256(numbers)}
    files = json.loads((folder / MANIFEST).read_text())["files"]
    change(folder, files=files | {NUMBERS: named})


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="chartfiler train"):
        artefact.read(tmp_path / "nowhere")
