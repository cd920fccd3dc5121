"""Pages to learn from: reports printed as an office would, and written forms.

A report is set into lines, cut into pages, and given the title, running head and
signature that print adds to a transcript, each only sometimes, so that no model leans
on one of them. Names are blotted out before anything is counted.
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from pipeline.classify.features import Line, spread
from pipeline.classify.reports import Report
from pipeline.document import DocumentType
from pipeline.errors import SettingsError

_PAGE_ROWS = 54
# fmt: off
TITLES: dict[str, tuple[str, ...]] = {
    "discharge_summary": ("DISCHARGE SUMMARY", "Discharge Summary", "HOSPITAL DISCHARGE SUMMARY", "SUMMARY OF HOSPITALIZATION"),
    "history_and_physical": ("HISTORY AND PHYSICAL", "History & Physical Examination", "ADMISSION HISTORY AND PHYSICAL", "H&P"),
    "consultation": ("CONSULTATION", "Consultation Report", "CONSULTATION NOTE", "REQUEST FOR CONSULTATION"),
    "progress_note": ("PROGRESS NOTE", "Progress Note", "CLINIC NOTE", "OFFICE VISIT", "FOLLOW-UP NOTE", "SOAP NOTE"),
    "operative_note": ("OPERATIVE REPORT", "Operative Report", "OPERATIVE NOTE", "REPORT OF OPERATION"),
    "procedure_note": ("PROCEDURE NOTE", "Procedure Report", "ENDOSCOPY REPORT", "REPORT OF PROCEDURE"),
    "emergency_note": ("EMERGENCY DEPARTMENT REPORT", "Emergency Department Note", "ED PHYSICIAN RECORD", "EMERGENCY ROOM REPORT"),
    "imaging_report": ("RADIOLOGY REPORT", "Diagnostic Imaging Report", "IMAGING REPORT", "DEPARTMENT OF RADIOLOGY"),
    "mammogram_report": ("MAMMOGRAPHY REPORT", "Screening Mammogram", "BREAST IMAGING REPORT"),
    "echocardiogram_report": ("ECHOCARDIOGRAM REPORT", "Transthoracic Echocardiogram", "ECHOCARDIOGRAPHY REPORT"),
    "ecg_report": ("ELECTROCARDIOGRAM", "ECG Report", "HOLTER REPORT"),
    "pathology_report": ("SURGICAL PATHOLOGY REPORT", "Pathology Report", "PATHOLOGY CONSULTATION"),
    "psychiatric_note": ("PSYCHIATRIC EVALUATION", "Psychiatric Consultation", "MENTAL HEALTH NOTE"),
    "labor_and_delivery": ("DELIVERY NOTE", "Labor and Delivery Summary", "DELIVERY SUMMARY"),
    "therapy_note": ("PHYSICAL THERAPY EVALUATION", "Therapy Progress Note", "REHABILITATION SERVICES"),
    "transfer_summary": ("TRANSFER SUMMARY", "Patient Transfer Summary"),
}
_HOUSES = ("GENERAL HOSPITAL", "Memorial Medical Center", "COMMUNITY CLINIC", "Regional Health System", "University Hospital")
_SIGN_OFFS = ("Electronically signed by", "Signature: ________________", "Dictated and signed", "D: 00/00/00  T: 00/00/00", "cc: primary physician")
# fmt: on


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """One page with its known type; ``document`` and ``house`` tell pages apart.

    ``group`` is what a fold holds out together: a layout, or a report's text.
    ``person`` names who it is about, as far as the source tells.
    """

    type: DocumentType
    lines: tuple[Line, ...] = field(repr=False)
    source: str  # "reports" or "forms"
    group: str
    person: str
    document: str
    page: int


def read_forms(path: Path) -> list[TrainingPage]:
    """Written pages of `python -m benchmarks.forms`, one JSON object a line."""
    pages: list[TrainingPage] = []
    for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            pages.append(_form_page(json.loads(row), number))
        except (ValueError, KeyError, TypeError) as odd:
            raise SettingsError(
                f"the forms file, line {number}, is not a page; write it again with"
                " `python -m benchmarks.forms`"
            ) from odd
    return pages


def _form_page(row: dict[str, object], number: int) -> TrainingPage:
    lines, page = row["lines"], row["page"]
    if not isinstance(lines, list) or not isinstance(page, int):
        raise TypeError("lines or page")
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


def print_report(report: Report, rng: Random) -> Iterator[TrainingPage]:
    """The report on one or more printed pages."""
    rows = _set_rows(report.text, rng.randint(76, 98))
    head = _head(report.type, rng)
    depth = rng.randint(38, 56)
    cut = [rows[: depth - len(head)]]
    cut += [rows[i : i + depth] for i in range(depth - len(head), len(rows), depth)]
    if rng.random() < _OFTEN:
        cut[-1] = [*cut[-1], rng.choice(_SIGN_OFFS)]
    running = _running_head(report.type, rng, len(cut))
    for number, body in enumerate(cut, 1):
        top = head if number == 1 else [(text, 1.0) for text in running[number - 1 :][:1]]
        printed = [*top, *((text, 1.0) for text in body)]
        if number == 1 and running and rng.random() < _HALF:
            printed.append((f"Page 1 of {len(cut)}", 1.0))
        yield TrainingPage(
            type=report.type,
            lines=tuple(spread(printed, filled=min(1.0, len(printed) / depth))),
            source="reports",
            group=report.group,
            person=report.group,
            document=report.group,
            page=number,
        )


_HALF, _OFTEN = 0.5, 0.65


def _set_rows(text: str, width: int) -> list[str]:
    rows: list[str] = []
    for paragraph in text.splitlines():
        rows += textwrap.wrap(" ".join(paragraph.split()), width)
    return rows


def _head(kind: str, rng: Random) -> list[tuple[str, float]]:
    head: list[tuple[str, float]] = []
    if rng.random() < _HALF:
        head.append((rng.choice(_HOUSES), rng.uniform(1.0, 1.5)))
    if kind in TITLES and rng.random() < _OFTEN:
        head.append((rng.choice(TITLES[kind]), rng.choice((1.0, 1.3, 1.6))))
    return head


def _running_head(kind: str, rng: Random, pages: int) -> list[str]:
    """A line for the top of each page, or none for all of them."""
    habit = rng.randrange(4)
    title = TITLES.get(kind, (kind,))[0]
    return {
        0: [],
        1: [f"Page {i} of {pages}" for i in range(1, pages + 1)],
        2: [f"{title} - continued"] * pages,
        3: [f"{title}   Page {i}" for i in range(1, pages + 1)],
    }[habit]


# --- nothing of a person, and the marks of a poor scan ---------------------------

_NAME = r"[A-Z][A-Za-z'’-]+"
_NAMED = re.compile(
    rf"\b(?:Dr|Mr|Mrs|Ms|Miss)\b\.? +({_NAME})(?: +(?:[A-Z]\.? +)?({_NAME}))?"
    rf"|\b({_NAME}) +(?:[A-Z]\.? +)?({_NAME}),? +(?:M\.?D|D\.?O|R\.?N|P\.?A|N\.?P)\b"
    rf"|(?i:\bpatient|\bname|\bre|\bphysician|\bmother|\bspouse|\bsurgeon)\s*: *"
    rf"({_NAME}),? +(?:[A-Z]\.? +)?({_NAME})"
    rf"|^({_NAME}), +({_NAME})(?: +[A-Z]\.?)?$"
)
_NAME_SHARE = 0.25  # of a word's occurrences, from which on it counts as a name


def names_in(pages: Iterable[TrainingPage]) -> frozenset[str]:
    """Words, lower case, that stand where names stand often enough to be names."""
    named: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for line in (line for page in pages for line in page.lines):
        seen.update(w.lower() for w in re.findall(_NAME, line.text.title()))
        for match in _NAMED.finditer(line.text):
            named.update(w.lower() for w in match.groups() if w)
    return frozenset(w for w, n in named.items() if n >= _NAME_SHARE * seen[w])


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


_CONFUSED = dict(
    zip("eoclirnmtshbaugOIlSB50", "cOeI1tmrnf5bohoyD1I58S6", strict=False)
)


def misread(lines: Sequence[Line], rate: float, rng: Random) -> tuple[Line, ...]:
    """The lines with about that share of their characters read wrong (0..1)."""
    return tuple(replace(line, text=_misread(line.text, rate, rng)) for line in lines)


def _misread(text: str, rate: float, rng: Random) -> str:
    read = []
    for letter in text:
        if rng.random() >= rate:
            read.append(letter)
        elif rng.random() < _OFTEN:
            read.append(_CONFUSED.get(letter, "~"))
        # else lost
    return "".join(read)


def fold_of(page: TrainingPage, folds: int) -> int:
    """Which fold holds the page out: by its layout or report, for ever the same."""
    return int(hashlib.sha256(page.group.encode()).hexdigest(), 16) % folds
