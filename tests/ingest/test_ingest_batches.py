"""Which files are one batch, when it closes, and what is late for it."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import BatchId, Sidecar
from pipeline.ingest.batches import (
    BatchRules,
    Closed,
    Found,
    Group,
    groups,
    natural,
)

RULES = BatchRules(quiet=60)


def page(name: str, age: float = 100, *, single: bool = True, at: int = 0) -> Found:
    return Found(name, settled=True, single=single, age=age, modified=at)


def note(name: str, *order: str, age: float = 100, at: int = 9) -> Found:
    declared = Sidecar(station="S1", order=order)
    return Found(name, True, False, age, at, declared)


def files(*found: Found, closed: dict[str, Closed] | None = None) -> list[list[str]]:
    return [list(g.files) for g in groups(found, closed or {}, RULES)]


def test_at_the_root_every_file_is_a_batch() -> None:
    found = [page("b.pdf", 6, single=False), page("a.jpg", 6), page("c.tif", 6)]
    assert files(*found) == [["a.jpg"], ["b.pdf"], ["c.tif"]]


def test_a_folder_of_pictures_waits_for_quiet() -> None:
    early = [page("d/2.tif", 100), page("d/10.tif", 59)]
    assert files(*early) == []
    assert files(page("d/2.tif"), page("d/10.tif", 60)) == [["d/2.tif", "d/10.tif"]]


def test_a_growing_page_holds_its_folder_back() -> None:
    growing = Found("d/3.tif", settled=False, single=False, age=1000)
    assert files(page("d/2.tif"), growing) == []
    assert files(page("d/2.tif"), note("d/n.csv", "2.tif"), growing) == []


def test_a_complete_sidecar_closes_at_once_in_its_order() -> None:
    found = [page(f"d/{n}.tif", 6) for n in (1, 2, 3)]
    sidecar = note("d/x.xml", "3.tif", "1.TIF", "2.tif", age=6)
    (group,) = groups([*found, sidecar], {}, RULES)
    assert group.files == ("d/3.tif", "d/1.tif", "d/2.tif")
    assert group.note == "d/x.xml"
    assert group.sidecar.station == "S1"
    assert group.key == "folder d"


def test_missing_pages_are_waited_for_and_stay_in_the_order() -> None:
    sidecar = note("d/x.csv", "1.tif", "2.tif", age=100)
    assert files(page("d/1.tif", 59), sidecar) == []
    (group,) = groups([page("d/1.tif", 60), sidecar], {}, RULES)
    assert group.files == ("d/1.tif",)
    assert group.sidecar.order == ("1.tif", "2.tif")


def test_what_the_sidecar_does_not_name_follows() -> None:
    found = [page(f"d/{n}.tif", 6) for n in (10, 9, 1)]
    assert files(*found, note("d/x.csv", "10.tif", age=6)) == [
        ["d/10.tif", "d/1.tif", "d/9.tif"]
    ]


def test_a_sidecar_without_order_closes_if_it_was_written_last() -> None:
    assert files(page("d/1.tif", 6, at=5), note("d/x.csv", age=6, at=6)) == [
        ["d/1.tif"]
    ]
    assert files(page("d/1.tif", 6, at=7), note("d/x.csv", age=6, at=6)) == []


def test_a_sidecar_takes_pdfs_into_its_batch() -> None:
    found = [page("d/1.tif", 6), page("d/2.pdf", 6, single=False)]
    sidecar = note("d/x.csv", "2.pdf", "1.tif", age=6)
    assert files(*found, sidecar) == [["d/2.pdf", "d/1.tif"]]


def test_a_mixed_folder_without_sidecar_is_many_batches_once_quiet() -> None:
    found = [page("d/1.tif"), page("d/2.pdf", single=False)]
    assert files(*found) == [["d/1.tif"], ["d/2.pdf"]]
    assert files(*found, page("d/3.tif", 1)) == []
    assert files(page("d/s_0001.tif"), found[1]) == [["d/2.pdf"], ["d/s_0001.tif"]]


def test_a_name_pattern_with_its_sidecar() -> None:
    found = [page(f"s_{n:04}.tif", 6) for n in (2, 1, 10)]
    other = page("other.pdf", 6, single=False)
    assert files(*found, other, note("s.csv", age=6)) == [
        ["s_0001.tif", "s_0002.tif", "s_0010.tif"],
        ["other.pdf"],
    ]


def test_a_name_pattern_waits_for_its_sidecar() -> None:
    assert files(page("s_0001.tif", 59), page("t.tif", 6)) == [["t.tif"]]
    assert files(page("s_0001.tif", 60), page("s_0002.tif", 60)) == [
        ["s_0001.tif"],
        ["s_0002.tif"],
    ]


def test_two_stems_in_a_folder() -> None:
    found = [page(f"d/{s}_0001.tif", 6) for s in "ab"]
    notes = [note("d/a.csv", age=6), note("d/b.xml", age=6)]
    assert files(*found, *notes) == [["d/a_0001.tif"], ["d/b_0001.tif"]]


def test_the_pattern_is_a_setting() -> None:
    rules = BatchRules(quiet=60, pattern=r"(?P<stem>\d+)-\d+\.png")
    found = [page("7-1.png", 6), page("7-2.png", 6), note("7.csv", age=6)]
    (group,) = groups(found, {}, rules)
    assert group.files == ("7-1.png", "7-2.png")


def test_late_files_never_start_a_silent_second_batch() -> None:
    closed = {
        "folder d": Closed(BatchId("one"), declared=True),
        "stem /s": Closed(BatchId("two"), declared=False),
    }
    found = [page("d/9.tif"), page("s_0009.tif"), page("e/1.tif")]
    late = {g.files: g.late_for for g in groups(found, closed, RULES)}
    assert late == {
        ("d/9.tif",): "one",
        ("s_0009.tif",): "two",
        ("e/1.tif",): None,
    }
    pdf = groups([page("d/late.pdf", single=False)], closed, RULES)
    assert [g.late_for for g in pdf] == ["one"]


def test_a_new_sidecar_after_a_declared_batch_is_a_new_batch() -> None:
    closed = {"folder d": Closed(BatchId("one"), declared=True)}
    (again,) = groups([page("d/1.tif"), note("d/x.csv")], closed, RULES)
    assert again.late_for is None
    closed = {"folder d": Closed(BatchId("one"), declared=False)}
    (late,) = groups([page("d/1.tif"), note("d/x.csv")], closed, RULES)
    assert late.late_for == "one"


def test_an_orphan_sidecar_is_handed_back_once_quiet() -> None:
    assert groups([note("x.csv", age=59), note("d/y.csv", age=59)], {}, RULES) == ()
    orphans = groups([note("x.csv"), note("d/y.csv")], {}, RULES)
    assert orphans == (Group((), note="x.csv"), Group((), note="d/y.csv"))


def test_names_stay_out_of_the_repr() -> None:
    group = Group(("DOE JOHN.pdf",), "folder DOE", note="DOE.csv")
    assert "DOE" not in repr(group)
    assert "DOE" not in repr(page("DOE.pdf"))


def test_natural_order() -> None:
    names = ["p10", "p2", "P1", "p2b", "2", "10", ""]
    assert sorted(names, key=natural) == ["", "2", "10", "P1", "p2", "p2b", "p10"]


NAMES = st.sampled_from(
    [
        f"{f}{n}"
        for f in ("", "d/", "d/e/")
        for n in ["1.tif", "2.tif", "s_0001.tif", "x.pdf"]
    ]
)


@given(st.sets(NAMES), st.booleans())
def test_every_file_is_in_exactly_one_batch(names: set[str], declared: bool) -> None:
    found = [page(name, single=not name.endswith("pdf")) for name in sorted(names)]
    notes = [note("d/n.csv"), note("s.csv")] if declared else []
    ready = groups([*found, *notes], {}, RULES)
    assert sorted(name for g in ready for name in g.files) == sorted(names)
    assert sorted(g.note for g in ready if g.note) == sorted(n.name for n in notes)


def test_a_stack_in_one_file_waits_for_no_sidecar() -> None:
    stack = dataclasses.replace(page("day_0052.tif", 6), single=False)
    assert files(stack) == [["day_0052.tif"]]
