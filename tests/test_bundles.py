"""A proposal as FHIR: what was keyed has its place, and nothing else is said."""

import datetime as dt
import json

import pytest

from pipeline.bundles import TAG, bundle_of

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
FACE = {
    "name": "DOE, ANNA MARIA", "born": "1961-03-04", "sex": "F", "phone": "3305550171",
    "address": "9 OAK ST", "city": "HARLAN, OH 44290", "marital": "married",
    "religion": "none", "contact": "DOE, JO", "contact_phone": "3305550100",
    "insurer": "Blue Shield", "policy": "123456789", "group": "77", "ssn4": "1234",
}  # fmt: skip
CARD = {"plan": "Gold", "member_id": "9", "rx_bin": "004336", "effective": "2013-01-01"}
VACCINE = {
    "vaccine": "MMR",
    "given": "2002-04-05",
    "lot": "C1",
    "maker": "M",
    "site": "LT",
}


def rows(said, row="", document="b1-1", mrn="10000012"):
    same = {"document": document, "mrn": mrn, "type": "any", "row": row}
    return [same | {"field": field, "proposed": value} for field, value in said.items()]


def resources(*some):
    bundle = bundle_of([one for rows_ in some for one in rows_], NOW)
    json.dumps(bundle)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    return [entry["resource"] for entry in bundle["entry"]]


def test_a_face_sheet_is_a_patient_and_a_draft_of_their_coverage():
    patient, coverage = resources(rows(FACE))
    assert patient["identifier"][0]["value"] == "10000012"
    assert patient["name"] == [{"family": "DOE", "given": ["ANNA", "MARIA"]}]
    assert (patient["birthDate"], patient["gender"]) == ("1961-03-04", "female")
    assert patient["address"] == [{"text": "9 OAK ST, HARLAN, OH 44290"}]
    assert patient["contact"][0]["name"] == {"family": "DOE", "given": ["JO"]}
    assert (coverage["status"], coverage["subscriberId"]) == ("draft", "123456789")
    assert coverage["payor"] == [{"display": "Blue Shield"}]
    assert "1234" not in str(patient).replace("123456789", "")


def test_a_card_and_a_list_of_vaccines_are_of_a_patient_by_number_only():
    found = resources(
        rows(CARD),
        rows(VACCINE, 1, "b1-2"),
        rows({"vaccine": "DTaP"}, 2, "b1-2"),
    )
    kinds = [one["resourceType"] for one in found]
    assert kinds == ["Patient", "Coverage", "Patient", "Immunization", "Immunization"]
    assert found[0].keys() == {"resourceType", "identifier", "meta"}
    codes = {
        one["type"]["coding"][0]["code"]: one["value"] for one in found[1]["class"]
    }
    assert codes == {"plan": "Gold", "rxbin": "004336"}
    assert found[1]["period"] == {"start": "2013-01-01"}
    assert found[3]["occurrenceDateTime"] == "2002-04-05"
    assert found[4]["occurrenceString"] == "unknown"


def test_each_refers_to_its_own_paper_s_patient_and_is_tagged_as_a_proposal():
    bundle = bundle_of([*rows(CARD), *rows(CARD, document="b1-2", mrn="2")], NOW)
    entries = bundle["entry"]
    assert len({entry["fullUrl"] for entry in entries}) == 4
    for patient, coverage in (entries[:2], entries[2:]):
        whose = coverage["resource"]["beneficiary"]["reference"]
        assert whose == patient["fullUrl"]
        for one in (patient, coverage):
            assert one["resource"]["meta"]["tag"] == [TAG]
    assert bundle == bundle_of(
        [*rows(CARD), *rows(CARD, document="b1-2", mrn="2")], NOW
    )


@pytest.mark.parametrize("said", [{}, {"religion": "none"}, {"drug": "Aspirin"}])
def test_what_has_no_place_is_left_to_the_csv(said):
    assert resources(rows(said)) == []
