"""Types told by a title that law or a national body prescribes, before any example.

A portable medical order (POLST, MOLST, POST...) is a form of its state with a name of
its own, and must be found the moment it comes in, by a site that never saw one. Only
a title counts: a note that says the patient "has a POLST" is a note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, reduce
from operator import or_

from pipeline.document import DocumentType
from pipeline.finding import Evidence
from pipeline.page import Page, Word

PORTABLE_ORDER = DocumentType("portable_medical_order")
_HEAD = 0.35  # of the page's height
_MOST_WORDS = 14  # of a line that is a title
_BITS = 13.3  # ten thousand to one, as a cover's word
_PERSON = r"(?:physician|provider|practitioner|clinician|medical|portable)s?['’]?s?"
_TITLE = (
    rf"\b{_PERSON}\s+orders?\s+(?:for|on)\s+(?:life|scope\s+of\s+treatment)"
    r"|\bportable\s+(?:medical\s+|dnr\s+)orders?\b"
    r"|\bout[- ]of[- ]hospital\s+(?:dnr|do[- ]not[- ](?:attempt[- ])?resuscitat)"
    r"|^\W*(?:[a-z]+\s+)?(?:POLST|MOLST|IPOST|LaPOST|COLST|TPOPP|DMOST)"
    r"(?:\s+form)?\W*$"
    r"|^\W*(?:[a-z]+\s+)?(?:POST|MOST)\s+form\W*$"
)
_ABOUT = re.compile(
    r"(?i)\b(?:has|have|had|no|copy|discuss\w*|complet\w*|review\w*|see|policy|revok\w*)\b"
)


def titled(page: Page) -> tuple[DocumentType, Evidence] | None:
    """The type that a line of the head names as the form's title, and the line."""
    for line in page.lines:
        text = " ".join(word.text for word in line)
        inside = line[0].box.bottom <= _HEAD * page.size[1]
        if inside and len(line) <= _MOST_WORDS and _is_title(text):
            return PORTABLE_ORDER, _evidence(text, line, page.number)
    return None


@cache
def _title() -> re.Pattern[str]:
    """Compiled when a page is first looked at: it takes a twentieth of a second."""
    return re.compile(_TITLE, re.IGNORECASE)


def _is_title(text: str) -> bool:
    return bool(_title().search(text)) and not _ABOUT.search(text)


def _evidence(text: str, line: Sequence[Word], page: int) -> Evidence:
    box = reduce(or_, (word.box for word in line))
    return Evidence("title", _BITS, text, page, box, exact=True)
