"""A word that nobody knows, one letter away from one that is known.

On worn paper such words are misread more often than they are rare: unless the network
is sure of its letter, the known word was printed. A name must never become another one,
nor a word its opposite: what is a name stays as it is, no name takes a word's place,
and a first letter neither comes nor goes (acyanotic). In docs/measures.md, "Words that
nobody knows", is what these limits were chosen by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.ocr.net.lexicon import Lexicon, runs_of

_LEAST = 4  # letters; shorter ones have too many neighbours
_LONG = 6  # letters from which a neighbour is no chance
# natural logarithm by which the known word may be less probable than what was seen
_SMALL = {True: 9.0, False: 6.0}  # by whether it is long
_CAPITAL = {True: 5.0, False: 3.5}
_BELIEVED = {True: 0.8, False: 0.5}  # share of mended words that were printed, about


def mended(text: str, lexicon: Lexicon) -> Iterator[str]:
    """What may have been printed where ``text`` was read: a known word in it.

    Nothing where every run of letters is known, or several are not, or it has digits.
    """
    strange = [run for run in runs_of(text) if not lexicon.has(run)]
    if len(strange) != 1 or any(map(str.isdigit, text)) or not _may_be(strange[0]):
        return
    run = strange[0]
    small = run.lower()
    if small in lexicon.names:
        return
    before, _, after = text.partition(run)
    for near in lexicon.near(run):
        if len(near) >= _LEAST and near != small[1:] and near[1:] != small:
            for word in _written_as(run, near):
                yield f"{before}{word}{after}"


def _may_be(run: str) -> bool:
    """Whether a misread word may look so: of a few capitals most are abbreviations."""
    return len(run) >= (_LONG if run.isupper() else _LEAST)


def _written_as(run: str, word: str) -> Iterable[str]:
    """The word with the capitals of what was read; a capital may be misread, too."""
    if run.islower():
        return (word,)
    if run.isupper():
        return (word.upper(),)
    return (word, word.capitalize()) if run[1:].islower() else ()


def allowed(read: str) -> float:
    """How many times less probable, as natural logarithm, the known word may be."""
    letters = "".join(runs_of(read))
    return (_SMALL if letters.islower() else _CAPITAL)[len(letters) >= _LONG]


def believed(read: str) -> float:
    """The probability that a mended word was printed."""
    return _BELIEVED[len("".join(runs_of(read))) >= _LONG]
