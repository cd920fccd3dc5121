"""What recognition makes of printed words, and how sure it says that it is.

Its own table of look-alikes. A word's confidence is the probability that it is right,
given what the engine knows: about how bad the page is, and a signal of its own.
"""

from __future__ import annotations

import math
from random import Random

from benchmarks.traps import rates

_LIKE = {
    "0": "OD8", "1": "lI7", "2": "Z7", "3": "8B", "4": "A9", "5": "S6", "6": "G5",
    "7": "1T", "8": "B3", "9": "g4", "A": "4R", "B": "8R", "C": "GO", "D": "O0",
    "E": "F", "F": "EP", "G": "6C", "H": "NM", "I": "l1", "K": "X", "L": "I", "M": "N",
    "N": "MH", "O": "0Q", "P": "F", "Q": "O", "R": "PB", "S": "5", "T": "7I", "U": "V",
    "V": "Y", "W": "V", "X": "K", "Y": "V", "Z": "2", "a": "o", "b": "h", "c": "e",
    "e": "c", "f": "t", "g": "q", "h": "b", "i": "l", "l": "1i", "m": "n", "n": "u",
    "o": "a", "r": "n", "s": "5", "t": "f", "u": "v", "v": "y", "y": "v", "z": "s",
}  # fmt: skip
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misread(word: str, rate: float, rng: Random) -> str:
    """The word with each letter or digit wrong at the rate; signs stay."""
    letters = [at for at, char in enumerate(word) if char.isalnum()]
    told = list(word)
    step = math.log1p(-rate)
    place = _right_ones(step, rng)
    while place < len(letters):
        told[letters[place]] = _misread(word[letters[place]], rng)
        place += 1 + _right_ones(step, rng)
    return "".join(told)


def _right_ones(step: float, rng: Random) -> int:
    """How many letters are read right before the next wrong one."""
    return int(math.log(1 - rng.random()) / step)


def _misread(char: str, rng: Random) -> str:
    draw = rng.random()
    if draw < rates.DELETED:
        return ""
    if draw < rates.DELETED + rates.INSERTED:
        return char + rng.choice(_DIGITS if char.isdigit() else _LETTERS)
    like = _LIKE.get(char, "")
    if like and rng.random() < rates.CONFUSED:
        return rng.choice(like)
    if char.isdigit():
        return rng.choice(_DIGITS.replace(char, ""))
    other = rng.choice(_LETTERS.replace(char.lower(), ""))
    return other.upper() if char.isupper() else other


def believed(rate: float, rng: Random) -> float:
    """The page's error rate as the engine supposes it."""
    factor = math.exp(rng.gauss(0.0, rates.RATE_UNCERTAINTY))
    return min(max(rate * factor, 1e-4), 0.3)


def confidence(word: str, rate: float, rng: Random, *, right: bool) -> float:
    """0..1 that the word is right: the prior of its length, moved by the signal."""
    letters = max(sum(map(str.isalnum, word)), 1)
    prior = (1 - rate) ** letters
    half = rates.WORD_SIGNAL**2 / 2
    signal = rng.gauss(half if right else -half, rates.WORD_SIGNAL)
    odds = math.log(prior / (1 - prior)) + signal
    return 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))
