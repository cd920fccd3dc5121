"""Dictated reports as MTSamples has them, taken apart into headings and text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(
    r"(?:^|(?<=[\n,.:]))[ \t]*([A-Z][A-Z0-9 /&,()'\-]{2,70}?)\s*:[ \t,]*(?=\S|\n|$)"
)
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}|[A-H])[.)]\s+")
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z][A-Za-z]*\b\.?")
_LETTERS = re.compile(r"\b(?:ABCD?|XYZ)\b,?")

Told = tuple[str, str, list[str]]  # heading, "para" or "list", items


def read_narrative(text: str) -> Iterator[Told]:
    """Each section of a report: its heading, whether it is a list, its items.

    Patients whom the report names become "the patient", so that nobody is named on
    the page but the one whose paper it is.
    """
    text = _LETTERS.sub("", _PERSON.sub(_the_patient, text))
    cut = _HEADING.split(text)
    if cut[0].strip(" ,\n"):
        yield from _body("", cut[0])
    for heading, body in zip(cut[1::2], cut[2::2], strict=True):
        yield from _body(" ".join(heading.split()), body)


def _body(heading: str, text: str) -> Iterator[Told]:
    lines = [" ".join(line.split()).strip(" ,") for line in text.splitlines()]
    if len(lines) == 1:
        lines = re.split(r",(?=\d{1,2}\.\s)", lines[0])
    items: list[str] = []
    shape = "para"
    for line in filter(None, lines):
        kind = "list" if _NUMBERED.match(line) else "para"
        if items and kind != shape:
            yield heading, shape, items
            heading, items = "", []
        shape = kind
        items.append(_NUMBERED.sub("", line) if kind == "list" else line)
    if items or heading:
        yield heading, shape, items


def _the_patient(match: re.Match[str]) -> str:
    before = match.string[: match.start()].rstrip()
    opens = not before or before[-1] in ".:,\n"
    return "The patient" if opens else "the patient"
