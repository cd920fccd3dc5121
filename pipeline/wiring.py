"""The only place where settings become tools: one ``match`` a seam, no registry.

What a batch's first page does not need is loaded where it is made: ``process`` and
``watch`` would wait for it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pipeline.artefact import MANIFEST, sha256
from pipeline.classify.model import TypeModel
from pipeline.classify.site_model import BACK, SiteModel, load_site_model
from pipeline.classify.text_model import TextModel, load_model
from pipeline.document import DocumentId, DocumentType, TypeFacts
from pipeline.errors import ModelTampered, SettingsError
from pipeline.flow import Reader, Tools
from pipeline.index.candidates import KeyedIndex
from pipeline.index.cluerules import BarcodePatterns, ClueRules
from pipeline.index.dates import DateOrder, read_date
from pipeline.index.numbers import CheckDigit, MrnFormat, learn_format
from pipeline.index.roles import RoleModel, RolesAt, load_roles
from pipeline.index.rules import IndexRules
from pipeline.ingest.batches import BatchRules
from pipeline.ingest.limits import Limits
from pipeline.keying import Keying
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.oversight import Oversight
from pipeline.process import Cradle
from pipeline.reading import PoolLimits, ReadingPool
from pipeline.review.certificate import Checked, open_types
from pipeline.review.rules import FilingRules
from pipeline.settings import (
    ENTRY,
    AuthoritySettings,
    DateSettings,
    IntakeSettings,
    ModelSettings,
    MrnSettings,
    ReadingSettings,
    document_types,
    entry_forms,
    read_toml,
    section,
)
from pipeline.site import FILE, Settings, Site, timezone_of
from pipeline.store.answers import Answer
from pipeline.store.patient_rows import SqlPatients
from pipeline.users import CLERK

if TYPE_CHECKING:
    from pipeline.entering import Entering
    from pipeline.ingest.intake import Intake

MODELS = Path(__file__).parent.parent / "models"
IDENTITY = "identity.toml"
MRNS_TO_LEARN_FROM = 5000
ENOUGH_MRNS = 20
_GIVEN_NAMES = (
    20_000  # the commonest of an index; those of ten million are some 100,000
)


def tools_of(site: Site, reader: Reader) -> Tools:
    """Everything the journey needs; loads the type model, so only the holder asks.

    The model of roles is loaded when it is first needed, or by ``roles_of``.
    """
    patients, identity = index_of(site)
    types = live_types(site, shipped_types(site.settings.models))
    return Tools(
        reader=reader,
        types=types,
        type_facts=site.type_facts,
        patients=patients,
        identity=with_forms_of(types, identity),
        objects=site.objects,
        catalogue=site.catalogue,
        rules=filing_rules(site.settings.filing, site.type_facts, types),
        oversight=oversight_of(site),
        mrn_of=site.mrn_of,
        as_of=site.changes.as_of,
        freshness=site.settings.index,
        keyed=keying_of(site),
    )


def with_live_types(tools: Tools, site: Site) -> Tools:
    """The same tools with the type model that is live now; raises SettingsError.

    That too where the site's mode does not allow this model to file.
    """
    types = live_types(site, shipped_types(site.settings.models))
    renewed = replace(
        tools,
        types=types,
        identity=with_forms_of(types, tools.identity),
        rules=filing_rules(site.settings.filing, site.type_facts, types),
        oversight=oversight_of(site),
    )
    renewed.oversight.admit(renewed.rules)
    return renewed


def index_of(site: Site) -> tuple[KeyedIndex, IndexRules]:
    """Whom the site's index knows, and how it looks at pages."""
    identity = index_rules(site.data, site.people)
    people = RolesAt(_model_folders(site.settings.models)[1])
    identity = replace(identity, clues=replace(identity.clues, people=people))
    return KeyedIndex(site.people, identity.clues.mrn, site.alerts), identity


def with_forms_of(types: TypeModel, identity: IndexRules) -> IndexRules:
    """With the form numbers that this type model learned."""
    forms = types.forms if isinstance(types, SiteModel) else {}
    return replace(identity, forms=forms)


def keying_of(site: Site) -> Callable[[DocumentId, Answer], bool]:
    """Whether an answer may be carried out, or needs another person's first."""
    rules = site.settings.queue
    if not rules.asks_twice:
        return lambda _document, _said: True
    accounts = partial(has_account, site)
    return Keying(site.keys, site.catalogue, site.type_facts, rules, accounts)


def has_account(site: Site, by: str) -> bool:
    """Whether somebody, as the books name them, signs in here."""
    return by.startswith(CLERK) and bool(site.users.get(by.removeprefix(CLERK)))


def oversight_of(site: Site) -> Oversight:
    """What mode, certificate and lanes allow; loads no model."""
    types, roles = _model_folders(site.settings.models)
    standing = site.catalogue.promotions()
    live = standing[-1].manifest if standing else _manifest_of(types)
    told = json.dumps(read_toml(IDENTITY, site.data), sort_keys=True)
    models = (
        f"chartfiler {version('chartfiler')}, types {live[:12]}, roles"
        f" {_manifest_of(roles)[:12]}, identity {sha256(told.encode())[:12]}"
    )
    reading = site.settings.reading
    engines = [engine_of(reading), second_engine_of(reading)]
    engine = ", then ".join(one.name for one in engines if one is not None)
    return Oversight(site.checks, site.settings.certificate, models, engine)


