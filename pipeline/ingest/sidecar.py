"""What the station declared beside a batch, from its CSV or XML sidecar.

CSV: rows ``key,value`` (station, operator, box, volume, sheets_fed, patient, and one
``page,<file name>`` a page, in order), or one row with those as columns, where ``page``
holds the names separated by ";". XML: elements or attributes of the same names in any
nesting, e.g. ``<batch station="S1"><page file="0001.tif"/></batch>``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from pipeline.document import Sidecar
from pipeline.errors import OverLimit, UnreadableFile

SUFFIXES = (".csv", ".xml")
MOST_BYTES = 1_000_000
_WORDS = {"station", "operator", "box", "volume", "patient"}
_SHEETS = {"sheets_fed", "sheets"}
_PAGE_NAMES = ("file", "name", "href")  # attributes of <page> that hold its file
_PAIR = 2

Pair = tuple[str, str]  # a key as we know it, and its value


def sidecar(data: bytes, suffix: str) -> Sidecar:
    """What the sidecar declares; unknown keys are passed over.

    ``suffix`` is ".csv" or ".xml". Raises UnreadableFile or OverLimit.
    """
    if len(data) > MOST_BYTES:
        raise OverLimit("a sidecar of over 1 MB: send the pages without it")
    pairs = list(_of_xml(data) if suffix.lower() == ".xml" else _of_csv(data))
    if not pairs:
        raise UnreadableFile(
            "the sidecar declares nothing we know: correct it, then send it with its"
            " pages again"
        )
    return _declared(pairs)


def _declared(pairs: Iterable[Pair]) -> Sidecar:
    words: dict[str, str] = {}
    order: dict[str, None] = {}
    sheets: int | None = None
    for key, value in pairs:
        if key == "page":
            order[_basename(value)] = None
        elif key in _SHEETS:
            sheets = _number(value)
        elif key in _WORDS:
            words[key] = value
    return Sidecar(**words, sheets=sheets, order=tuple(order))


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise UnreadableFile(
            "the sidecar's sheets_fed is no number: correct it, then send it with its"
            " pages again"
        )
    return int(value)


def _basename(value: str) -> str:
    return value.replace("\\", "/").rsplit("/", 1)[-1]


def _known(key: str | None, value: str | None) -> Iterator[Pair]:
    key = (key or "").strip().lower().replace(" ", "_").replace("-", "_")
    value = (value or "").strip()
    if value and key in _WORDS | _SHEETS | {"page"}:
        yield key, value


# --- CSV -----------------------------------------------------------------------


def _of_csv(data: bytes) -> Iterator[Pair]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # what Windows stations write
    try:
        rows = [row for row in csv.reader(text.splitlines(), strict=True) if any(row)]
    except csv.Error:
        raise UnreadableFile(
            "the sidecar is no CSV: correct it, then send it with its pages again"
        ) from None
    if not rows:
        return
    if len(rows) == _PAIR and len(rows[0]) > _PAIR:
        yield from _one_row(rows[0], rows[1])
        return
    for row in rows:
        if len(row) >= _PAIR:
            yield from _known(row[0], row[1])


def _one_row(header: list[str], row: list[str]) -> Iterator[Pair]:
    for key, value in zip(header, row, strict=False):
        parts = value.split(";") if key.strip().lower() == "page" else [value]
        for part in parts:
            yield from _known(key, part)


# --- XML -----------------------------------------------------------------------


def _of_xml(data: bytes) -> Iterator[Pair]:
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableFile(
            "the sidecar is no plain XML: correct it, then send it with its pages again"
        ) from None
    for element in root.iter():
        yield from _of_element(element)


def _of_element(element: Element) -> Iterator[Pair]:
    name = str(element.tag).rsplit("}", 1)[-1].lower()
    if name == "page":
        named = [element.get(key) for key in _PAGE_NAMES]
        value = next((each for each in named if each), element.text)
        yield from _known("page", value)
        return
    yield from _known(name, element.text)
    for key, value in element.attrib.items():
        yield from _known(key.rsplit("}", 1)[-1], value)
