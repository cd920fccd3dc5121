"""A result that cannot wait: the words by which a laboratory or a reader calls it in.

A critical result is no type of its own: it is a report that says so, as accreditation
demands (who was told, when, and that it was read back; Joint Commission NPSG.02.03.01).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from pipeline.finding import Evidence
from pipeline.page import Box, Page, Word

RESULTS = frozenset(
    {
        "laboratory_report",
        "pathology_report",
        "imaging_report",
        "mammogram_report",
        "ecg_report",
        "echocardiogram_report",
    }
)
_CALL = r"(?:critical|panic|alert)(?: \w+)? (?:value|result|finding|level|alert)s?\b"
_TOLD = (
    r"called|phoned|telephoned|notified|communicated|relayed|discussed|read-?\s?back|"
    r"given to|reported to|informed"
)
_WITHIN = 60  # letters from the call to whom it was told, over the end of a line
_CRITICAL = re.compile(
    rf"{_CALL}(?=.{{0,{_WITHIN}}}?\b(?:{_TOLD})\b)"
    rf"|(?:^|(?<=\n))\W*{_CALL}\W*(?=\n|$)"  # alone on its line
    r"|(?:^|(?<=\n))\W*(?-i:CRITICAL)\W*(?=\n|$)"  # in prose it ends a sentence
    r"|\bcritical(?:ly)? (?:high|low)\b"
    rf"|\b(?:{_TOLD})\W+(?:of\W+)?(?:(?:this|the|a)\W+)?{_CALL}"  # told before it
    rf"|(?:(?:^|(?<=\n))\W*critical:|\(critical\))(?=.{{0,{_WITHIN}}}?\b(?:{_TOLD})\b)",
    re.IGNORECASE | re.DOTALL,
)
# Not a call: what is denied, what a house always does, what a legend explains.
_DENIED, _RULE, _LEGEND = (
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:no|not|non|without|any|if|when|never|for)\b[^.\n]*$",
        r"\s*(?:\w+\s+)?(?:are|is|will be|must be|should be)\b(?!\s*:?\s*\d)",
        r"=|\bh\W{1,3}high\b|reference|range|legend|policy",
    )
)


def critical_words(pages: Sequence[Page]) -> tuple[Evidence, ...]:
    """Where the pages call a result critical, each place once; empty for none.

    The weight is 0: it speaks for no type and for no patient.
    """
    return tuple(
        Evidence("critical result", 0.0, _text(words), page.number, _box(words))
        for page in pages
        for words in _calls(page)
    )


def _calls(page: Page) -> Iterator[tuple[Word, ...]]:
    words = [word for line in page.lines for word in line]
    text, spans = page.text, []
    at = 0
    for word in words:
        spans.append((at, at + len(word.text)))
        at += len(word.text) + 1  # a blank or the end of a line
    for call in _CRITICAL.finditer(text):
        if _meant(text, call):
            yield tuple(
                word
                for word, (start, end) in zip(words, spans, strict=True)
                if start < call.end() and end > call.start()
            )


def _meant(text: str, call: re.Match[str]) -> bool:
    start = text.rfind("\n", 0, call.start()) + 1
    end = text.find("\n", call.end())
    after = text[call.end() : end if end >= 0 else len(text)]
    line = text[start : call.end()] + after
    denied = _DENIED.search(text[start : call.start()])
    return not (denied or _RULE.match(after) or _LEGEND.search(line))


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _box(words: Sequence[Word]) -> Box:
    return reduce(or_, (word.box for word in words))
