"""Stat papers on the clerk's screens: first, and in words."""

import re
from dataclasses import replace

from fastapi.testclient import TestClient

from pipeline.document import DocumentId, DocumentType, Doubt, Review, TypeFacts
from pipeline.finding import Evidence
from pipeline.review.queue import QueueRules
from pipeline.web.app import make_app
from tests.review.readings import CERTAIN, found
from tests.web.desks import BOX, TYPES, FakeCatalogue, desk

WILL = DocumentType("advance_directive")
STAT = TypeFacts(WILL, "42348-3", "Advance directive", "clinical", priority="stat")
CALL = Evidence("critical result", 0.0, "CRITICAL VALUE", 2, BOX)
REVIEW = Review((Doubt("unsure of the type"),))


def question(n, *types, urgent=()):
    document = replace(CERTAIN.document, id=DocumentId(f"b-{n}"))
    told = tuple(found(kind, share) for kind, share in types) or CERTAIN.types
    return replace(CERTAIN, document=document, types=told, urgent=urgent), REVIEW


def client(*questions, at_least=0.5):
    here = replace(
        desk(FakeCatalogue(*questions)),
        type_facts=TYPES | {WILL: STAT},
        rules=QueueRules(at_least),
    )
    return TestClient(make_app(here), base_url="http://localhost")


def queue(page):
    cards = re.findall(r"class=.card. href=\"/documents/([^\"]+)\"", page)
    bodies = re.findall(r"<li>\s*<a class=.card.*?</li>", page, re.DOTALL)
    return [(id_, ">STAT<" in body) for id_, body in zip(cards, bodies, strict=True)]


QUEUE = (
    question(1),
    question(2, (WILL, 0.6), (DocumentType("letter"), 0.4)),
    question(3, (WILL, 0.4)),
    question(4, urgent=(CALL,)),
)


def test_stat_papers_come_first_then_the_oldest():
    assert queue(client(*QUEUE).get("/").text) == [
        ("b-2", True), ("b-4", True), ("b-1", False), ("b-3", False),
    ]  # fmt: skip


def test_the_line_is_the_site_s():
    assert queue(client(*QUEUE, at_least=0.7).get("/").text) == [
        ("b-4", True), ("b-1", False), ("b-2", False), ("b-3", False),
    ]  # fmt: skip


def test_a_stat_paper_behind_a_long_queue_is_seen():
    many = [question(n) for n in range(120)]
    page = client(*many, question(999, (WILL, 0.9))).get("/").text
    assert queue(page)[0] == ("b-999", True)


def test_the_document_says_stat_and_why():
    page = client(*QUEUE).get("/documents/b-4").text
    assert '<span class="stat">STAT</span>' in page
    assert "Page 2: critical result, reads <q>CRITICAL VALUE</q>" in page
    assert '<rect class="urgent" x="92" y="192"' in page
    assert "critical result: CRITICAL VALUE</title>" in page
    assert "STAT" not in client(*QUEUE).get("/documents/b-1").text
