"""How likely two records are one person: what agreement weighs, learned unlabelled.

Fellegi and Sunter's model with the classes that an index is full of: one person, twins,
and generations of one name, beside chance. A class says which fields agree as they do
for one person; the others agree as by chance. How often fields agree for one person,
and how many pairs are of each class, is found by expectation maximisation over pairs
that share a blocking key, whose own fields say nothing there.
Source: Fellegi & Sunter (1969); Winkler (1988); docs/SCIENCE.md, section 1.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from pipeline.document import Patient
from pipeline.index.channel import digits_apart, is_swapped
from pipeline.index.frequency import Frequencies
from pipeline.index.keys import plain, subscriber
from pipeline.index.names import fold, nicknames

FIELDS = ("family", "given", "middle", "born", "sex", "address", "phone", "ssn4")
EXACT, CLOSE, OTHER, MISSING = 0, 1, 2, -1
SAME, TWIN, GENERATION, CHANCE = "same", "twin", "generation", "chance"
AGREEING: Mapping[str, frozenset[str]] = {
    SAME: frozenset(FIELDS),
    TWIN: frozenset({"family", "born", "address", "phone"}),
    GENERATION: frozenset({"family", "given", "address", "phone"}),
    CHANCE: frozenset(),
}
_CLOSE_NAMES, _CLOSE_STREETS = 0.92, 85.0  # Jaro-Winkler 0..1, rapidfuzz ratio 0..100
_ROUNDS = 40
_SMOOTH = 0.5  # pairs seen before any is

Levels = NDArray[np.int8]  # shape (pairs, fields)
Shares = NDArray[np.float64]  # shape (fields, 3): P(level)


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs that share a key, and the fields that the key is made of."""

    pairs: Levels = field(repr=False)
    by: frozenset[str]
    people: int  # whose neighbours these pairs are


@dataclass(frozen=True, slots=True)
class Learned:
    """P(level) for one person's records and by chance; pairs of a class a person."""

    same: Shares
    chance: Shares
    rates: Mapping[str, float]


def levels(one: Patient, other: Patient) -> tuple[int, ...]:
    """How each of FIELDS agrees."""
    return (
        _family(one, other),
        _given(one, other),
        _equal(*(p.names[0].middle[:1].upper() for p in (one, other))),
        _born(one, other),
        _equal(one.sex, other.sex),
        _address(plain(one.address), plain(other.address)),
        _equal(subscriber(one.phone), subscriber(other.phone)),
        _equal(one.ssn_last4, other.ssn_last4),
    )


def learn(blocks: Sequence[Block], by_chance: Levels) -> Learned:
    """From pairs that share a key, and from pairs drawn by chance."""
    chance = _shares(by_chance, np.ones((len(by_chance), 1)))
    same = np.tile([0.9, 0.07, 0.03], (len(FIELDS), 1))
    parts = {id(b): {c: 1 / len(AGREEING) for c in AGREEING} for b in blocks}
    rates = dict.fromkeys(AGREEING, 0.0)
    for _ in range(_ROUNDS):
        counts = np.full((len(FIELDS), 3), _SMOOTH) * [8, 1, 1]
        rates = dict.fromkeys(AGREEING, 0.0)
        for block in blocks:
            if not len(block.pairs):
                continue
            shares = _classes(block, parts[id(block)], (same, chance))
            parts[id(block)] = {c: float(s.mean()) for c, s in shares.items()}
            counts += _agreement(block, shares[SAME])
            for name, share in shares.items():
                rate = float(share.sum()) / block.people
                rates[name] = max(rates[name], rate)
        same = counts / counts.sum(axis=1, keepdims=True)
    return Learned(same, chance, rates)


