"""The only place where settings become objects: one ``match`` a seam, no registry."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pipeline.classify.text_model import load_model
from pipeline.document import DocumentType, PatientId, TypeFacts
from pipeline.errors import SettingsError
from pipeline.flow import Reader, Tools
from pipeline.index.candidates import KeyedIndex
from pipeline.index.cluerules import BarcodePatterns, ClueRules
from pipeline.index.cut import IndexRules
from pipeline.index.dates import DateOrder
from pipeline.index.keys import patient_keys
from pipeline.index.numbers import CheckDigit, MrnFormat, learn_format
from pipeline.index.people import EncounterRow, PatientRow
from pipeline.ingest.batches import BatchRules
from pipeline.ingest.intake import Intake, IntakeRules
from pipeline.ingest.limits import Limits
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.pytess import PytesseractEngine
from pipeline.ocr.remembered import Recorded
from pipeline.ocr.tesseract import TesseractEngine
from pipeline.reading import PoolLimits, ReadingPool
from pipeline.review.rules import FilingRules
from pipeline.settings import (
    AuthoritySettings,
    DateSettings,
    IntakeSettings,
    LimitSettings,
    MrnSettings,
    ObjectSettings,
    ReadingSettings,
    WebSettings,
    document_types,
    read_toml,
    section,
)
from pipeline.store.folder import FolderStore
from pipeline.store.objects import ObjectStore
from pipeline.store.patient_rows import Registered, SqlPatients
from pipeline.store.s3 import S3Store
from pipeline.store.sql_catalogue import SqlCatalogue

MODELS = Path(__file__).parent.parent / "models"
FILE = "pipeline.toml"
IDENTITY = "identity.toml"
MRNS_TO_LEARN_FROM = 5000
ENOUGH_MRNS = 20


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
    catalogue = SqlCatalogue(data / "catalogue.sqlite")
    return Site(
        data=data,
        settings=settings,
        type_facts=document_types(data),
        catalogue=catalogue,
        people=SqlPatients(catalogue.database),
        objects=objects_of(settings.objects, data),
    )


def tools_of(site: Site, reader: Reader) -> Tools:
    """Everything the journey needs; loads the models, so only the holder asks."""
    identity = index_rules(site.data, site.people)
    return Tools(
        reader=reader,
        types=load_model(MODELS / "types"),
        type_facts=site.type_facts,
        patients=KeyedIndex(site.people, identity.clues.mrn),
        identity=identity,
        objects=site.objects,
        catalogue=site.catalogue,
        rules=site.settings.filing,
        mrn_of=site.mrn_of,
    )


def reader_of(settings: Settings, workers: int = 0) -> ReadingPool:
    """The pool of sandboxed processes, as many as [reading] says unless told."""
    reading, limits = settings.reading, settings.limits
    return ReadingPool(
        engine_of(reading),
        PoolLimits(
            workers=workers or reading.workers or os.cpu_count() or 1,
            page_seconds=reading.page_seconds,
            memory_bytes=reading.memory_bytes,
            tasks_per_process=reading.pages_per_process,
            files=Limits(
                limits.pages, limits.pixels, limits.bytes, limits.draw_seconds
            ),
        ),
    )


def engine_of(reading: ReadingSettings) -> OcrEngine:
    """The OCR engine that [reading] names."""
    match reading.engine:
        case "tesseract":
            return TesseractEngine(_path(reading.tessdata))
        case "pytesseract":
            return PytesseractEngine(_path(reading.tessdata))
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


def index_rules(
    data: Path | None = None, people: SqlPatients | None = None
) -> IndexRules:
    """config/identity.toml as the index wants it.

    With ``people`` the format of MRNs is learned from the imported ones, if [mrn] says
    so: the numbers themselves are the best witness of how they are made.
    """
    table = read_toml(IDENTITY, data)
    known = {"mrn", "dates", "authorities", "barcodes", "labels", "roles"}
    if unknown := set(table) - known:
        raise SettingsError(f"{IDENTITY}: there is no section {sorted(unknown)}")
    mrn = section(table, "mrn", MrnSettings, IDENTITY)
    dates = section(table, "dates", DateSettings, IDENTITY)
    types = document_types(data)
    codes = {fact.loinc: key for key, fact in types.items()} | {k: k for k in types}
    return IndexRules(
        clues=ClueRules(
            received=dt.datetime.now(dt.UTC).date(),  # each batch sets its own
            mrn=_mrn_format(mrn, people),
            date_order=_choice(dates.order, get_args(DateOrder), "[dates] order"),
            authorities=section(
                table, "authorities", AuthoritySettings, IDENTITY
            ).names,
            labels=_words(table, "labels"),
            roles=_words(table, "roles"),
            barcodes=section(table, "barcodes", BarcodePatterns, IDENTITY),
        ),
        type_codes=codes,
    )


def intake_of(site: Site, inbox: Path) -> Intake:
    """The watched folder; made if it is not there."""
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = site.settings.intake
    rules = IntakeRules(
        settle=settings.settle_seconds,
        incomplete_after=settings.incomplete_after_seconds,
        batches=batch_rules(settings),
    )
    return Intake(inbox, inbox.name, site.objects, site.catalogue, rules)


def batch_rules(settings: IntakeSettings) -> BatchRules:
    """Which files make a batch, as [intake] says."""
    return BatchRules(quiet=settings.quiet_seconds)


def keep_patients(site: Site, rows: Sequence[PatientRow]) -> tuple[int, ...]:
    """Write imported patients with the keys under which index will look for them."""
    site.people.keep(
        Registered(row.patient, patient_keys(row.patient), row.merged_into)
        for row in rows
    )
    return ()


def keep_encounters(site: Site, rows: Sequence[EncounterRow]) -> tuple[int, ...]:
    """Write imported stays; the lines of those whose MRN nobody has."""
    lost = site.people.keep_encounters((row.encounter, row.mrn) for row in rows)
    return tuple(rows[position].line for position in lost)


def _mrn_format(said: MrnSettings, people: SqlPatients | None) -> MrnFormat:
    if said.learn and people:
        mrns = people.mrns(MRNS_TO_LEARN_FROM)
        if len(mrns) >= ENOUGH_MRNS:
            return learn_format(mrns)
    check = _choice(said.check_digit, get_args(CheckDigit), "[mrn] check_digit")
    return MrnFormat(said.lengths, said.prefix, check)


def _choice(said: str, known: tuple[str, ...], key: str) -> Any:  # noqa: ANN401 - a Literal
    if said not in known:
        raise SettingsError(f"{IDENTITY}: {key} is one of {', '.join(known)}")
    return said


def _words(table: dict[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    words: dict[str, list[str]] = table.get(name, {})
    return {key: tuple(some) for key, some in words.items()}


def _path(said: str) -> Path | None:
    return Path(said) if said else None


def _secret(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SettingsError(f"the environment lacks {name}; set it and start again")
    return value
