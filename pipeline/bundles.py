"""What data entry proposes, as FHIR R4 beside its CSV.

A collection, so that no server takes it for a transaction: each resource holds what was
keyed from one paper only, is tagged as a proposal and names the paper as its source. A
field that has no place in these resources stands in the CSV alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5

Row = Mapping[str, str | int]  # of the CSV
Json = dict[str, object]
Said = Mapping[str, str]  # values by field
TAG = {"system": "urn:chartfiler", "code": "update-proposal"}
_TERMS = "http://terminology.hl7.org/CodeSystem"
_GENDERS = {"F": "female", "M": "male"}
_CLASSES = (  # of a coverage: the field, its code
    ("group", "group"), ("plan", "plan"), ("rx_bin", "rxbin"), ("rx_pcn", "rxpcn"),
    ("rx_group", "rxgroup"),
)  # fmt: skip


def bundle_of(rows: Iterable[Row], at: dt.datetime) -> Json:
    """The proposal's rows as one Bundle; ``at`` is its moment, UTC."""
    papers: defaultdict[tuple[str, str], dict[int, dict[str, str]]]
    papers = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        paper = papers[str(row["document"]), str(row["mrn"])]
        paper[int(row["row"] or 0)][str(row["field"])] = str(row["proposed"])
    entries: list[Json] = []
    for (document, mrn), said in papers.items():
        entries += _entries(document, mrn, said)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(timespec="seconds"),
        "entry": entries,
    }


def _entries(document: str, mrn: str, said: Mapping[int, Said]) -> Iterator[Json]:
    """The patient of one paper as it tells them, and what else it tells of them."""
    mine, source = f"Patient {document}", f"urn:chartfiler:document:{document}"
    whose: Json = {"reference": _address(mine)}
    patient = _patient(mrn, said.get(0, {}))
    found = {f"Coverage {document}": _coverage(said.get(0, {}), whose)}
    for row, vaccine in said.items():
        found[f"Immunization {document} {row}"] = _immunization(vaccine, whose)
    found = {name: one for name, one in found.items() if one}
    if not found and len(patient) == 2:  # noqa: PLR2004 - who it is, and nothing new
        return
    for name, resource in {mine: patient, **found}.items():
        meta = {"meta": {"source": source, "tag": [TAG]}}
        yield {"fullUrl": _address(name), "resource": resource | meta}


def _address(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:chartfiler:{name}')}"


def _patient(mrn: str, said: Said) -> Json:
    """Who it is by the index's number, and what the paper says of them."""
    number = {"coding": [{"system": f"{_TERMS}/v2-0203", "code": "MR"}]}
    place = ", ".join(filter(None, (said.get("address"), said.get("city"))))
    contact = _kept(
        name=_name(said.get("contact", "")),
        telecom=_phone(said.get("contact_phone", "")),
    )
    return _kept(
        resourceType="Patient",
        identifier=[{"type": number, "value": mrn}],
        name=[_name(said["name"])] if said.get("name") else None,
        birthDate=said.get("born"),
        gender=_GENDERS.get(said.get("sex", "")),
        address=[{"text": place}] if place else None,
        telecom=_phone(said.get("phone", "")),
        maritalStatus=_text(said.get("marital", "")),
        contact=[contact] if contact else None,
    )


def _coverage(said: Said, whose: Json) -> Json:
    """A draft; nothing where the paper names no insurance."""
    payer = said.get("insurer") or said.get("plan", "")
    number = said.get("policy") or said.get("member_id", "")
    if not (payer or number):
        return {}
    classes = [
        {
            "type": {"coding": [{"system": f"{_TERMS}/coverage-class", "code": code}]},
            "value": said[field],
        }
        for field, code in _CLASSES
        if said.get(field)
    ]
    subscriber = said.get("subscriber") or said.get("member", "")
    return {
        "resourceType": "Coverage",
        "status": "draft",
        "beneficiary": whose,
    } | _kept(
        payor=[{"display": payer or "not keyed"}],
        subscriberId=number,
        subscriber={"display": subscriber} if subscriber else None,
        period=_kept(start=said.get("effective")),
        **{"class": classes},
    )


def _immunization(said: Said, whose: Json) -> Json:
    """As a paper of elsewhere tells it; nothing for what is no vaccine's row."""
    if not said.get("vaccine"):
        return {}
    given = said.get("given")
    when = {"occurrenceDateTime": given} if given else {"occurrenceString": "unknown"}
    return {
        "resourceType": "Immunization",
        "status": "completed",
        "patient": whose,
        "primarySource": False,
        **when,
    } | _kept(
        vaccineCode=_text(said["vaccine"]),
        lotNumber=said.get("lot"),
        manufacturer={"display": said["maker"]} if said.get("maker") else None,
        site=_text(said.get("site", "")),
    )


def _name(said: str) -> Json:
    """As data entry keeps a name: FAMILY, GIVEN MIDDLE."""
    family, _, given = (part.strip() for part in said.partition(","))
    return _kept(family=family, given=given.split())


def _phone(said: str) -> list[Json]:
    return [{"system": "phone", "value": said}] if said else []


def _text(said: str) -> Json:
    return {"text": said} if said else {}


def _kept(**fields: object) -> Json:
    """Those that say something: FHIR knows no empty ones."""
    return {name: value for name, value in fields.items() if value}
