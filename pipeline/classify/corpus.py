"""Pages to learn from: written forms, and the ways to hold them apart.

A page knows its house or report, which a fold holds out as a whole, and its person,
whose words are never learned. Names are blotted out before anything is counted.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.classify.features import Line, spread
from pipeline.document import DocumentType
from pipeline.errors import SettingsError

_PAGE_ROWS = 54


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """One page with its known type.

    ``group`` is what a fold holds out together: a house with all its layouts, or a
    report. ``person`` names who it is about, as far as the source tells; ``document``
    is the paper that the page belongs to, and ``page`` counts from 1 in it. ``batch``
    is the stack in which it came, in the order of the feeder; "" where there was none.
    """

    type: DocumentType
    lines: tuple[Line, ...] = field(repr=False)
    source: str  # "reports", "forms" or "charts"
    group: str
    person: str = field(repr=False)
    document: str
    page: int
    batch: str = ""


def read_forms(path: Path) -> list[TrainingPage]:
    """Written pages of `python -m benchmarks.forms`, one JSON object a line."""
    return _pages_in(path, "forms", "benchmarks.forms", _form_page)


def _pages_in(
    path: Path, what: str, maker: str, page_of: Callable[[Any, int], TrainingPage]
) -> list[TrainingPage]:
    """A page of each line; SettingsError names the line that is none."""
    pages: list[TrainingPage] = []
    for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            pages.append(page_of(json.loads(row), number))
        except (ValueError, KeyError, TypeError) as odd:
            raise SettingsError(
                f"the {what} file, line {number}, is not a page; write it again with"
                f" `python -m {maker}`"
            ) from odd
    return pages


def _form_page(row: dict[str, object], number: int) -> TrainingPage:
    lines, page = row["lines"], row["page"]
    if not isinstance(lines, list) or not isinstance(page, int):
        raise TypeError("lines or page")
    if row.get("split") == "report":
        raise SettingsError(
            f"the forms file, line {number}, is of the report split, which is kept for"
            " closing figures; write forms of the train split"
        )
    rows = [(str(text), float(height)) for text, height in lines]
    return TrainingPage(
        type=DocumentType(str(row["type"])),
        lines=tuple(spread(rows, filled=min(1.0, len(rows) / _PAGE_ROWS))),
        source="forms",
        group=str(row["layout"]).partition("/")[0],
        person=str(row["group"]),
        document=f"form {number - page}",
        page=page,
    )


def read_charts(path: Path) -> list[TrainingPage]:
    """Pages of `python -m benchmarks.documents.printed`, stack by stack, as fed.

    Only of the train split; any other raises SettingsError.
    """
    return _pages_in(path, "charts", "benchmarks.documents.printed", _chart_page)


def _chart_page(row: dict[str, Any], number: int) -> TrainingPage:
    if row["split"] != "train":
        raise SettingsError(
            f"the charts file, line {number}, is not of the train split, and models"
            " learn from no other"
        )
    return TrainingPage(
        type=DocumentType(row["type"]),
        lines=tuple(Line(str(t), float(h), float(at)) for t, h, at in row["lines"]),
        source="charts",
        group=str(row["house"]),
        person=str(row["person"]),
        document=str(row["document"]),
        page=int(row["page"]),
        batch=str(row["batch"]),
    )


# --- nothing of a person -----------------------------------------------------------

_NAME = r"[A-Z][A-Za-z'’-]+"
_DEGREE = (
    r"M\.?D|D\.?O|R\.?N|P\.?A|N\.?P|Ph\.?D|C\.?R\.?N\.?A|L\.?C\.?S\.?W|L\.?P\.?N"
    r"|A\.?P\.?R\.?N|P\.?T|O\.?T|Pharm\.?D|D\.?D\.?S"
)
_BEARER = (
    "patient|name|re|physician|mother|father|spouse|surgeon|attending|provider|nurse"
    "|author|witness|resident|therapist|(?:dictated|signed|transcribed|ordered|referred"
    "|reviewed|noted|recorded|collected|called) by|cc"
)
_NAMED = re.compile(
    rf"\b(?:Dr|Mr|Mrs|Ms|Miss)\b\.? +({_NAME})(?: +(?:[A-Z]\.? +)?({_NAME}))?"
    rf"|\b({_NAME}) +(?:[A-Z]\.? +)?({_NAME}),? +(?:{_DEGREE})\b"
    rf"|(?i:\b(?:{_BEARER}))\s*: *"
    rf"({_NAME}),? +(?:[A-Z]\.? +)?({_NAME})"
    rf"|^({_NAME}), +({_NAME})(?: +[A-Z]\.?)?$"
)
_NAME_SHARE = 0.25  # of a word's occurrences, from which on it counts as a name


def names_in(
    pages: Iterable[TrainingPage], share: float = _NAME_SHARE
) -> frozenset[str]:
    """Words, lower case, that stand where names stand often enough to be names.

    ``share`` is the part of a word's occurrences from which it counts as one.
    """
    named: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for line in (line for page in pages for line in page.lines):
        seen.update(w.lower() for w in re.findall(_NAME, line.text.title()))
        for match in _NAMED.finditer(line.text):
            named.update(w.lower() for w in match.groups() if w)
    return frozenset(w for w, n in named.items() if n >= share * seen[w])


def without(names: frozenset[str], page: TrainingPage) -> TrainingPage:
    """The page with every name gone from its lines."""
    return replace(page, lines=tuple(_blot(names, line) for line in page.lines))


def _blot(names: frozenset[str], line: Line) -> Line:
    text = re.sub(
        r"[A-Za-z][A-Za-z'’-]*",
        lambda m: "" if m[0].lower() in names else m[0],
        line.text,
    )
    return replace(line, text=text)


def fold_of(page: TrainingPage, folds: int) -> int:
    """Which fold holds the page out: by its layout or report, for ever the same."""
    return int(hashlib.sha256(page.group.encode()).hexdigest(), 16) % folds
