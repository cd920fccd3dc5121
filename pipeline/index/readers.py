"""Which reader takes a label's value, by the field that the label names."""

from __future__ import annotations

from pipeline.index.values import (
    Reader,
    read_address,
    read_any_day,
    read_day,
    read_mrn,
    read_number,
    read_one_name,
    read_page_of,
    read_person,
    read_phone,
    read_rest,
    read_sex,
    read_ssn4,
)

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
