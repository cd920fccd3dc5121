"""What a cover may call a type: its key, or a code that means one type only."""

from dataclasses import replace

from pipeline.document import DocumentType, TypeFacts
from pipeline.index.typecodes import shipped_kinds, type_codes

LAB = TypeFacts(DocumentType("laboratory_report"), "11502-2", "Lab", "laboratory")
CBC = replace(LAB, key=DocumentType("cbc"), like=LAB.key, local=True)
BMP = replace(CBC, key=DocumentType("bmp"))
MICRO = replace(CBC, key=DocumentType("micro"), loinc="18725-2")


def test_keys_and_codes_of_one_type_mean_it():
    assert type_codes([LAB, MICRO]) == {
        "laboratory_report": LAB.key, "11502-2": LAB.key,
        "micro": MICRO.key, "18725-2": MICRO.key,
    }  # fmt: skip


def test_a_shared_code_means_the_shipped_type():
    for order in ([LAB, CBC, BMP], [CBC, LAB, BMP]):
        assert type_codes(order)["11502-2"] == LAB.key


def test_a_code_that_local_types_share_means_none():
    codes = type_codes([CBC, BMP])
    assert set(codes) == {"cbc", "bmp"}
    retired = replace(LAB, retired=True)
    assert type_codes([retired, CBC, BMP]) == codes


def test_a_retired_type_is_not_meant():
    assert type_codes([replace(LAB, retired=True), CBC]) == {
        "cbc": CBC.key, "11502-2": CBC.key,
    }  # fmt: skip


def test_a_local_type_is_read_as_the_one_it_is_like():
    assert shipped_kinds([LAB, CBC, replace(MICRO, like=None)]) == {CBC.key: LAB.key}
