"""The validator's word on a PDF/A, without its looking twice at what it has passed.

``pikepdf.pdfa`` asks of every object whether its keys and values are those of its role,
and takes a font's program apart again for each font that shows it. Nine objects in ten
of a filed document are the fonts of its words, alike in every document but for their
numbers, and all are one program: two thirds of filing's time. Remembered are objects
that passed, each with all that its verdict hangs on, and our own program; what fails is
looked at each time, and so is what received streams and fonts hold.

The library offers no door for this, so its own parts are exchanged while it checks: a
release that is built otherwise fails the tests.
"""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf.pdfa
from pikepdf import Pdf
from pikepdf.pdfa import Report, _fonts
from pikepdf.pdfa._context import ValidationContext
from pikepdf.pdfa._fontprogram import TrueTypeProgram
from pikepdf.pdfa._schemas import SchemaSet

from pipeline.store.pdf_resources import BLANK_FONT

FLAVOUR = "2b"
_REFERENCE = re.compile(r'"\d+ \d+ R"')  # to another object, which is asked itself
_MOST = 20_000  # objects: a few megabytes
_LONGEST = (
    1_000  # characters of one: ours have 300, a received palette may have millions
)
_ALONE = threading.Lock()  # two threads would put the library's parts back twice


def checked(pdf: Pdf) -> Report:
    """What ``pikepdf.pdfa.check`` says of the document as it would be saved."""
    with _ALONE, _remembering():
        return pikepdf.pdfa.check(pdf, FLAVOUR, deterministic_id=True)


class Passed:
    """The schemas of the flavour, and what has passed them."""

    def __init__(self, schemas: SchemaSet) -> None:
        self._ask = schemas.check
        self.seen: set[tuple[str, str]] = set()

    def check(
        self,
        role: str,
        shallow: Any,  # noqa: ANN401 - JSON
        ctx: ValidationContext,
        where: str,
    ) -> bool:
        """Whether an object is as its role asks; what is not becomes a finding."""
        told = (role, _REFERENCE.sub("R", json.dumps(shallow)))
        if told in self.seen:
            return True
        passed = self._ask(role, shallow, ctx, where)
        if passed and len(self.seen) < _MOST and len(told[1]) <= _LONGEST:
            self.seen.add(told)
        return passed


@functools.cache
def passed() -> Passed:
    """What passed in this process."""
    return Passed(_schemas())


def _schemas() -> SchemaSet:
    return SchemaSet.for_flavour(pikepdf.pdfa.Flavour(FLAVOUR))


@functools.cache
def _our_program() -> TrueTypeProgram:
    return TrueTypeProgram(BLANK_FONT)


def _program(data: bytes) -> TrueTypeProgram:
    return _our_program() if data == BLANK_FONT else TrueTypeProgram(data)


@contextmanager
def _remembering() -> Iterator[None]:
    schemas, known = _schemas(), passed()  # before the exchange: it keeps the method
    schemas.check = known.check  # type: ignore[method-assign]  # for now
    _fonts.TrueTypeProgram = _program  # type: ignore[assignment, attr-defined]  # likewise
    try:
        yield
    finally:
        del schemas.check
        _fonts.TrueTypeProgram = TrueTypeProgram  # type: ignore[attr-defined]  # likewise
