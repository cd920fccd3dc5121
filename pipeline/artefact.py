"""A trained model on disk, in any room: numbers, terms and a manifest for both.

The folder holds exactly ``manifest.json``, ``numbers.npz`` (arrays, never pickled, so
that loading cannot execute anything), ``terms.json`` (lists of strings) and, where
there is one, ``report.md`` for people. The manifest gives length and sha256 of the
others; each is read once, so that what is used is what was hashed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelTampered

SCHEMA = 1
MANIFEST, NUMBERS, TERMS = "manifest.json", "numbers.npz", "terms.json"
REPORT = "report.md"
Arrays = Mapping[str, NDArray[Any]]
Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a model folder holds; ``manifest`` also says how it was trained."""

    manifest: Mapping[str, Any] = field(repr=False)
    arrays: Arrays = field(repr=False)
    lists: Lists = field(repr=False)
    report: str = field(default="", repr=False)  # Markdown; "" for none


def write(folder: Path, artefact: Artefact) -> None:
    """Put a model in its folder, the manifest last; the same model, the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = io.BytesIO()
    np.savez_compressed(numbers, allow_pickle=False, **artefact.arrays)
    files = {
        NUMBERS: numbers.getvalue(),
        TERMS: json.dumps(artefact.lists, ensure_ascii=True, indent=0).encode(),
    }
    if artefact.report:
        files[REPORT] = artefact.report.encode()
    (folder / MANIFEST).unlink(missing_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    manifest = {
        "schema": SCHEMA,
        **artefact.manifest,
        "files": {n: {"bytes": len(d), "sha256": sha256(d)} for n, d in files.items()},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def read(folder: Path) -> Artefact:
    """The model of a folder, every byte vouched for by its manifest.

    Raises ModelTampered for anything missing, extra, shortened or changed.
    """
    manifest = _manifest(folder)
    told = REPORT in manifest.get("files", ())
    wanted = (NUMBERS, TERMS, REPORT) if told else (NUMBERS, TERMS)
    files = {name: _vouched(folder, name, manifest) for name in wanted}
    extra = {p.name for p in folder.iterdir()} - {MANIFEST, *files}
    if extra:
        raise ModelTampered(f"{folder}: {len(extra)} files too many; {_NEXT}")
    try:
        with np.load(io.BytesIO(files[NUMBERS]), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        lists = json.loads(files[TERMS])
        report = files.get(REPORT, b"").decode()
    except (ValueError, OSError, zipfile.BadZipFile) as broken:
        raise ModelTampered(
            f"{folder}: unreadable numbers or terms; {_NEXT}"
        ) from broken
    return Artefact(manifest, arrays, lists, report)


_NEXT = "restore models/ from the release or run `chartfiler train`"


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except (OSError, ValueError) as broken:
        raise ModelTampered(f"{path}: missing or not JSON; {_NEXT}") from broken
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise ModelTampered(f"{path}: key schema is not {SCHEMA}; {_NEXT}")
    return manifest


def _vouched(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    path = folder / name
    try:
        data = path.read_bytes()
        promised = manifest["files"][name]
        intact = (promised["bytes"], promised["sha256"]) == (len(data), sha256(data))
    except OSError as gone:
        raise ModelTampered(f"{path}: missing; {_NEXT}") from gone
    except (KeyError, TypeError) as unnamed:
        raise ModelTampered(f"{path}: not named in the manifest; {_NEXT}") from unnamed
    if not intact:
        raise ModelTampered(f"{path}: not the file its manifest names; {_NEXT}")
    return data


def sha256(data: bytes) -> str:
    """The hash that a manifest gives, in hex."""
    return hashlib.sha256(data).hexdigest()
