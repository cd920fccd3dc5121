"""What a station declares is read from both forms, and a bad one says what to do."""

from __future__ import annotations

import pytest

from pipeline.document import Sidecar
from pipeline.errors import InputError
from pipeline.ingest.sidecar import MOST_BYTES, sidecar

WHOLE = Sidecar("S1", "ada", "B7", "2", 3, "00123456", ("2.tif", "10.tif", "1.tif"))

ROWS = """key,value
station,S1
operator,ada
box,B7
volume,2
sheets_fed,3
patient,00123456
page,2.tif
page,10.tif
page,1.tif
"""
COLUMNS = """station,operator,box,volume,sheets_fed,patient,page
S1,ada,B7,2,3,00123456,2.tif;10.tif;1.tif
"""
FLAT = """<batch station="S1" operator="ada" box="B7" volume="2" sheets_fed="3"
 patient="00123456"><page file="2.tif"/><page file="10.tif"/><page file="1.tif"/>
</batch>"""
NESTED = """<?xml version="1.0"?><x:job xmlns:x="urn:x"><x:head>
<x:Station>S1</x:Station>
<x:operator> ada </x:operator><x:where><x:box>B7</x:box><x:volume>2</x:volume></x:where>
</x:head><x:sheets_fed>3</x:sheets_fed><x:patient>00123456</x:patient><x:pages>
<x:page>scans\\2.tif</x:page><x:page name="10.tif"/><x:page file="a/1.tif"/></x:pages>
</x:job>"""


@pytest.mark.parametrize(
    ("text", "suffix"),
    [(ROWS, ".csv"), (COLUMNS, ".csv"), (FLAT, ".xml"), (NESTED, ".XML")],
)
def test_both_forms(text: str, suffix: str) -> None:
    assert sidecar(text.encode(), suffix) == WHOLE
    assert sidecar(text.replace("\n", "\r\n").encode("utf-8-sig"), suffix) == WHOLE


def test_what_windows_writes() -> None:
    assert sidecar("operator,Zoë\n".encode("cp1252"), ".csv").operator == "Zoë"


def test_unknown_keys_and_empty_values_are_passed_over() -> None:
    text = "key,value\nbox,\nscanner,fast\nStation,S2\n\nlonely\n"
    assert sidecar(text.encode(), ".csv") == Sidecar(station="S2")


def test_a_page_counts_once() -> None:
    assert sidecar(b"page,a.tif\npage,b.tif\npage,a.tif\n", ".csv").order == (
        "a.tif",
        "b.tif",
    )


BOMB = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa">
<!ENTITY c "&a;&a;&a;">]><batch station="&c;"/>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE b SYSTEM "file:///etc/passwd">
<batch station="S1"/>"""


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"", ".csv"),
        (b"nothing,known\n", ".csv"),
        (b'station,"S1\n', ".csv"),
        (b"sheets_fed,many\n", ".csv"),
        (b"station,S1\nsheets_fed,-1\n", ".csv"),
        (b"", ".xml"),
        (b"<batch", ".xml"),
        (b"<batch/>", ".xml"),
        (b"<?xml version='1.0' encoding='klingon'?><batch station='S1'/>", ".xml"),
        (BOMB.encode(), ".xml"),
        (OUTSIDE.encode(), ".xml"),
        (b" " * (MOST_BYTES + 1), ".csv"),
    ],
)
def test_a_bad_sidecar_names_the_next_move(data: bytes, suffix: str) -> None:
    with pytest.raises(InputError, match="send"):
        sidecar(data, suffix)


def test_the_patient_is_not_shown() -> None:
    assert "00123456" not in repr(WHOLE)
    assert "10.tif" not in repr(WHOLE)
