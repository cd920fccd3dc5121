"""Made-up people beside those of the index, as the clerk of one item looks them up."""

from dataclasses import replace

from pipeline.web.seeded_desk import Among
from tests.web.live import ANNA, BERTA, CARL


class Index:
    """These people, who all fit whatever is asked."""

    def __init__(self, *people):
        self.people = people

    def find(self, text, limit):
        return self.people[:limit]

    def get(self, id_):
        return next((one for one in self.people if one.id == id_), None)


def many(one, count=100):
    return [replace(one, id=f"x{n}", mrn=f"0{n:07}") for n in range(count)]


def test_those_of_other_items_hide_nobody():
    among = Among(Index(), Index(*many(ANNA), ANNA), {ANNA.id})
    assert among.find(ANNA.names[0].family, 8) == (ANNA,)
    assert among.find("nobody", 8) == ()


def test_who_fits_the_best_stays_first():
    given = BERTA.names[0].given
    name = replace(CARL.names[0], family="AAA", given=f"B{given}")
    early = replace(CARL, names=(name,))
    among = Among(Index(BERTA, *many(CARL, 7)), Index(early), {early.id})
    assert among.find(given, 8)[0] == BERTA
    assert len(among.find("", 8)) == 8
