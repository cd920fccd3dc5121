"""Whose folder a batch is, and how far that goes."""

from dataclasses import replace

import pytest
from index_people import page_of
from test_index_match_cut import AMY, ANN, BODY, DOE, cut, header, told

from pipeline.document import BatchId, DocumentId, Reading, ScannedDocument
from pipeline.finding import Evidence, Finding
from pipeline.index.folders import owner_of


def reading(patient, sure=0.99999, against=()):
    found = (Finding(patient, sure, (), "test"),)
    paper = ScannedDocument(DocumentId("b-1"), BatchId("b"), (1,))
    return Reading(paper, (), found, contradictions=against)


def test_nearly_all_that_are_sure():
    own = [reading(ANN)] * 6
    assert owner_of(own) == ANN
    assert owner_of([*own, *[reading(DOE)] * 2, *[reading(AMY, 0.99)] * 9]) == ANN


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [reading(ANN)] * 4,
        [reading(ANN, 0.999)] * 9,
        [reading(ANN, against=(Evidence("mrn", 0.0, ""),))] * 9,
        [*[reading(ANN)] * 5, *[reading(DOE)] * 2],
        [replace(reading(ANN), patients=())] * 9,
    ],
)
def test_nobodys(readings):
    assert owner_of(readings) is None


def named(patient):
    name = patient.names[0]
    return f"Patient Name: {name.family.upper()}, {name.given.upper()}"


CHART = [page_of(n, *header(ANN)) for n in range(1, 7)]


def test_in_the_own_folder_the_whole_name_files():
    bare = page_of(7, named(DOE), *BODY)
    own = [page_of(n, *header(DOE)) for n in range(1, 7)]
    assert told(cut([bare]))[-1] == ((7,), None)
    assert told(cut([*own, bare]))[-1] == ((7,), DOE.mrn)


@pytest.mark.parametrize("line", ["Seen today.", "Patient Name: OKAFOR, A"])
def test_a_folder_files_nothing_alone(line):
    assert told(cut([*CHART, page_of(7, line, *BODY)]))[-1] == ((7,), None)


def test_a_twin_in_the_folder_waits_with_the_twin_proposed():
    found = cut([*CHART, page_of(7, named(AMY), "DOB: 06/09/1975", *BODY)])
    assert told(found)[-1] == ((7,), None)
    assert found.readings[-1].patients[0].value == AMY


def test_without_identity_the_owner_is_proposed():
    found = cut([*CHART, page_of(7, *BODY)])
    assert found.readings[-1].patients[0].value == ANN
