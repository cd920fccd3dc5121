"""Whose folder a batch is: what custody says of papers that say little themselves.

A chart that was kept for years as one patient's, and a box declared as one, speaks for
that patient on every page. It never identifies alone: papers get into wrong folders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.document import Patient, PatientId, Reading

_SURE = 0.9999  # of the patient, for a document to tell whose the folder is
_FEWEST = 5  # such documents
_SHARE = 0.75  # of all such documents; what strayed in are the others


def owner_of(readings: Sequence[Reading]) -> Patient | None:
    """The patient of nearly all documents that are sure by themselves; of few nobody.

    Asked of a batch without cover sheets: a stack of a day is nobody's folder.
    """
    told = [
        reading.patients[0].value
        for reading in readings
        if reading.patients
        and reading.patients[0].confidence >= _SURE
        and not reading.contradictions
    ]
    counts: Counter[PatientId] = Counter(patient.id for patient in told)
    for patient, count in counts.most_common(1):
        if count >= _FEWEST and count >= _SHARE * len(told):
            return next(one for one in told if one.id == patient)
    return None
