"""Documents that may lie wrong for the same reason."""

from dataclasses import replace

from pipeline.document import BatchId, DocumentId, ScannedDocument
from pipeline.finding import Evidence
from pipeline.review.siblings import ALERT, BATCH, CAUSE, LABEL, siblings
from tests.review.readings import ANNA, BERTA, CERTAIN, found

NUMBER = Evidence("mrn", 20.0, "12-34", exact=True)
NAMESAKE = Evidence("name alert", 0.0, "another ANNA")
NAME = Evidence("name", 5.0, "DOE")


def reading(document, batch, who, *evidence):
    place = ScannedDocument(DocumentId(document), BatchId(batch), (1,))
    return replace(CERTAIN, document=place, patients=(found(who, 1.0, *evidence),))


def test_each_way_to_be_a_sibling():
    ours = reading("b-1", "b", ANNA, NUMBER, NAMESAKE)
    others = [
        ours,
        reading("b-2", "b", ANNA, NAME),
        reading("c-1", "c", BERTA, replace(NUMBER, seen="12 34", source="cover")),
        reading("d-1", "d", BERTA, NAMESAKE),
        reading("e-1", "e", ANNA, replace(NUMBER, seen="77")),
        reading("f-1", "f", BERTA, NAME),
        replace(reading("g-1", "b", ANNA), patients=()),
    ]
    told = {one.document: one.shares for one in siblings(ours, others)}
    assert told == {
        "b-2": (BATCH,),
        "c-1": (LABEL,),
        "d-1": (ALERT,),
        "e-1": (CAUSE,),
    }
