"""A page that a clerk turned stands so in the filed PDF."""

import io
from dataclasses import replace

import pikepdf

from pipeline.document import Correction
from tests.flow.test_flow_correcting import ADA, faults, filed, house, sweep

__all__ = ["house"]  # a fixture


def stand(house, one):
    """How a viewer turns each page of the filed PDF."""
    with pikepdf.open(io.BytesIO(house.objects.get(one.key))) as pdf:
        return [int(page.obj.get("/Rotate", 0)) for page in pdf.pages]


def turned(house, *turns):
    one = filed(house)
    right = replace(one.decision, by=ADA)
    said = Correction(one.id, right, "it lay on its side", misfiled=False, by=ADA)
    house.catalogue.answer(one.document, replace(said, turns=turns))
    sweep(house)
    return filed(house)


def test_a_correction_turns_a_page_and_another_turns_it_back(house):
    first = filed(house)
    batch = house.catalogue.reading(first.document).document.batch
    number = house.catalogue.reading(first.document).document.pages[0]
    assert not any(stand(house, first))
    second = turned(house, (number, 90))
    assert second.replaces == first.id
    assert house.catalogue.turns(batch) == {number: 90}
    assert stand(house, second)[0] == 90
    assert not any(stand(house, first))
    third = turned(house, (number, 0))
    assert house.catalogue.turns(batch) == {}
    assert not any(stand(house, third))
    assert faults(house) == []


def test_what_was_turned_before_stays_so_in_the_next_version(house):
    first = filed(house)
    paper = house.catalogue.reading(first.document).document
    house.catalogue.turn(paper.batch, paper.pages[0], 180, ADA)
    assert stand(house, turned(house))[0] == 180
