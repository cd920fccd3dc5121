"""Setting words on paper as an office would, and reading them badly.

A transcribed report is set into lines, cut into pages, and given the title, running
head and signature that print adds to a transcript, each only sometimes, so that no
model leans on one of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import Line, spread
from pipeline.classify.numbering import COUNT
from pipeline.classify.reports import Report

TITLES: dict[str, tuple[str, ...]] = {
    "discharge_summary": (
        "DISCHARGE SUMMARY",
        "Discharge Summary",
        "HOSPITAL DISCHARGE SUMMARY",
        "SUMMARY OF HOSPITALIZATION",
    ),
    "history_and_physical": (
        "HISTORY AND PHYSICAL",
        "History & Physical Examination",
        "ADMISSION HISTORY AND PHYSICAL",
        "H&P",
    ),
    "consultation": (
        "CONSULTATION",
        "Consultation Report",
        "CONSULTATION NOTE",
        "REQUEST FOR CONSULTATION",
    ),
    "progress_note": (
        "PROGRESS NOTE",
        "Progress Note",
        "CLINIC NOTE",
        "OFFICE VISIT",
        "FOLLOW-UP NOTE",
        "SOAP NOTE",
    ),
    "operative_note": (
        "OPERATIVE REPORT",
        "Operative Report",
        "OPERATIVE NOTE",
        "REPORT OF OPERATION",
    ),
    "procedure_note": (
        "PROCEDURE NOTE",
        "Procedure Report",
        "ENDOSCOPY REPORT",
        "REPORT OF PROCEDURE",
    ),
    "emergency_note": (
        "EMERGENCY DEPARTMENT REPORT",
        "Emergency Department Note",
        "ED PHYSICIAN RECORD",
        "EMERGENCY ROOM REPORT",
    ),
    "imaging_report": (
        "RADIOLOGY REPORT",
        "Diagnostic Imaging Report",
        "IMAGING REPORT",
        "DEPARTMENT OF RADIOLOGY",
    ),
    "mammogram_report": (
        "MAMMOGRAPHY REPORT",
        "Screening Mammogram",
        "BREAST IMAGING REPORT",
    ),
    "echocardiogram_report": (
        "ECHOCARDIOGRAM REPORT",
        "Transthoracic Echocardiogram",
        "ECHOCARDIOGRAPHY REPORT",
    ),
    "ecg_report": ("ELECTROCARDIOGRAM", "ECG Report", "HOLTER REPORT"),
    "pathology_report": (
        "SURGICAL PATHOLOGY REPORT",
        "Pathology Report",
        "PATHOLOGY CONSULTATION",
    ),
    "psychiatric_note": (
        "PSYCHIATRIC EVALUATION",
        "Psychiatric Consultation",
        "MENTAL HEALTH NOTE",
    ),
    "labor_and_delivery": (
        "DELIVERY NOTE",
        "Labor and Delivery Summary",
        "DELIVERY SUMMARY",
    ),
    "therapy_note": (
        "PHYSICAL THERAPY EVALUATION",
        "Therapy Progress Note",
        "REHABILITATION SERVICES",
    ),
    "transfer_summary": ("TRANSFER SUMMARY", "Patient Transfer Summary"),
}
_HOUSES = (
    "GENERAL HOSPITAL",
    "Memorial Medical Center",
    "COMMUNITY CLINIC",
    "Regional Health System",
    "University Hospital",
)
_SIGN_OFFS = (
    "Electronically signed by",
    "Signature: ________________",
    "Dictated and signed",
    "D: 00/00/00  T: 00/00/00",
    "cc: primary physician",
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
    repeated = head if rng.random() < _HALF else []
    for number, body in enumerate(cut, 1):
        own = [(text, 1.0) for text in running[number - 1 :][:1]]
        top = head if number == 1 else [*repeated, *own]
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


def cut_short(page: TrainingPage, rng: Random) -> Iterator[TrainingPage]:
    """A written page as it is, or, now and then, set on two pages.

    Forms mostly fit on one page; a model must know their second halves as well.
    """
    rows = [(line.text, line.height) for line in page.lines]
    if page.page > 1 or len(rows) < _LONG or rng.random() < _RARELY_WHOLE:
        yield page
        return
    rows = [row for row in rows if not COUNT.search(row[0])]
    at = int(len(rows) * rng.uniform(0.35, 0.75))
    running = _running_head(page.type, rng, 2)
    repeated = rows[: rng.randint(1, 4)] if rng.random() < _HALF else []
    later = [*repeated, *((text, 1.0) for text in running[1:]), *rows[at:]]
    yield replace(page, lines=tuple(spread(rows[:at])))
    filled = min(1.0, len(later) / max(at, 1))
    yield replace(page, lines=tuple(spread(later, filled=filled)), page=2)


def stamped(page: TrainingPage, rng: Random) -> TrainingPage:
    """The page as it is or, now and then, with what a mail room adds on its top."""
    if rng.random() >= _STAMPED:
        return page
    top = Line(rng.choice(_STAMPS), rng.uniform(0.7, 1.4), 0.0)
    return replace(page, lines=(top, *page.lines))


_STAMPED = 0.15
_STAMPS = (
    "RECEIVED 2-AUG-10 MEDICAL RECORDS",
    "RECEIVED 08/02/2010",
    "08/02/2010 10:15 FAX 555 0100 -> 555 0199",
    "FROM: 555-0100  TO: 555-0199  08/02/2010 10:15AM",
    "CONFIDENTIAL",
    "COPY",
    "SCANNED",
)
_LONG, _RARELY_WHOLE = 24, 0.75


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


_CONFUSED = dict(zip("eoclirnmtshbaugOIlSB50", "cOeI1tmrnf5bohoyD1I58S6", strict=False))


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
