"""One hospital's data folder, opened: its settings, books, bytes and people.

What every command needs; the models and engines of the journey are wiring's, so that
``pages`` or ``verify`` start without them.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.classify.registry import laid_over
from pipeline.document import DocumentType, Patient, PatientId, TypeFacts
from pipeline.errors import SettingsError
from pipeline.index import search
from pipeline.index.keys import encounter_key, old_number_key, record_keys
from pipeline.index.lookalikes import RARE, alerts_of, between, known_by
from pipeline.index.namewords import FAMILY, patient_words, word
from pipeline.index.nearness import nearness, slip_keys
from pipeline.index.people import CrosswalkRow, EncounterRow, PatientRow
from pipeline.review.freshness import FreshnessRules
from pipeline.review.ladder import Plan
from pipeline.review.modes import MODES
from pipeline.review.queue import QueueRules
from pipeline.review.rules import FilingRules
from pipeline.settings import (
    DateSettings,
    DirectorySettings,
    IntakeSettings,
    LimitSettings,
    ModelSettings,
    ObjectSettings,
    ReadingSettings,
    WebSettings,
    document_types,
    read_toml,
    section,
    words_of,
)
from pipeline.store.account_rows import SqlUsers
from pipeline.store.alert_rows import SqlAlerts
from pipeline.store.audit_rows import SqlAudit
from pipeline.store.desk_rows import SqlDesk
from pipeline.store.encounter_rows import Stayed
from pipeline.store.entry_rows import SqlEntries
from pipeline.store.figures import SqlFigures
from pipeline.store.folder import FolderStore
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.holding_rows import SqlHoldings
from pipeline.store.import_rows import SqlIndexChanges
from pipeline.store.near_rows import near_pairs
from pipeline.store.objects import ObjectStore
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Ready, Registered, made_ready
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.relaid_rows import SqlRelaid
from pipeline.store.second_key_rows import SqlSecondKeys
from pipeline.store.session_rows import SqlSessions
from pipeline.store.sibling_rows import SqlSiblings
from pipeline.store.sql_arrivals import SqlArrivals
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.sql_checks import SqlChecks
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.store.steward_rows import OldNumber, SqlSteward
from pipeline.store.type_rows import SqlTypes
from pipeline.store.vigilance_rows import SqlVigilance

FILE = "pipeline.toml"
IDENTITY = "identity.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """config/pipeline.toml, as it holds for one site."""

    intake: IntakeSettings
    limits: LimitSettings
    reading: ReadingSettings
    models: ModelSettings
    filing: FilingRules
    queue: QueueRules
    certificate: Plan
    index: FreshnessRules
    objects: ObjectSettings
    web: WebSettings
    facilities: Mapping[str, str]  # by station
    oidc: DirectorySettings
    oidc_roles: Mapping[str, str]  # by group of the directory, as the next two
    oidc_facilities: Mapping[str, str]
    oidc_restricted: Mapping[str, str]


class TypesNow(Mapping[DocumentType, TypeFacts]):
    """The shipped types and the site's own, as they are at each look.

    What another process imports is there at the next look. A look costs one small
    query, also that at all ``items`` or ``values``: who looks often keeps those.
    """

    def __init__(
        self, shipped: Mapping[DocumentType, TypeFacts], own: SqlTypes
    ) -> None:
        self._shipped, self._own = shipped, own
        self._known: tuple[int, dict[DocumentType, TypeFacts]] = (0, dict(shipped))

    def now(self) -> dict[DocumentType, TypeFacts]:
        """All of them, retired ones too: shipped ones in their order, then by key."""
        newest, (seen, types) = self._own.newest(), self._known
        if newest != seen:
            types = laid_over(self._shipped, self._own.current())
            self._known = (newest, types)
        return types

    def __getitem__(self, key: DocumentType) -> TypeFacts:
        return self.now()[key]

    def __iter__(self) -> Iterator[DocumentType]:
        return iter(self.now())

    def __len__(self) -> int:
        return len(self.now())

    def items(self) -> ItemsView[DocumentType, TypeFacts]:
        return self.now().items()

    def values(self) -> ValuesView[TypeFacts]:
        return self.now().values()


class SearchedPatients(SqlPatients):
    """The patient index with the search box over it."""

    def find(self, text: str, limit: int) -> tuple[Patient, ...]:
        """Survivors whom all of the typed words fit, the best first."""
        return search.find(text, self, limit)


@dataclass(frozen=True, slots=True)
class Site:
    """One hospital's data folder, opened: settings, books, bytes and people."""

    data: Path
    settings: Settings
    type_facts: TypesNow
    types: SqlTypes
    catalogue: SqlCatalogue
    people: SearchedPatients
    holdings: SqlHoldings
    checks: SqlChecks
    alerts: SqlAlerts
    changes: SqlIndexChanges
    worklist: SqlWorklist
    arrivals: SqlArrivals
    figures: SqlFigures
    recuts: SqlRecuts
    relaid: SqlRelaid
    siblings: SqlSiblings
    desk: SqlDesk
    keys: SqlSecondKeys
    entries: SqlEntries
    vigilance: SqlVigilance
    steward: SqlSteward
    objects: ObjectStore
    users: SqlUsers
    sessions: SqlSessions
    glasses: SqlGlasses
    trail: SqlAudit

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    def mrn_of(self, patient: PatientId) -> str:
        """The surviving MRN of a patient.

        The id itself of a holding record without a link, and of a row that was lost.
        """
        found = self.person(patient)
        return found.mrn if found else patient

    def person(self, patient: PatientId) -> Patient | None:
        """Who a merged record, or a linked holding record, has become; None: nobody."""
        return self.people.get(self.holdings.whose(patient))


