"""What two people of an index share if there may be a name alert between them.

As numbers, so that those of ten million people are sorted, not compared. A number may
be shared by chance: ``lookalikes.alert`` has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Patient
from pipeline.index.keys import plain, subscriber
from pipeline.index.lookalikes import full_names, suffix_of, surnames
from pipeline.index.numbers import normalise

WIDTH = 24  # characters of an MRN that are compared
_rng = np.random.default_rng(1990)  # odd multipliers: sums of them are fair hashes
_BY_PLACE = _rng.integers(1, 2**63, WIDTH, np.uint64) | np.uint64(1)
_BY_SLIP = _rng.integers(1, 2**63, 2 * WIDTH, np.uint64) | np.uint64(1)
_MIX = np.uint64(0x9E3779B97F4A7C15)

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Near:
    """``keys``: one in common is enough. ``beside``: one in common beside a slip."""

    keys: tuple[int, ...]
    beside: tuple[int, ...]  # every full name, and the birth date
    number: bytes = field(repr=False)  # the MRN, WIDTH bytes at most


def nearness(patient: Patient) -> Near:
    """What a person may share with another; 64 bits each, signed."""
    full = ["|".join(name) for name in full_names(patient)]
    born = patient.born
    keys = [f"b|{born}|{family}" for family in surnames(patient) if born]
    digits, house = subscriber(patient.phone), plain(patient.address)
    for name in full:
        keys += [f"h|{name}|{house}"] if house else []
        keys += [f"t|{name}|{digits}"] if digits else []
        keys += [f"s|{name}"] if suffix_of(patient) else []
    beside = full + ([str(born)] if born else [])
    number = normalise(patient.mrn).encode()[:WIDTH]
    return Near(tuple(map(_hashed, keys)), tuple(map(_hashed, beside)), number)


def _hashed(text: str) -> int:
    """The same in every process, which ``hash`` is not."""
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def slip_keys(numbers: NDArray[np.uint8], beside: Numbers) -> Iterator[Numbers]:
    """Arrays of which two people share a value if their MRNs are one slip apart.

    ``numbers`` has a row for each, padded with zeros; ``beside`` is what they must
    share besides. A slip is one other character, or two neighbours exchanged: the value
    is that of the number without the character, or with the two in order.
    """
    with np.errstate(over="ignore"):
        wide = numbers.astype(np.uint64)
        whole = (wide * _BY_PLACE[: wide.shape[1]]).sum(axis=1, dtype=np.uint64)
        for at in range(wide.shape[1]):
            there = wide[:, at]
            if not there.any():
                return
            without = whole - there * _BY_PLACE[at]
            yield _mixed(without * _BY_SLIP[2 * at], beside)
            if at + 1 < wide.shape[1]:
                then = wide[:, at + 1]
                low, high = np.minimum(there, then), np.maximum(there, then)
                swapped = without - then * _BY_PLACE[at + 1]
                swapped += low * _BY_PLACE[at] + high * _BY_PLACE[at + 1]
                yield _mixed(swapped * _BY_SLIP[2 * at + 1], beside)


def _mixed(one: Numbers, other: Numbers) -> Numbers:
    both = (one ^ (one >> np.uint64(31))) * _MIX + other
    return both ^ (both >> np.uint64(29))
