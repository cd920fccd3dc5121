"""The only place where settings become objects: one ``match`` a seam, no registry."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.classify.artefact import load_model
from pipeline.document import DocumentType, PatientId, TypeFacts
from pipeline.errors import SettingsError
from pipeline.flow import Reader, Tools
from pipeline.index.candidates import KeyedIndex
from pipeline.index.cut import IndexRules
from pipeline.ingest.formats import Limits
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.pytess import PytesseractEngine
from pipeline.ocr.remembered import Recorded
from pipeline.ocr.tesseract import TesseractEngine
from pipeline.reading import PoolLimits, ReadingPool
from pipeline.review.rules import FilingRules
from pipeline.settings import (
    IntakeSettings,
    LimitSettings,
    ObjectSettings,
    ReadingSettings,
    WebSettings,
    document_types,
    read_toml,
    section,
)
from pipeline.store.folder import FolderStore
from pipeline.store.objects import ObjectStore
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.s3 import S3Store
from pipeline.store.sql_catalogue import SqlCatalogue

MODELS = Path(__file__).parent.parent / "models"
FILE = "pipeline.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """config/pipeline.toml, as it holds for one site."""

    intake: IntakeSettings
    limits: LimitSettings
    reading: ReadingSettings
    filing: FilingRules
    objects: ObjectSettings
    web: WebSettings


@dataclass(frozen=True, slots=True)
class Site:
    """One hospital's data folder, opened: settings, books, bytes and people."""

    data: Path
    settings: Settings
    type_facts: dict[DocumentType, TypeFacts]
    catalogue: SqlCatalogue
    people: SqlPatients
    objects: ObjectStore

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    def mrn_of(self, patient: PatientId) -> str:
        """The surviving MRN of a patient; the id itself if the index lost the row."""
        found = self.people.get(patient)
        return found.mrn if found else patient


def settings_of(data: Path | None = None) -> Settings:
    """Raises SettingsError naming the file and the key at fault."""
    table = read_toml(FILE, data)
    for name in table:
        if name not in Settings.__dataclass_fields__:
            raise SettingsError(f"{FILE}: there is no section [{name}]")
    return Settings(
        intake=section(table, "intake", IntakeSettings, FILE),
        limits=section(table, "limits", LimitSettings, FILE),
        reading=section(table, "reading", ReadingSettings, FILE),
        filing=section(table, "filing", FilingRules, FILE),
        objects=section(table, "objects", ObjectSettings, FILE),
        web=section(table, "web", WebSettings, FILE),
    )


def open_site(data: Path) -> Site:
    """Open a data folder, made (0700) if it is not there; any process may."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "inbox").mkdir(mode=0o700, exist_ok=True)
    settings = settings_of(data)
    database = data / "catalogue.sqlite"
    return Site(
        data=data,
        settings=settings,
        type_facts=document_types(data),
        catalogue=SqlCatalogue(database),
        people=SqlPatients(database),
        objects=objects_of(settings.objects, data),
    )


def tools_of(site: Site, reader: Reader) -> Tools:
    """Everything the journey needs; loads the models, so only the holder asks."""
    return Tools(
        reader=reader,
        types=load_model(MODELS / "types"),
        type_facts=site.type_facts,
        patients=KeyedIndex(site.people),
        identity=identity_of(site),
        objects=site.objects,
        catalogue=site.catalogue,
        rules=site.settings.filing,
    )


def reader_of(settings: Settings) -> ReadingPool:
    """The pool of sandboxed processes; to be made in the main thread."""
    reading, limits = settings.reading, settings.limits
    return ReadingPool(
        engine_of(reading),
        PoolLimits(
            workers=reading.workers or os.cpu_count() or 1,
            page_seconds=reading.page_seconds,
            memory_bytes=reading.memory_bytes,
            tasks_per_process=reading.pages_per_process,
            files=Limits(limits.pages, limits.pixels, limits.bytes),
        ),
    )


def engine_of(reading: ReadingSettings) -> OcrEngine:
    """The OCR engine that [reading] names."""
    match reading.engine:
        case "tesseract":
            return TesseractEngine(reading.tessdata)
        case "pytesseract":
            return PytesseractEngine(reading.tessdata)
        case "recorded":
            return Recorded(Path(reading.recognition))
        case other:
            raise SettingsError(f"{FILE}: [reading] engine knows no {other!r}")


def objects_of(settings: ObjectSettings, data: Path) -> ObjectStore:
    """The object store that [objects] names; keys of S3 come from the environment."""
    match settings.store:
        case "folder":
            return FolderStore(data / "objects")
        case "s3":
            return S3Store(
                endpoint=settings.endpoint,
                bucket=settings.bucket,
                access=_secret("CHARTFILER_S3_ACCESS"),
                secret=_secret("CHARTFILER_S3_SECRET"),
                secure=settings.secure,
            )
        case other:
            raise SettingsError(f"{FILE}: [objects] store knows no {other!r}")


def identity_of(site: Site) -> IndexRules:
    """config/identity.toml as the index wants it."""
    table: dict[str, Any] = read_toml("identity.toml", site.data)
    raise NotImplementedError(table)


def _secret(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SettingsError(f"the environment lacks {name}; set it and start again")
    return value
