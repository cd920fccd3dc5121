"""Nothing of a person reaches a site's model: their names are blotted out first.

Numbers and dates lose their values in the features, and a term stays only if several
patients share it (site_fit); what is left are names. Those of the patient index are
told, those of clinicians and relatives are found where names stand. A word that is
somebody's name is blotted on every page, though it may be a plain word as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.classify.corpus import TrainingPage, names_in
from pipeline.classify.features import Line

_WORD = re.compile(r"[^\W_](?:[^\W_]|['’])*")
_SHORTEST = 2  # letters of a name; an initial says nothing


def nameless(pages: Sequence[TrainingPage], told: Iterable[str]) -> list[TrainingPage]:
    """The pages without any name that was told or that stands where names stand."""
    names = {part for name in told for part in parts(name)}
    names |= {part for name in names_in(pages, share=0.0) for part in parts(name)}
    return [
        replace(page, lines=tuple(_blot(line, names) for line in page.lines))
        for page in pages
    ]


def parts(name: str) -> set[str]:
    """The words of a name as they are compared: folded, without accents."""
    found = {_folded(word) for word in _WORD.findall(name)}
    return {word for word in found if len(word) >= _SHORTEST}


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if c.isalnum())


def _blot(line: Line, names: set[str]) -> Line:
    def kept(match: re.Match[str]) -> str:
        own = _folded(match[0].removesuffix("'s").removesuffix("’s"))
        return "" if own in names else match[0]

    return replace(line, text=_WORD.sub(kept, line.text))
