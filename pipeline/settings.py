"""config/*.toml as frozen values: read once, and loud about what is wrong.

A site's own DATA/config/<file> overrides single keys of the shipped file. An unknown
section or key, a missing key or a wrong type is a SettingsError that names the file
and the key.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pipeline.document import DocumentType, EncounterRule, Priority, TypeFacts
from pipeline.entries import EntryField, EntryForm, EntryTable, Forms
from pipeline.errors import SettingsError

SHIPPED = Path(__file__).parent.parent / "config"
Section = TypeVar("Section")
_TYPE_NEEDS = ("key", "loinc", "title", "retention")
_TYPE_MAY_HAVE = (
    "flags", "priority", "category", "original_required", "encounter", "synonyms",
    "forms",
)  # fmt: skip
ENTRY = "entry_fields.toml"
NO_KEY = "no key"
SECOND_STEPS = ("offered", "demanded")


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """Section [intake]; seconds."""

    settle_seconds: float
    scan_seconds: float
    incomplete_after_seconds: float
    quiet_seconds: float


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Section [limits]; what one received file may cost."""

    pages: int
    pixels: int
    bytes: int
    draw_seconds: int


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Section [reading]; the engine and its pool of processes."""

    engine: str
    recognition: str
    escalate: str
    tessdata: str
    workers: int
    page_seconds: float
    memory_bytes: int
    pages_per_process: int


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Section [models]; folders, "" for the shipped ones."""

    types: str
    roles: str


@dataclass(frozen=True, slots=True)
class ObjectSettings:
    """Section [objects]; where bytes lie."""

    store: str
    endpoint: str
    bucket: str
    secure: bool


@dataclass(frozen=True, slots=True)
class MrnSettings:
    """Section [mrn] of identity.toml."""

    lengths: tuple[int, ...]
    prefix: str
    check_digit: str
    learn: bool


@dataclass(frozen=True, slots=True)
class DateSettings:
    """Section [dates] of identity.toml."""

    order: str
    timezone: str


@dataclass(frozen=True, slots=True)
class AuthoritySettings:
    """Section [authorities] of identity.toml."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Section [web]: where the desk is served, and how long it stays open.

    An answer may be taken back for ``grace_seconds``.
    """

    port: int
    names: tuple[str, ...]
    tls_cert: str
    tls_key: str
    behind_proxy: bool
    trusted_proxies: tuple[str, ...]
    idle_minutes: float
    session_hours: float
    glass_minutes: float
    second_step: str
    request_bytes: int
    grace_seconds: float

    def fault(self) -> str:
        """What is wrong with these values, "" when nothing is."""
        longest = {"idle_minutes": 60.0, "session_hours": 24.0, "glass_minutes": 1440.0}
        for name, most in longest.items():
            if not 0 < getattr(self, name) <= most:
                return f"{name} lies above 0 and is at most {most:.0f}"
        if self.second_step not in SECOND_STEPS:
            return f"second_step is one of {', '.join(SECOND_STEPS)}"
        if bool(self.tls_cert) != bool(self.tls_key):
            return "tls_cert and tls_key go together"
        if "*" in self.trusted_proxies:
            return "trusted_proxies names addresses: anybody could say to be one"
        return ""


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """Section [oidc]: where people of this house sign in, "" for here."""

    issuer: str
    client_id: str
    name: str
    groups: str
    local_accounts: bool

    def fault(self) -> str:
        """What is wrong with these values, "" when nothing is."""
        if not self.issuer:
            return "" if self.local_accounts else "local_accounts are the only ones"
        own = self.issuer.startswith(("http://127.0.0.1:", "http://localhost:"))
        if not (self.issuer.startswith("https://") or own):
            return "issuer begins with https://"
        return "" if self.client_id else "client_id is what the directory knows us by"


def read_toml(name: str, data: Path | None = None) -> dict[str, Any]:
    """The shipped config/``name`` with a site's own keys laid over it."""
    table = _table(SHIPPED / name)
    own = data / "config" / name if data else None
    if own and own.exists():
        for section, keys in _table(own).items():
            if section not in table:
                raise SettingsError(f"{own}: there is no section [{section}]")
            if isinstance(keys, dict) and isinstance(table[section], dict):
                _lay_over(table[section], keys, f"{own}: [{section}]")
            else:
                table[section] = keys
    return table


def section(
    table: Mapping[str, Any], name: str, kind: type[Section], file: str
) -> Section:
    """Section ``name`` as a dataclass of ``kind``, every key present and known.

    A field whose metadata say ``NO_KEY`` is filled in elsewhere.
    """
    if name not in table:
        raise SettingsError(f"{file}: section [{name}] is missing")
    given: Mapping[str, Any] = table[name]
    hints = get_type_hints(kind)
    every = fields(kind)  # type: ignore[arg-type]  # every section is a dataclass
    known = [field.name for field in every if NO_KEY not in field.metadata]
    for key in given:
        if key not in known:
            raise SettingsError(f"{file}: [{name}] has no key {key!r}")
    for key in known:
        if key not in given:
            raise SettingsError(f"{file}: [{name}] lacks the key {key!r}")
    return kind(
        **{
            key: _typed(given[key], hints[key], f"{file}: [{name}] {key}")
            for key in known
        }
    )


