"""The decoder against brute force on tiny batches, and its clock on a long one."""

import itertools
import math
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.index.decoder import (
    CERTAIN,
    FOLLOWING_PAGE,
    LEAST_TYPE,
    SAME_PATIENT,
    PageScores,
    decode,
    length_prior,
)


def random_scores(seed: int, n: int, longest: int = 60) -> PageScores:
    rng = np.random.default_rng(seed)
    types = np.log(rng.dirichlet(np.ones(3), n))
    patients = np.hstack([rng.normal(0, 4, (n, 2)), np.zeros((n, 1))])
    prior = np.log(np.array([0.2, 0.3, 0.5]))
    starts = rng.normal(0, 2, n)
    return PageScores(starts, types, patients, prior, length_prior(longest))


def segmentations(n: int, longest: int):
    for cuts in itertools.product([False, True], repeat=n - 1):
        firsts = [0, *(i + 1 for i, cut in enumerate(cuts) if cut)]
        segments = [(a, b - 1) for a, b in itertools.pairwise([*firsts, n])]
        if all(b - a < longest for a, b in segments):
            yield tuple(segments)


def log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x))


def parts(scores: PageScores, first: int, last: int):
    """The score of one segment, written out page by page."""
    edge = 0.0 if first == 0 else log_sigmoid(scores.starts[first])
    edge += sum(log_sigmoid(-scores.starts[i]) for i in range(first + 1, last + 1))
    edge += scores.lengths[last - first]
    typed = np.maximum(scores.types, LEAST_TYPE)
    types = typed[first] + FOLLOWING_PAGE * typed[first + 1 : last + 1].sum(axis=0)
    patients = scores.patients[first : last + 1].sum(axis=0)
    return edge, types, patients


def transition(scores: PageScores, before: int | None, after: int) -> float:
    share = math.exp(scores.prior[after])
    if before is None:
        return math.log(share)
    return math.log(SAME_PATIENT * (before == after) + (1 - SAME_PATIENT) * share)


@pytest.mark.parametrize("longest", [2, 60])
@given(seed=st.integers(0, 10_000), n=st.integers(1, 5))
@settings(max_examples=settings.default.max_examples // 4, deadline=None)
def test_it_finds_what_brute_force_finds(longest, seed, n):
    scores = random_scores(seed, n, longest)
    best, mass, by_segment, by_patient = {}, 0.0, {}, {}
    for segments in segmentations(n, longest):
        cut = [parts(scores, a, b) for a, b in segments]
        for whose in itertools.product(range(3), repeat=len(segments)):
            chain = [None, *whose]
            top = weight = 0.0
            for at, (edge, types, patients) in enumerate(cut):
                who = patients[whose[at]] + transition(scores, chain[at], whose[at])
                top += edge + types.max() + who
                weight += edge + np.logaddexp.reduce(types) + who
            best[segments, whose] = top
            mass += math.exp(weight)
            for segment, one in zip(segments, whose, strict=True):
                key = (segment, one)
                by_segment[segment] = by_segment.get(segment, 0.0) + math.exp(weight)
                by_patient[key] = by_patient.get(key, 0.0) + math.exp(weight)
    found = decode(scores)
    edges = tuple((s.first, s.last) for s in found)
    whose = tuple(s.patient for s in found)
    assert best[edges, whose] == pytest.approx(max(best.values()))
    for s in found:
        _, types, _ = parts(scores, s.first, s.last)
        edge = (s.first, s.last)
        assert s.boundary == pytest.approx(by_segment[edge] / mass)
        assert s.type == types.argmax()
        assert s.types == pytest.approx(np.exp(types - np.logaddexp.reduce(types)))
        for one in range(3):
            share = by_patient[edge, one] / by_segment[edge]
            assert s.patients[one] == pytest.approx(share, abs=1e-9)


@given(seed=st.integers(0, 10_000), n=st.integers(0, 90))
@settings(max_examples=settings.default.max_examples // 4, deadline=None)
def test_every_page_is_in_exactly_one_document(seed, n):
    found = decode(random_scores(seed, n))
    pages = [page for s in found for page in range(s.first, s.last + 1)]
    assert pages == list(range(n))
    assert all(s.last - s.first < 60 for s in found)


def test_a_given_boundary_is_kept():
    scores = random_scores(1, 12)
    scores.starts[5], scores.starts[6:9] = CERTAIN, -CERTAIN
    firsts = {s.first for s in decode(scores)}
    assert 5 in firsts
    assert firsts.isdisjoint({6, 7, 8})


def test_a_page_of_another_patient_becomes_its_own_document():
    n = 7
    patients = np.zeros((n, 3))
    patients[:, 0] = 20.0
    patients[3] = [-15.0, 20.0, 0.0]
    scores = PageScores(
        np.full(n, -4.0),
        np.zeros((n, 1)),
        patients,
        np.log([0.01, 0.01, 0.98]),
        length_prior(),
    )
    found = decode(scores)
    assert [(s.first, s.last, s.patient) for s in found] == [
        (0, 2, 0),
        (3, 3, 1),
        (4, 6, 0),
    ]


def test_documents_of_one_patient_are_not_drawn_together():
    n = 6
    patients = np.column_stack([np.full(n, 30.0), np.zeros(n)])
    scores = PageScores(
        np.full(n, 2.0),
        np.zeros((n, 1)),
        patients,
        np.log([1e-6, 1 - 1e-6]),
        length_prior(),
    )
    assert len(decode(scores)) == n


def test_two_thousand_pages_take_less_than_five_seconds():
    rng = np.random.default_rng(3)
    n, columns = 2000, 200
    scores = PageScores(
        rng.normal(0, 2, n),
        np.log(rng.dirichlet(np.ones(41), n)),
        rng.normal(0, 5, (n, columns)),
        np.full(columns, -math.log(columns)),
        length_prior(),
    )
    began = time.thread_time()  # a busy machine is not a slow decoder
    decode(scores)
    assert time.thread_time() - began < 5.0
    tracemalloc.start()
    decode(scores)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200e6  # bytes
