"""Fits how probably a word is right, by its confidence and its page's legibility.

`python -m benchmarks.word_confidence CHARTS_FOLDER [--pages N] [--house KEY]` reads
pages of a train folder of benchmarks.charts, prints the table of
pipeline/ocr/readable.py, and how a table fitted on half of the files holds on the other
half. Never a report folder; name the house that benchmarks.lines.fit kept out, for the
network is surer of forms that it learnt from.
"""

import argparse
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading.truths import charts_in
from benchmarks.reading.words import judged
from pipeline.errors import InputError
from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.ocr import read, readable
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.quality import legibility_of
from pipeline.page import Word

_ANCHOR = 8.0  # words with which each knot holds to the knot below it
Told = tuple[float, float, bool]  # confidence, legibility, right
Knots = npt.NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("charts", type=Path)
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--house", help="pages of this house only")
    given = parser.parse_args()
    charts = charts_in(given.charts)
    if any(truth.split != "train" for truth in charts.truths):
        raise SystemExit("confidences are fitted on the train split only")
    truths = [t for t in charts.truths if t.text.strip() and not t.removed_as]
    if given.house:
        truths = [t for t in truths if t.house == given.house]
    step = max(len(truths) // given.pages, 1)
    told = {t: words_told(charts.inbox, t) for t in truths[::step]}
    every = [one for some in told.values() for one in some]
    print(f"{len(told)} pages, {len(every)} words")
    print(np.array2string(table(every), separator=", ", precision=3))
    files = sorted({t.source for t in told})
    for half in (0, 1):
        own = set(files[half::2])
        fit = table([w for t, some in told.items() if t.source in own for w in some])
        rest = [w for t, some in told.items() if t.source not in own for w in some]
        print(f"fitted on half {half}, on the others:", *held(fit, rest), sep="\n  ")


def words_told(inbox: Path, truth: PageTruth) -> list[Told]:
    """What the engines said of each word of a page, before it was calibrated."""
    raw: list[Word] = []
    ours = readable.believed

    def kept(words: Sequence[Word], legibility: float) -> tuple[Word, ...]:
        raw[:] = words
        return ours(words, legibility)

    read.believed = kept  # type: ignore[attr-defined]  # the only place that sees both
    with suppress(InputError):
        image = page_image(inbox / truth.source, truth.page, Limits())
        read.read_page(image, 1, LinewiseEngine())
    legibility = legibility_of(raw)
    both = f"{truth.text} {truth.handwritten}"
    return [(c, legibility, right) for c, right in judged(raw, both)]


def table(told: Sequence[Told]) -> Knots:
    """Shares of right words at the knots, rising with confidence; least squares."""
    hats = weights(told)
    rights = np.array([right for *_, right in told], np.float64)
    knots = len(readable._CONFIDENCE)
    square = hats.T @ hats
    pull = np.zeros_like(square)
    for at in range(square.shape[0]):
        if at % knots:
            pull[at, at] += 1
            pull[at - 1, at - 1] += 1
            pull[at, at - 1] -= 1
            pull[at - 1, at] -= 1
    found = np.linalg.solve(square + _ANCHOR * pull, hats.T @ rights)
    rising: Knots = np.maximum.accumulate(found.reshape(-1, knots), axis=1)
    return np.clip(rising, 0.01, 0.999)


def weights(told: Iterable[Told]) -> Knots:
    """How much of each knot is in each word, as believed() weighs them."""
    confidence, legibility = (
        np.array(column) for column in list(zip(*told, strict=True))[:2]
    )
    across = _hats(confidence, readable._CONFIDENCE)
    down = _hats(legibility, readable._LEGIBILITY)
    return (down[:, :, None] * across[:, None, :]).reshape(len(confidence), -1)


def _hats(values: np.ndarray, knots: Sequence[float]) -> Knots:
    ones = np.eye(len(knots))
    return np.stack([np.interp(values, knots, one) for one in ones], axis=1)


def held(fit: Knots, told: Sequence[Told]) -> list[str]:
    """Said and true shares of right words, by what is said."""
    said = weights(told) @ fit.ravel()
    rights = np.array([right for *_, right in told])
    lines = []
    for low, high in ((0, 0.3), (0.3, 0.6), (0.6, 0.85), (0.85, 0.95), (0.95, 1.01)):
        some = (said >= low) & (said < high)
        if some.any():
            lines.append(
                f"{low:.2f} to {min(high, 1):.2f}: {some.sum()} words,"
                f" said {said[some].mean():.3f}, right {rights[some].mean():.3f}"
            )
    return lines


if __name__ == "__main__":
    main()