def words_of(table: Mapping[str, Any], name: str, file: str) -> dict[str, str]:
    """A section that ships empty and is a site's own to fill: words by words."""
    return {
        key: str(_typed(value, str, f"{file}: [{name}] {key}"))
        for key, value in table.get(name, {}).items()
    }


def document_types(data: Path | None = None) -> dict[DocumentType, TypeFacts]:
    """config/document_types.toml by key, in the order of the file."""
    name = "document_types.toml"
    rows = read_toml(name, data)["type"]
    facts = [_type_facts(row, f"{name}: [[type]] {n}") for n, row in enumerate(rows, 1)]
    return {fact.key: fact for fact in facts}


def _type_facts(row: Mapping[str, Any], where: str) -> TypeFacts:
    for key in row:
        if key not in (*_TYPE_NEEDS, *_TYPE_MAY_HAVE):
            raise SettingsError(f"{where} has no key {key!r}")
    for key in _TYPE_NEEDS:
        if key not in row:
            raise SettingsError(f"{where} lacks the key {key!r}")
    hints = _type_hints()
    facts = {k: _typed(v, hints[k], f"{where} {k}") for k, v in row.items()}
    if facts.get("priority", "routine") not in get_args(Priority):
        raise SettingsError(f"{where} priority is stat or routine")
    if facts.get("encounter", "allowed") not in get_args(EncounterRule):
        raise SettingsError(f"{where} encounter is none, allowed or required")
    return TypeFacts(**facts)  # type: ignore[arg-type]  # each value has just been looked at


@dataclass(frozen=True, slots=True)
class EntrySettings:
    """Section [entry] of entry_fields.toml."""

    prefill_at_least: float


def entry_forms(data: Path | None = None) -> Forms:
    """config/entry_fields.toml: which fields are keyed from which papers."""
    table = read_toml(ENTRY, data)
    said = section(table, "entry", EntrySettings, ENTRY)
    if not 0.0 <= said.prefill_at_least <= 1.0:
        raise SettingsError(f"{ENTRY}: [entry] prefill_at_least lies between 0 and 1")
    rows = _rows(table, "form", ENTRY)
    forms = [
        _entry_form(row, f"{ENTRY}: [[form]] {n}") for n, row in enumerate(rows, 1)
    ]
    kinds = [kind for form in forms for kind in form.types]
    if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        raise SettingsError(f"{ENTRY}: {twice[0]} has two forms: leave it in one")
    return Forms(tuple(forms), said.prefill_at_least)


def _entry_form(row: Mapping[str, Any], where: str) -> EntryForm:
    if unknown := set(row) - {"types", "field", "table"}:
        raise SettingsError(f"{where} has no key {min(unknown)!r}")
    tables = []
    for said in _rows(row, "table", where):
        if set(said) != {"key", "title", "column"} or not said["column"]:
            raise SettingsError(f"{where} table needs key, title and column, no more")
        columns = tuple(_entry_field(o, where) for o in _rows(said, "column", where))
        tables.append(EntryTable(str(said["key"]), str(said["title"]), columns))
    kinds = _typed(row.get("types", []), tuple[str, ...], f"{where} types")
    form = EntryForm(
        tuple(map(DocumentType, kinds)),  # type: ignore[call-overload]  # just looked at
        tuple(_entry_field(one, where) for one in _rows(row, "field", where)),
        tuple(tables),
    )
    if fault := form.fault():
        raise SettingsError(f"{where} {fault}")
    return form


def _entry_field(row: Mapping[str, Any], where: str) -> EntryField:
    hints = get_type_hints(EntryField) | {"shape": str}
    at = f"{where} field {row.get('key', '')!r}"
    for key in row:
        if key not in hints:
            raise SettingsError(f"{at} has no key {key!r}")
    for key in ("key", "title"):
        if key not in row:
            raise SettingsError(f"{at} lacks the key {key!r}")
    facts = {
        key: _typed(value, hints[key], f"{at} {key}") for key, value in row.items()
    }
    return EntryField(**facts)  # type: ignore[arg-type]  # each value has just been looked at


def _rows(table: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    """A list of tables; empty where there is none."""
    rows = table.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SettingsError(f"{where}: {name} is a list of tables")
    return rows


@functools.cache
def _type_hints() -> dict[str, Any]:
    words = dict.fromkeys(("key", "priority", "encounter"), str)
    return get_type_hints(TypeFacts) | words


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from None


def _lay_over(table: dict[str, Any], own: dict[str, Any], where: str) -> None:
    """A section that ships empty is a site's own to fill; its reader knows its keys."""
    closed = bool(table)
    for key, value in own.items():
        if closed and key not in table:
            raise SettingsError(f"{where} has no key {key!r}")
        table[key] = value


def _typed(value: object, kind: Any, where: str) -> object:  # noqa: ANN401 - a type or a tuple of one
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise SettingsError(f"{where} must be a list, not {value!r}")
        return tuple(_typed(one, get_args(kind)[0], where) for one in value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise SettingsError(f"{where} must be {kind.__name__}, not {value!r}")
    return value