def timezone_of(data: Path | None = None) -> dt.tzinfo:
    """Where the house stands: [dates] timezone. Raises SettingsError."""
    dates = section(read_toml(IDENTITY, data), "dates", DateSettings, IDENTITY)
    try:
        return ZoneInfo(dates.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"{IDENTITY}: [dates] timezone is a name like America/New_York"
        ) from None


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
        models=section(table, "models", ModelSettings, FILE),
        filing=_filing(section(table, "filing", FilingRules, FILE)),
        queue=_queue(section(table, "queue", QueueRules, FILE)),
        certificate=_plan(section(table, "certificate", Plan, FILE)),
        index=section(table, "index", FreshnessRules, FILE),
        objects=section(table, "objects", ObjectSettings, FILE),
        web=_web(section(table, "web", WebSettings, FILE)),
        facilities=words_of(table, "facilities", FILE),
        oidc=_directory(section(table, "oidc", DirectorySettings, FILE)),
        oidc_roles=words_of(table, "oidc_roles", FILE),
        oidc_facilities=words_of(table, "oidc_facilities", FILE),
        oidc_restricted=words_of(table, "oidc_restricted", FILE),
    )


def _filing(rules: FilingRules) -> FilingRules:
    if rules.mode not in MODES:
        raise SettingsError(f"{FILE}: [filing] mode is one of {', '.join(MODES)}")
    if not 0.0 <= rules.qa_share <= 1.0:
        raise SettingsError(f"{FILE}: [filing] qa_share lies between 0 and 1")
    return rules


def _queue(rules: QueueRules) -> QueueRules:
    if fault := rules.fault():
        raise SettingsError(f"{FILE}: [queue] {fault}")
    return rules


def _plan(plan: Plan) -> Plan:
    if fault := plan.fault():
        raise SettingsError(f"{FILE}: [certificate] {fault}")
    return plan


def _web(web: WebSettings) -> WebSettings:
    if fault := web.fault():
        raise SettingsError(f"{FILE}: [web] {fault}")
    return web


def _directory(directory: DirectorySettings) -> DirectorySettings:
    if fault := directory.fault():
        raise SettingsError(f"{FILE}: [oidc] {fault}")
    return directory


