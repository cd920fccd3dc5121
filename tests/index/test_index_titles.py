"""A portable medical order by its title, at a site that never saw one."""

from __future__ import annotations

import pytest

from pipeline.index.titles import PORTABLE_ORDER, titled
from pipeline.index.typed import typed_page


@pytest.mark.parametrize(
    "title",
    [
        "PHYSICIAN ORDERS FOR LIFE-SUSTAINING TREATMENT (POLST)",
        "Physician Orders for Life Sustaining Treatment",
        "Provider Orders for Life-Sustaining Treatment",
        "Medical Orders for Life-Sustaining Treatment (MOLST)",
        "Physician Orders for Scope of Treatment (POST)",
        "MEDICAL ORDERS FOR SCOPE OF TREATMENT (MOST)",
        "Portable Medical Orders",
        "NATIONAL POLST FORM: A PORTABLE MEDICAL ORDER",
        "Out-of-Hospital DNR Order",
        "Out of hospital do not resuscitate order",
        "MOLST",
        "Ohio POLST form",
        "MOST FORM",
    ],
)
def test_a_title_makes_it_one(title):
    found = titled(typed_page(f"County Hospital\n{title}\nPatient: DOE, JANE"))
    assert found is not None
    assert found[0] == PORTABLE_ORDER
    assert found[1].seen == title


@pytest.mark.parametrize(
    "line",
    [
        "The patient has a POLST on file",
        "Copy of the MOLST was given to the daughter",
        "Physician orders for life support were discussed with family",
        "PHYSICIAN ORDERS",
        "Post op day 2",
        "MOST recent results",
        "Code status: full, no portable medical order",
        "Advance Directive",
        "DNR",
    ],
)
def test_what_speaks_of_one_is_none(line):
    assert titled(typed_page(f"PROGRESS NOTE\n{line}")) is None


def test_only_the_head_has_a_title():
    text = "\n".join(["PROGRESS NOTE", *["Some line of it"] * 60, "MOLST"])
    assert titled(typed_page(text)) is None
