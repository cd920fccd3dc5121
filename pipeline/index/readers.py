"""Which reader takes a label's value, by the field or role that the label names."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Piece
from pipeline.index.numbervalues import read_mrn, read_number
from pipeline.index.values import (
    Reader,
    Value,
    read_address,
    read_any_day,
    read_day,
    read_one_name,
    read_page_of,
    read_person,
    read_phone,
    read_rest,
    read_sex,
    read_ssn4,
)

_COUNT = 2  # digits of a dependent's number
DATES = (
    "service date", "admitted", "discharged", "received", "printed", "dictated",
    "transcribed", "signed", "dated", "effective", "other date",
)  # fmt: skip
READERS: dict[str, Reader] = {
    "mrn": read_mrn, "account": read_number, "encounter": read_number,
    "name": read_person, "family": read_one_name, "given": read_one_name,
    "middle": read_one_name, "born": read_day, "sex": read_sex, "age": read_sex,
    "address": read_address, "phone": read_phone, "ssn4": read_ssn4,
    "page_of": read_page_of, "form_id": read_rest, "other": read_number,
    **dict.fromkeys(DATES, read_any_day),
}  # fmt: skip


def read_listed(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """A person behind a role, past the number that a card gives its dependents."""
    signs = next((i for i, p in enumerate(pieces) if not p.is_sign), 0)
    listed = pieces[signs : signs + 1]
    if listed and listed[0].text.isdigit() and len(listed[0].text) <= _COUNT:
        pieces = pieces[signs + 1 :]
    return read_person(pieces, rules)
