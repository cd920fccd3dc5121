"""How a value is written down in a row: JSON of its fields, squeezed where long."""

from __future__ import annotations

import zlib
from typing import Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter

from pipeline.checks import Certificate, Check, LaneEvent, MachineAnswer
from pipeline.document import (
    Holding,
    Patient,
    Reading,
    Review,
    Sidecar,
    TypeFacts,
)
from pipeline.page import Mark, Quality, SheetFault, Word
from pipeline.store.answers import Answer

T = TypeVar("T")
# an infinite weight (a veto in bits) is a number, not a gap
NUMBERS = ConfigDict(
    ser_json_inf_nan="constants",
    defer_build=True,  # each when its first value comes: most commands meet few of them
)


class Packing(Generic[T]):
    """Writes values of one type and reads them back equal."""

    def __init__(self, adapter: TypeAdapter[tuple[T]]) -> None:
        # wrapped in a 1-tuple: pydantic takes no settings for a bare dataclass
        self._adapter = adapter

    def text(self, value: T) -> str:
        return self._adapter.dump_json((value,)).decode()

    def of_text(self, text: str) -> T:
        return self._adapter.validate_json(text)[0]

    def blob(self, value: T) -> bytes:
        """The same, compressed: for words and evidence, which are long."""
        return zlib.compress(self._adapter.dump_json((value,)), level=3)

    def of_blob(self, blob: bytes) -> T:
        return self._adapter.validate_json(zlib.decompress(blob))[0]


SIDECAR = Packing(TypeAdapter(tuple[Sidecar], config=NUMBERS))
WORDS = Packing(TypeAdapter(tuple[tuple[Word, ...]], config=NUMBERS))
MARKS = Packing(TypeAdapter(tuple[tuple[Mark, ...]], config=NUMBERS))
QUALITY = Packing(TypeAdapter(tuple[Quality], config=NUMBERS))
TROUBLES = Packing(TypeAdapter(tuple[tuple[str, ...]], config=NUMBERS))
READING = Packing(TypeAdapter(tuple[Reading], config=NUMBERS))
REVIEW = Packing(TypeAdapter(tuple[Review], config=NUMBERS))
ANSWER = Packing[Answer](TypeAdapter(tuple[Answer], config=NUMBERS))
PATIENT = Packing(TypeAdapter(tuple[Patient], config=NUMBERS))
HOLDING = Packing(TypeAdapter(tuple[Holding], config=NUMBERS))
TYPE = Packing(TypeAdapter(tuple[TypeFacts], config=NUMBERS))
MACHINE = Packing(TypeAdapter(tuple[MachineAnswer], config=NUMBERS))
CHECK = Packing(TypeAdapter(tuple[Check], config=NUMBERS))
LANE = Packing(TypeAdapter(tuple[LaneEvent], config=NUMBERS))
FAULTS = Packing(TypeAdapter(tuple[tuple[SheetFault, ...]], config=NUMBERS))
CERTIFICATE = Packing(TypeAdapter(tuple[Certificate], config=NUMBERS))
