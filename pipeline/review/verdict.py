"""What holds of a document after people have looked at it, field by field.

Two blind answers that agree settle a field: the machine's and a person's, else two
persons'; where these differ, a third person decides. A person who agrees with the
machine after another one did not is not enough: that would favour the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.checks import Check, MachineAnswer
from pipeline.document import PatientId

BLIND = ("shadow", "qa", "double key")  # a report is no draw: it never counts
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one document: whether its fields are settled, and wrong.

    ``open``: people differ and one more must look; until then it counts as wrong.
    """

    open: bool
    wrong_patient: bool
    wrong_type: bool


def verdict(
    machine: MachineAnswer,
    checks: Sequence[Check],
    person: Callable[[PatientId | None], PatientId | None] = lambda one: one,
) -> Verdict | None:
    """What the checks, oldest first, say of the machine's answer; None: no check.

    ``person`` gives the surviving record of a merged one.
    """
    blind = [check for check in checks if check.why in BLIND]
    if not blind:
        return None
    patient = settled(person(machine.patient), [person(one.patient) for one in blind])
    said = [one.type for one in blind if one.type is not None]
    kind = settled(machine.type, said) if said else (machine.type,)
    return Verdict(
        open=patient is None or kind is None,
        wrong_patient=patient != (person(machine.patient),),
        wrong_type=kind != (machine.type,),
    )


def settled(machine: T, people: Sequence[T]) -> tuple[T] | None:
    """The value that holds, in a tuple as it may be None; None: one more must look."""
    first, *others = people
    if not others:
        return (first,) if first == machine else None
    second, *more = others
    if first == second:
        return (first,)
    return (more[0],) if more else None
