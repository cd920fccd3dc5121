"""What labels were found to say, before it becomes clues; parts of a name joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.index.labels import Label
from pipeline.index.values import Value

_PARTS = ("family", "given", "middle")
_ROWS = 2  # of one form
_MENDED = 0.97  # what a mended label costs in confidence


@dataclass(frozen=True, slots=True)
class Found:
    """A label, its value, whose it is, and the field that it fills."""

    label: Label
    value: Value
    role: str
    field: str

    @property
    def sureness(self) -> float:
        """How probably the value is right, 0..1."""
        return self.value.confidence * (1.0 if self.label.exact else _MENDED)


def join_names(found: Sequence[Found]) -> list[Found]:
    """The same with LAST NAME and FIRST NAME of one form made one name, at the end."""
    singles = [f for f in found if f.field in _PARTS]
    joined = [f for f in found if f.field not in _PARTS]
    for family in (f for f in singles if f.field == "family"):
        near = {
            f.field: f.value
            for f in reversed(singles)
            if 0 <= f.label.row - family.label.row <= _ROWS and f.role == family.role
        }
        if "given" in near:
            joined.append(Found(family.label, _one_name(near), family.role, "name"))
    halves = {f.field for f in singles if f.field != "middle"}
    if len(halves) == 1:
        alone = (f for f in singles if f.field in halves)
        joined += [replace(f, field="called") for f in alone]
    return joined


def _one_name(parts: dict[str, Value]) -> Value:
    values = [parts[part] for part in _PARTS if part in parts]
    box = values[0].box
    for value in values[1:]:
        box = box | value.box
    normal = "|".join(parts[p].value if p in parts else "" for p in _PARTS) + "|"
    text = ", ".join(value.text for value in values)
    return Value(text, normal, box, min(value.confidence for value in values), 0)