def open_site(data: Path) -> Site:
    """Open a data folder, made (0700) if it is not there; any process may."""
    settings = settings_of(data)
    read_toml(IDENTITY, data)  # an unknown key is told by every command, not by one
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "inbox").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{data} cannot be used as data folder: {error.strerror}; choose one with "
            "--data or CHARTFILER_DATA"
        ) from None
    catalogue = SqlCatalogue(data / "catalogue.sqlite")
    types = SqlTypes(catalogue.database)
    return Site(
        data=data,
        settings=settings,
        type_facts=TypesNow(document_types(data), types),
        types=types,
        catalogue=catalogue,
        people=SearchedPatients(catalogue.database),
        holdings=SqlHoldings(catalogue.database),
        checks=SqlChecks(catalogue.database),
        alerts=SqlAlerts(catalogue.database),
        changes=SqlIndexChanges(catalogue.database),
        worklist=SqlWorklist(catalogue.database),
        arrivals=SqlArrivals(catalogue.database),
        figures=SqlFigures(catalogue.database),
        recuts=SqlRecuts(catalogue.database),
        relaid=SqlRelaid(catalogue.database),
        siblings=SqlSiblings(catalogue.database),
        desk=SqlDesk(catalogue.database),
        keys=SqlSecondKeys(catalogue.database),
        entries=SqlEntries(catalogue.database),
        vigilance=SqlVigilance(catalogue.database),
        steward=SqlSteward(catalogue.database),
        objects=objects_of(settings.objects, data),
        users=SqlUsers(catalogue.database),
        sessions=SqlSessions(catalogue.database),
        glasses=SqlGlasses(catalogue.database),
        trail=SqlAudit(catalogue.database),
    )


def objects_of(settings: ObjectSettings, data: Path) -> ObjectStore:
    """The object store that [objects] names; keys of S3 come from the environment."""
    match settings.store:
        case "folder":
            return FolderStore(data / "objects")
        case "s3":
            from pipeline.store.s3 import S3Store  # a tenth of a second to load

            return S3Store(
                endpoint=settings.endpoint,
                bucket=settings.bucket,
                access=_secret("CHARTFILER_S3_ACCESS"),
                secret=_secret("CHARTFILER_S3_SECRET"),
                secure=settings.secure,
            )
        case other:
            raise SettingsError(f"{FILE}: [objects] store knows no {other!r}")


def ready(row: PatientRow) -> Ready:
    """An imported patient with the keys under which index will look for them."""
    keys, words = record_keys(row.patient), patient_words(row.patient)
    return made_ready(Registered(row.patient, tuple(keys), row.merged_into, words))


def keep_encounters(site: Site, rows: Sequence[EncounterRow]) -> tuple[int, ...]:
    """Write imported stays; the lines of those whose MRN nobody has."""
    lost = site.people.keep_encounters(
        Stayed(row.encounter, encounter_key(row.encounter), row.mrn) for row in rows
    )
    return tuple(rows[position].line for position in lost)


def keep_crosswalk(site: Site, rows: Sequence[CrosswalkRow]) -> tuple[int, ...]:
    """Write imported old numbers; the lines of those whose MRN not one person has."""
    lost = site.steward.keep_old_numbers(
        OldNumber(r.old_number, r.authority, r.mrn, old_number_key(r.old_number))
        for r in rows
    )
    return tuple(rows[position].line for position in lost)


def find_alerts(site: Site, changed: Sequence[PatientId] | None = None) -> None:
    """Find the name alerts of these rows of the index, or of all: minutes, of millions.

    To be called after every change of the index, with the ids of the rows changed.
    """
    if changed is None:
        # the few surnames that are not rare, for asking about each takes a minute
        common = site.people.commoner(FAMILY, RARE)
        judge = partial(between, bearers=partial(_known_bearers, common))
        database = site.catalogue.database
        site.alerts.replace_all(near_pairs(database, nearness, slip_keys, judge))
        return
    bearers = cache(lambda name: _bearers(site, name))
    now = {p.id: p for one in changed if (p := site.people.get(one))}
    pairs = [
        pair
        for person in now.values()
        for pair in alerts_of(person, site.people.with_keys(known_by(person)), bearers)
    ]
    site.alerts.replace(tuple({*changed, *now}), pairs)


def _known_bearers(common: Mapping[str, int], family: str) -> int:
    return common.get(family, 0)


def _bearers(site: Site, family: str) -> int:
    key = word(FAMILY, family).key
    return site.people.bearers([key])[key]


def _secret(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SettingsError(f"the environment lacks {name}; set it and start again")
    return value
