"""Phrases with choices in them, and how one of their many readings is spoken.

In a phrase `(well|poorly)` is a choice, `{drug}` a word of the lexicon or a fact of the
case, `{60-100}` a whole number and `{3.5-5.2}` a decimal within the range. A word of
the lexicon that ends in `@F` or `@M` is said of women or of men only. A choice is
written without blanks round its bar, because ` | ` parts the cells of a table.
Parentheses without a bar are ordinary text.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{([A-Za-z_]+|[0-9.]+-[0-9.]+)\}")
_DEEPEST = 12

Lexicon = Mapping[str, tuple[str, ...]]


def read_lexicon(path: Path) -> dict[str, tuple[str, ...]]:
    """Words by name; a name on several lines of the file keeps them all."""
    found: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        name, colon, words = line.partition(": ")
        if colon and not line.startswith("#"):
            found[name] = found.get(name, ()) + tuple(words.split(" | "))
    return found


class Speaker:
    """Says phrases for one case; two speakers with the same seed say the same."""

    def __init__(self, lexicon: Lexicon, facts: Mapping[str, str], rng: Random) -> None:
        self._lexicon = lexicon
        self._facts = facts
        self._said: dict[str, str] = {}
        self.rng = rng

    def say(self, phrase: str) -> str:
        """One reading of the phrase.

        Raises:
            KeyError: the phrase names a word that neither facts nor lexicon know.
        """
        for _ in range(_DEEPEST):
            said = _SLOT.sub(self._slot, self._choose(phrase))
            if said == phrase:
                break
            phrase = said
        return re.sub(r" {2,}(?=[^ ])", " ", phrase).replace("..", ".").strip()

    def _choose(self, phrase: str) -> str:
        while _CHOICE.search(phrase):
            phrase = _CHOICE.sub(self._pick, phrase)
        return phrase

    def _pick(self, match: re.Match[str]) -> str:
        choices: list[str] = match[1].split("|")
        return self.rng.choice(choices)

    def _slot(self, match: re.Match[str]) -> str:
        name: str = match[1]
        if name in self._facts:
            return self._facts[name]
        if "-" in name:
            return self._number(*name.split("-"))
        if name in self._lexicon:
            return self._word(name)
        capital = name[0].lower() + name[1:]
        if capital in self._lexicon:
            word = self.say(self._word(capital))
            return word[:1].upper() + word[1:]
        raise KeyError(name)

    def _word(self, name: str) -> str:
        other = {"M": "@F", "F": "@M"}.get(self._facts.get("sexletter", ""), "@")
        words = [word for word in self._lexicon[name] if not word.endswith(other)]
        fresh = [word for word in words if word != self._said.get(name)]
        self._said[name] = self.rng.choice(fresh or words)
        return self._said[name].partition("@")[0]

    def _number(self, low: str, high: str) -> str:
        if "." not in low:
            width = len(low) if low.startswith("0") else 0
            return str(self.rng.randint(int(low), int(high))).zfill(width)
        places = len(low.partition(".")[2])
        return f"{self.rng.uniform(float(low), float(high)):.{places}f}"
