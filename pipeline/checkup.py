"""Is this machine fit to work? One check a line, each with its next move."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import artefact
from pipeline.errors import PipelineError
from pipeline.ocr.wayup import shipped
from pipeline.settings import document_types
from pipeline.site import objects_of, settings_of
from pipeline.store.holder import is_local
from pipeline.store.s3 import S3Store
from pipeline.wiring import engine_of, index_rules, models_of, second_engine_of

SPACE = 2_000_000_000  # bytes free, below which intake would soon stop
_NO_HOUSES = (
    "; no letterhead is foreign: name your houses in identity.toml, authorities.names"
)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it will do, and what was found or what to do."""

    name: str
    ok: bool
    says: str


def examine(data: Path) -> Iterator[Check]:
    """Every check in order; none raises, none changes anything."""
    yield _check("settings", lambda: _settings(data))
    yield _check("recognition", lambda: _engine(data))
    yield _check("poppler", _poppler)
    yield _check("models", lambda: _models(data))
    yield _check("sqlite", lambda: sqlite3.sqlite_version)
    yield _check("data folder", lambda: _folder(data))
    yield _check("objects", lambda: _objects(data))


class Unfit(PipelineError):
    """A check failed; the sentence names the next move."""


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, says=look())
    except PipelineError as error:
        return Check(name, ok=False, says=str(error))


def _objects(data: Path) -> str:
    settings = settings_of(data).objects
    if settings.store == "folder" and not data.exists():
        return "folder, made when it is first needed"
    store = objects_of(settings, data)
    if not isinstance(store, S3Store):
        return store.name
    bucket = store.probe()
    versions = "keeps versions" if bucket.versioned else "keeps no versions"
    locks = "object lock" if bucket.locked else "no object lock"
    return f"{store.name}, {versions}, {locks}"


def _settings(data: Path) -> str:
    settings_of(data)
    rules = index_rules(data)
    hint = "" if rules.clues.authorities else _NO_HOUSES
    return f"known, {len(document_types(data))} document types{hint}"


def _engine(data: Path) -> str:
    reading = settings_of(data).reading
    engines = (engine_of(reading), second_engine_of(reading))
    return " and ".join(engine.name for engine in engines if engine)


def _models(data: Path) -> str:
    names = [model.name for model in models_of(settings_of(data).models)]
    shipped()  # or ModelTampered; it has no other name than its folder's
    names.append("way up")
    for folder in sorted((data / "models").glob("types-[0-9]*")):
        artefact.read(folder)  # or ModelTampered
        names.append(folder.name)
    return " and ".join(names) + ", as their manifests say"


def _poppler() -> str:
    if not shutil.which("pdftoppm"):
        raise Unfit("pdftoppm is missing: apt-get install poppler-utils")
    done = subprocess.run(
        ["pdftoppm", "-v"], capture_output=True, text=True, check=False
    )
    return (done.stderr or done.stdout).splitlines()[0]


def _folder(data: Path) -> str:
    nearest = next(p for p in (data, *data.resolve().parents) if p.exists())
    if not is_local(nearest):
        raise Unfit(f"{data} lies on a network share; SQLite needs a local disk")
    free = shutil.disk_usage(nearest).free
    if free < SPACE:
        raise Unfit(f"{data} has {free / 1e9:.1f} GB left; make room")
    if data.exists() and data.stat().st_mode & 0o077:
        raise Unfit(f"others may read {data}: chmod 700 {data}")
    return f"{data}, local, {free / 1e9:.0f} GB free"