def score(
    one: Patient, other: Patient, learned: Learned, index: tuple[Frequencies, int]
) -> float:
    """Log2 odds that both are one person, among an index of so many people."""
    frequencies, size = index
    level = levels(one, other)
    chance = learned.chance.copy()
    if level[0] == EXACT:
        family = fold(one.names[0].family)
        chance[0, EXACT] = min(frequencies.family(family), 1.0)
    if level[1] == EXACT:
        chance[1, EXACT] = min(frequencies.given(fold(one.names[0].given)), 1.0)
    odds = {}
    for name, agreeing in AGREEING.items():
        prior = 1.0 if name == CHANCE else max(learned.rates[name], 1e-6) / max(size, 2)
        odds[name] = np.log2(prior) + sum(
            np.log2((learned.same if f in agreeing else chance)[at, level[at]])
            for at, f in enumerate(FIELDS)
            if level[at] != MISSING
        )
    rest = [bits for name, bits in odds.items() if name != SAME]
    return float(odds[SAME] - np.logaddexp2.reduce(rest))


def _classes(
    block: Block, parts: Mapping[str, float], tables: tuple[Shares, Shares]
) -> dict[str, NDArray[np.float64]]:
    """The share of each pair that belongs to each class."""
    same, chance = tables
    told = []
    for name, agreeing in AGREEING.items():
        bits = np.full(len(block.pairs), np.log(max(parts[name], 1e-12)))
        for at, one in enumerate(FIELDS):
            if one in block.by:
                continue
            table = np.log(same[at] if one in agreeing else chance[at])
            level = block.pairs[:, at]
            bits += np.where(level == MISSING, 0.0, table[level])
        told.append(bits)
    whole = np.array(told)
    shares = np.exp(whole - np.logaddexp.reduce(whole, axis=0))
    return dict(zip(AGREEING, shares, strict=True))


def _agreement(block: Block, share: NDArray[np.float64]) -> Shares:
    counts = np.zeros((len(FIELDS), 3))
    for at, one in enumerate(FIELDS):
        if one not in block.by:
            for level in (EXACT, CLOSE, OTHER):
                counts[at, level] = share[block.pairs[:, at] == level].sum()
    return counts


def _shares(pairs: Levels, weight: NDArray[np.float64]) -> Shares:
    counts = np.full((len(FIELDS), 3), _SMOOTH)
    for level in (EXACT, CLOSE, OTHER):
        counts[:, level] += ((pairs == level) * weight).sum(axis=0)
    shares: Shares = counts / counts.sum(axis=1, keepdims=True)
    return shares


# --- how fields agree


def _family(one: Patient, other: Patient) -> int:
    mine, theirs = ({fold(n.family) for n in p.names} - {""} for p in (one, other))
    if not mine or not theirs:
        return MISSING
    if mine & theirs:
        return EXACT
    return CLOSE if _close(mine, theirs) else OTHER


def _given(one: Patient, other: Patient) -> int:
    mine, theirs = ({fold(n.given) for n in p.names} - {""} for p in (one, other))
    if not mine or not theirs:
        return MISSING
    if mine & theirs:
        return EXACT
    known = frozenset().union(*map(nicknames, mine))
    return CLOSE if known & theirs or _close(mine, theirs) else OTHER


def _close(mine: set[str], theirs: set[str]) -> bool:
    return any(
        JaroWinkler.similarity(a, b) >= _CLOSE_NAMES for a in mine for b in theirs
    )


def _born(one: Patient, other: Patient) -> int:
    if one.born is None or other.born is None:
        return MISSING
    if one.born == other.born:
        return EXACT
    near = digits_apart(one.born, other.born) == 1 or is_swapped(one.born, other.born)
    return CLOSE if near else OTHER


def _equal(one: str, other: str) -> int:
    if not one or not other:
        return MISSING
    return EXACT if one == other else OTHER


def _address(one: str, other: str) -> int:
    if not one or not other:
        return MISSING
    if one == other:
        return EXACT
    return CLOSE if fuzz.ratio(one, other) >= _CLOSE_STREETS else OTHER
