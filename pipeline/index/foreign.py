"""Whose labels lie in a stack: which are another patient's than it was said to be.

Before anything is recognised, from barcodes alone: it asks for a second look at the
paper, and decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from pipeline.document import PatientId
from pipeline.finding import Clue
from pipeline.page import SheetFault

Whose = Callable[[str], PatientId | None]
_SEVERAL = 2  # labels of one other patient, and none of the declared one's
LABEL = "a label of another patient than the cover's, or than was declared"
NOBODY = "the cover's number is nobody's in the index"
STRANGE = "a barcode that this house does not know"
VOLUME = "the labels are another patient's than was declared: is it the right volume?"
TWO = "headers of two batches: which sheets belong to which?"


def foreign(clues: Sequence[Clue], declared: str, whose: Whose) -> Iterator[SheetFault]:
    """What is strange about the barcodes of a stack, its ``clues`` in page order.

    ``declared`` is the MRN that the stack was said to be of, "" for none.
    """
    patient = whose(declared) if declared else None
    owners = Counter(
        owner
        for clue in clues
        if clue.field in ("mrn", "cover patient") and (owner := whose(clue.value))
    )
    if patient and owners and patient not in owners:
        most = owners.most_common(1)[0]
        if most[1] >= _SEVERAL:
            yield SheetFault("volume", VOLUME, 0, again=True)
            patient = most[0]
    if len({clue.value for clue in clues if clue.field == "batch"}) > 1:
        yield SheetFault("batch", TWO, 0, again=True)
    yield from _labels(clues, patient, whose)


def _labels(
    clues: Sequence[Clue], patient: PatientId | None, whose: Whose
) -> Iterator[SheetFault]:
    """Each label against the cover before it, or what was declared."""
    for clue in clues:
        owner = whose(clue.value) if clue.field in ("mrn", "cover patient") else None
        if clue.field == "cover patient":
            if owner is None:
                yield SheetFault("foreign", NOBODY, clue.page, again=True)
            patient = owner
        elif clue.field == "mrn" and owner and patient and owner != patient:
            yield SheetFault("foreign", LABEL, clue.page, again=True)
        elif clue.field == "other":
            yield SheetFault("foreign", STRANGE, clue.page, again=False)
