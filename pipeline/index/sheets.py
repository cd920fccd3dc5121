"""Sheets that are no part of any document: blanks, separators and covers.

A cover names the patient of what follows until the next cover; a separator or batch
sheet begins a new document under the same cover. A sheet with text of its own is never
set aside: a patient's label on a clinical page is no cover. A sheet whose bars nobody
could read still says in a few words what it is; whom such a cover names its printed
number says, if it is legible, and else nobody knows, so that the cover before it ends
there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Removed
from pipeline.finding import Clue
from pipeline.page import Box, Page

# Share of dark pixels: our sheets have .024 to .043 with their codes; handwriting
# and drawings that recognition does not turn into words bring a form above this.
_COVER_INK = 0.06
_INK = 0.2  # of a sheet whose bars were not read; more is a picture or a form
COVER_FIELDS = frozenset({"cover patient", "doctype"})
SEPARATOR_FIELDS = frozenset({"separator", "batch"})
_IDENTITY = frozenset({"mrn", "name", "born"})
_SHEET_WORDS = (
    16  # so few legible words may say by themselves that this is a sheet of ours
)
_WITH_BARS = 40  # words, with what recognition makes of a sheet's bars
_SAYS_SEPARATOR = re.compile(r"(?i)\bseparator sheet\b|^patch [T23]$|\bbatch header\b")
_BAR_REACH = 0.1  # widths of a bar
_BORDER = 0.04  # of a page's width and height
# a speck may stand before it, but no word: "Consent document cover sheet" is a form's
_SAYS_COVER = re.compile(r"(?i)\W*(?:\w\W+)?document (?:cover|type) sheet\b")
_LEGIBLE = 0.9  # probability from which the number under unread bars is believed
NEW_DOCUMENT = "new document"  # a separator's value on the first page of a document

CluesByPage = Mapping[int, tuple[Clue, ...]]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The pages of a batch, sorted into content and the rest, in page order.

    ``begins`` are content pages that follow a separator or cover; ``covers`` gives the
    cover's patient clues in force, ``doctypes`` the declared type, by content page.
    """

    content: tuple[Page, ...]
    removed: tuple[tuple[int, Removed], ...]
    begins: frozenset[int]
    covers: CluesByPage
    doctypes: CluesByPage


def sort_sheets(pages: Sequence[Page], clues: CluesByPage, cover_words: int) -> Sheets:
    """Set blanks, separators and covers aside; ``cover_words`` is what one may say."""
    content: list[Page] = []
    removed: list[tuple[int, Removed]] = []
    begins: set[int] = set()
    covers: dict[int, tuple[Clue, ...]] = {}
    doctypes: dict[int, tuple[Clue, ...]] = {}
    cover: tuple[Clue, ...] = ()
    doctype: tuple[Clue, ...] = ()
    new = False
    for page in pages:
        found = clues.get(page.number, ())
        kind = _kind(page, found, cover_words)
        if kind is not None:
            removed.append((page.number, kind))
            new = new or kind != "blank"
            if kind == "cover" and _unread_patient(page, found):
                cover = _printed(found) if _names_patient(page) else cover
            cover = _of("cover patient", found) or cover
            doctype = _of("doctype", found) or doctype
            continue
        content.append(page)
        if new or _separators(found):
            begins.add(page.number)
        covers[page.number] = cover
        doctypes[page.number] = doctype or _of("doctype", found)
        new, doctype = False, ()
    return Sheets(tuple(content), tuple(removed), frozenset(begins), covers, doctypes)


def _kind(page: Page, clues: tuple[Clue, ...], cover_words: int) -> Removed | None:
    if page.troubles:
        return None  # nobody knows what stands on it
    itself = _says_itself(page)  # two patches and a fold are more ink than a form
    barred = itself is not None and bool(_separators(clues) or page.quality.ink <= _INK)
    light = page.quality.ink <= _COVER_INK or barred
    bare = _beside_bars(page) <= cover_words and light
    if bare and not _speaks_of_someone(clues):
        if _of_any(clues, COVER_FIELDS):
            return "cover"
        if any(c.value != NEW_DOCUMENT for c in _separators(clues)):
            return "separator"
    if itself == "separator" and barred and not _of_any(clues, _IDENTITY):
        return itself  # what bears a patient's number is nobody's separator
    if itself == "cover" and not _of_any(clues, frozenset({"name", "born"})):
        return itself
    return "blank" if page.quality.blank and not page.marks and not clues else None


def _beside_bars(page: Page) -> int:
    """Its words but those that recognition made of bars, or of a dirty border.

    A bar is read along some of its height, so that it reaches up and down from there.
    """
    bars = [
        replace(
            mark.box,
            top=mark.box.top - _BAR_REACH * mark.box.width,
            bottom=mark.box.bottom + _BAR_REACH * mark.box.width,
        )
        for mark in page.marks
    ]
    legible, inside = page.legible, _inside(page)
    return sum(
        not any(bar.holds(word.box) for bar in bars)
        and (inside.holds(word.box) or word in legible)
        for word in page.words
    )


def _inside(page: Page) -> Box:
    """The page without its outermost margin, on which nobody prints or writes."""
    width, height = page.size
    dx, dy = _BORDER * width, _BORDER * height
    return Box(dx, dy, width - dx, height - dy)


def _says_itself(page: Page) -> Removed | None:
    """What a sheet of a few words calls itself, where its bars could not be read."""
    if len(page.words) > _WITH_BARS or len(page.legible) > _SHEET_WORDS:
        return None
    lines = page.text.splitlines()
    if any(_SAYS_SEPARATOR.search(line) for line in lines):
        return "separator"
    return "cover" if any(_SAYS_COVER.match(line) for line in lines) else None


def _printed(clues: tuple[Clue, ...]) -> tuple[Clue, ...]:
    """The number printed under a cover's bars, as the cover's; nothing if in doubt."""
    read = [c for c in clues if c.field == "mrn" and c.confidence >= _LEGIBLE]
    if len({c.value for c in read}) != 1:
        return ()
    return (replace(read[0], field="cover patient", role="subject"),)


def _unread_patient(page: Page, clues: tuple[Clue, ...]) -> bool:
    """Whether a cover may name a patient whose bars were not read."""
    if _of_any(clues, frozenset({"cover patient"})):
        return False
    return not _of_any(clues, COVER_FIELDS) or _says_itself(page) == "cover"


def _names_patient(page: Page) -> bool:
    """Whether an unread cover names a patient, not just a type of document."""
    return "type sheet" not in page.text.lower()


def _speaks_of_someone(clues: tuple[Clue, ...]) -> bool:
    """Whether a patient is named besides the one whom a cover's barcode names.

    A short form that bears a code of ours is no sheet of ours. A cover may print the
    name and birth date beside the number of its own patient.
    """
    covered = {c.value for c in clues if c.field == "cover patient"}
    printed = [c for c in clues if c.role == "subject" and c.field in _IDENTITY]
    numbers = {c.value for c in printed if c.field == "mrn"}
    return bool(printed) and not (covered and numbers <= covered)


def _separators(clues: tuple[Clue, ...]) -> tuple[Clue, ...]:
    return tuple(c for c in clues if c.field in SEPARATOR_FIELDS)


def _of(field: str, clues: tuple[Clue, ...]) -> tuple[Clue, ...]:
    return tuple(c for c in clues if c.field == field)


def _of_any(clues: tuple[Clue, ...], fields: frozenset[str]) -> bool:
    return any(c.field in fields for c in clues)
