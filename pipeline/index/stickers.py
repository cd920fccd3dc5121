"""A label on a sheet: name, number and bars of one sticker are one witness, not three.

Whoever takes the wrong sheet of labels sticks all of it on the paper at once. So what a
label says is believed where the paper itself, its folder or its cover agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.document import Doubt, Patient
from pipeline.finding import Clue
from pipeline.index.evidence import Known, compare
from pipeline.index.keys import NUMBERS
from pipeline.index.numbers import normalise
from pipeline.page import Box

ONLY_A_LABEL = "only a label says whose it is"
_TALL, _WIDE = 5.0, 0.75  # of its bars' height and width: how far a label reaches
_TELLING = frozenset({"mrn", "name", "given name", "birth date", "account", "phone"})


def label_doubt(own: Sequence[Clue], best: Patient, known: Known) -> tuple[Doubt, ...]:
    """Whether nothing but a label with the patient's bars speaks for the patient."""
    bars = [
        clue
        for clue in own
        if clue.field in NUMBERS
        and clue.by != "words"
        and normalise(clue.value) == normalise(best.mrn)
    ]
    if not bars:
        return ()
    beside = [clue for clue in own if not _on_a_label(clue, bars)]
    said = compare(beside, best, known)
    if any(e.source in _TELLING and e.weight > 0 for e in said):
        return ()
    return (Doubt(ONLY_A_LABEL, compare(own, best, known)),)


def _on_a_label(clue: Clue, bars: Iterable[Clue]) -> bool:
    return any(
        clue.page == one.page and _reach(one.box).holds(clue.box) for one in bars
    )


def _reach(bars: Box) -> Box:
    high, wide = _TALL * bars.height, _WIDE * bars.width
    return Box(bars.left - wide, bars.top - high, bars.right + wide, bars.bottom + high)