@dataclass(frozen=True, slots=True)
class ShippedTypes:
    """The type model of the release or of [models], and its manifest's SHA-256."""

    model: TextModel
    manifest: str


def shipped_types(settings: ModelSettings) -> ShippedTypes:
    """The model under a site's own; raises ModelTampered."""
    folder = _model_folders(settings)[0]
    return ShippedTypes(load_model(folder), _manifest_of(folder))


def live_types(site: Site, shipped: ShippedTypes) -> TypeModel:
    """The promoted type model, or the shipped one where none is.

    Raises SettingsError where it is not the one that was promoted, or not over this
    shipped model.
    """
    standing = site.catalogue.promotions()
    if not standing:
        return shipped.model
    live = standing[-1]
    model, manifest = site_types(site.data, live.name, shipped)
    if manifest != live.manifest:
        raise ModelTampered(
            f"models/{live.name} is not the one that was promoted; {BACK}"
        )
    return model


def site_types(data: Path, name: str, shipped: ShippedTypes) -> tuple[SiteModel, str]:
    """A site's own model by its folder's name, and its manifest's SHA-256.

    Raises ModelTampered, or SettingsError if it is over another shipped model.
    """
    folder = data / "models" / name
    return load_site_model(folder, shipped.model, shipped.manifest), _manifest_of(
        folder
    )


def _manifest_of(folder: Path) -> str:
    return sha256((folder / MANIFEST).read_bytes())


def filing_rules(
    filing: FilingRules,
    facts: Mapping[DocumentType, TypeFacts],
    types: TypeModel | None = None,
) -> FilingRules:
    """[filing] with the types that are open, of those that are still given.

    The shipped ones, and those of the site with a bound on their error, as far as it
    was measured at today's type_at_least.
    """
    opened = frozenset(document_types())
    if isinstance(types, SiteModel) and types.line == filing.type_at_least:
        checked = {kind: Checked(*found) for kind, found in types.checked.items()}
        opened |= open_types(checked, filing.type_error_at_most)
    given = {kind for kind, known in facts.items() if not known.retired}
    return replace(filing, open_types=opened & given)


def models_of(settings: ModelSettings) -> tuple[TextModel, RoleModel]:
    """The type model and the role model; raises ModelTampered."""
    return load_model(_model_folders(settings)[0]), roles_of(settings)


def roles_of(settings: ModelSettings) -> RoleModel:
    """The role model, loaded once a process; raises ModelTampered."""
    return load_roles(_model_folders(settings)[1])


def _model_folders(settings: ModelSettings) -> tuple[Path, Path]:
    types = _path(settings.types) or MODELS / "types"
    return types, _path(settings.roles) or MODELS / "roles"


def reader_of(
    settings: Settings, workers: int = 0, cradle: Cradle | None = None
) -> ReadingPool:
    """The pool of sandboxed processes, as many as [reading] says unless told.

    It takes over the cradle, if one was started ahead.
    """
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
        second_engine_of(reading),
        cradle,
    )


def engine_of(reading: ReadingSettings) -> OcrEngine:
    """The OCR engine that [reading] names."""
    match reading.engine:
        case "tesseract":
            return LinewiseEngine(_path(reading.tessdata))
        case "tesserocr":
            from pipeline.ocr.tesseract import TesseractEngine

            return TesseractEngine(_path(reading.tessdata))
        case "pytesseract":
            from pipeline.ocr.pytess import PytesseractEngine

            return PytesseractEngine(_path(reading.tessdata))
        case "recorded":
            from pipeline.ocr.remembered import Recorded

            return Recorded(Path(reading.recognition))
        case other:
            raise SettingsError(f"{FILE}: [reading] engine knows no {other!r}")


def second_engine_of(reading: ReadingSettings) -> OcrEngine | None:
    """The engine for pages that stay unreadable; None unless [reading] names one."""
    match reading.escalate:
        case "":
            return None
        case "rapidocr":
            from pipeline.ocr.rapid import RapidEngine

            return RapidEngine()
        case other:
            raise SettingsError(f"{FILE}: [reading] escalate knows no {other!r}")


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
            given_names=people.given_names(_GIVEN_NAMES) if people else frozenset(),
        ),
        timezone=timezone_of(data),
    )


def dates_of(data: Path) -> Callable[[str], tuple[dt.date, ...]]:
    """The days that printed words may mean here, best first; none in the future."""
    rules = index_rules(data)

    def days(text: str) -> tuple[dt.date, ...]:
        today = dt.datetime.now(rules.timezone).date()
        return read_date(text, today, rules.clues.date_order)

    return days


def entering_of(site: Site) -> Entering:
    """Data entry by config/entry_fields.toml. Raises SettingsError."""
    from pipeline.entering import Entering

    forms = entry_forms(site.data)
    known = set(site.type_facts)
    for kind in (kind for form in forms.forms for kind in form.types):
        if kind not in known:
            raise SettingsError(
                f"{ENTRY}: there is no type {kind!r}; chartfiler types list has them"
            )
    rules = index_rules(site.data, site.people)

    def today() -> ClueRules:
        return replace(rules.clues, received=dt.datetime.now(rules.timezone).date())

    return Entering(
        site.entries, site.catalogue, site.type_facts, forms, site.person, today
    )


def intake_of(site: Site, inbox: Path) -> Intake:
    """The watched folder; made if it is not there."""
    from pipeline.ingest.intake import Intake, IntakeRules

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
