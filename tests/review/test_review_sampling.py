"""Draws: the share that was asked for, the same for ever, and nobody can foretell."""

import pytest

from pipeline.document import BatchId, DocumentId
from pipeline.review.sampling import drawn, lot, one_a_batch

SECRET = b"secret of a site"
SOME = [DocumentId(f"d{n}") for n in range(4000)]


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_so_many_are_drawn(share):
    found = [one for one in SOME if drawn(one, share, SECRET)]
    assert len(found) / len(SOME) == pytest.approx(share, abs=0.025)
    assert found == [one for one in SOME if drawn(one, share, SECRET)]


def test_a_larger_share_keeps_what_was_drawn():
    small = {one for one in SOME if drawn(one, 0.01, SECRET)}
    assert small <= {one for one in SOME if drawn(one, 0.1, SECRET)}


def test_another_site_draws_others():
    ours = {one for one in SOME if drawn(one, 0.1, SECRET)}
    theirs = {one for one in SOME if drawn(one, 0.1, b"another")}
    assert len(ours & theirs) < len(ours) / 4


def test_one_page_of_each_batch_by_its_lot():
    pages = [(BatchId(f"b{n % 3}"), n, f"page {n}") for n in range(30)]
    found = one_a_batch(pages, SECRET)
    assert set(found) == {"b0", "b1", "b2"}
    for batch, (page, of_it) in found.items():
        own = [n for name, n, _ in pages if name == batch]
        assert page == min(own, key=lambda n: lot(batch, n, SECRET))
        assert of_it == f"page {page}"
    assert found == one_a_batch(reversed(pages), SECRET)
