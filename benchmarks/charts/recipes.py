"""How much of what a sheet suffers at each level: the numbers that fix the levels.

A dose is (probability, low, high) in the unit of its step. A poor sheet has the
dose of every step that is always there and a few of the troubles, never all.

Frozen on 2026-11-24, before cleaning or reading was tuned on these pages. Plain
`tesseract --psm 3` recalled then, by `python -m benchmarks.charts.levels` on the tune
split (30 or 32 pages a level; the mean over pages, from the 10th to the 90th part):

    print, unscanned  .976 (seed 1)                .973 .953-1.00 (seed 3)
    clean             .965 .911-1.00 (seed 1)      .962 .903-1.00 (seed 3)
    typical           .959 .885-1.00 (seed 1)
    poor              .816 .580-.962 (seed 1)      .813 .537-.973 (seed 3)

Scanning takes a hundredth from what the press itself lets plain Tesseract read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from benchmarks.charts.kinds import Level, Mode

Dose = tuple[float, float, float]

# In the order in which they happen to the sheet.
ORDER: Final = (
    "weight", "fade", "dropouts", "copies", "pepper", "fax",
    "bleed", "highlighter", "stain", "folds", "staple", "holes", "torn",
    "tinted", "tone", "dust",
    "rim", "LAY", "buckle", "lamp", "gutter", "blur", "streaks", "contrast", "noise",
)  # fmt: skip

_ALWAYS: Mapping[Level, Mapping[str, Dose]] = {
    "clean": {
        "tone": (1.0, 0.94, 1.0),
        "dust": (0.6, 1, 12),
        "holes": (0.15, 2, 3),
        "rim": (0.3, 0.1, 0.5),
        "lamp": (0.6, 0.01, 0.05),
        "blur": (1.0, 0.4, 0.65),
        "noise": (1.0, 0.8, 2.2),
        "bleed": (0.1, 0.02, 0.05),
        "staple": (0.05, 0.2, 0.6),
    },
    "typical": {
        "weight": (0.4, -0.2, 0.4),
        "fade": (0.5, 0.05, 0.22),
        "dropouts": (0.1, 0.003, 0.02),
        "copies": (0.12, 1, 1),
        "pepper": (0.15, 0.0001, 0.0006),
        "bleed": (0.35, 0.04, 0.12),
        "highlighter": (0.06, 1, 3),
        "stain": (0.05, 0.2, 0.5),
        "folds": (0.15, 1, 2),
        "staple": (0.2, 0.3, 0.9),
        "holes": (0.35, 2, 3),
        "torn": (0.06, 0.3, 0.8),
        "tinted": (0.15, 0.2, 0.7),
        "tone": (1.0, 0.86, 0.98),
        "dust": (0.9, 5, 60),
        "rim": (0.6, 0.2, 0.8),
        "buckle": (0.15, 0.005, 0.012),
        "lamp": (1.0, 0.03, 0.12),
        "gutter": (0.08, 0.1, 0.4),
        "blur": (1.0, 0.6, 1.0),
        "streaks": (0.08, 1, 2),
        "contrast": (0.3, 0.9, 1.25),
        "noise": (1.0, 2.5, 6.5),
    },
    "poor": {
        "weight": (0.4, -0.3, 0.7),
        "fade": (0.5, 0.05, 0.28),
        "bleed": (0.4, 0.08, 0.18),
        "highlighter": (0.08, 1, 4),
        "stain": (0.12, 0.2, 0.55),
        "folds": (0.3, 1, 3),
        "staple": (0.3, 0.4, 0.9),
        "holes": (0.5, 2, 3),
        "torn": (0.15, 0.3, 1.2),
        "tinted": (0.25, 0.3, 1.0),
        "tone": (1.0, 0.78, 0.95),
        "dust": (1.0, 20, 200),
        "rim": (0.7, 0.4, 1.0),
        "buckle": (0.3, 0.008, 0.02),
        "lamp": (1.0, 0.05, 0.16),
        "blur": (1.0, 0.9, 1.4),
        "noise": (1.0, 4.0, 9.0),
        "contrast": (0.4, 0.8, 1.4),
    },
}

# Of these a poor sheet has one to three.
_TROUBLES: Mapping[str, tuple[float, float, float]] = {  # weight, low, high
    "fade": (1.5, 0.32, 0.52),
    "dropouts": (2.0, 0.05, 0.16),
    "copies": (3.0, 1, 3),
    "pepper": (2.0, 0.002, 0.01),
    "fax": (2.0, 98, 196),
    "gutter": (1.0, 0.5, 0.85),
    "streaks": (1.0, 3, 7),
    "lamp": (1.0, 0.22, 0.38),
    "blur": (1.0, 1.5, 2.0),
    "noise": (1.5, 11, 18),
    "bleed": (1.0, 0.2, 0.35),
    "contrast": (0.7, 0.45, 0.7),
    "weight": (1.5, 1.0, 1.7),
}

_THINNING = {"fade", "copies", "dropouts", "fax"}

SKEW: Mapping[Level, float] = {"clean": 0.3, "typical": 1.0, "poor": 3.0}  # degrees
_QUALITY: Mapping[Level, tuple[int, int]] = {
    "clean": (75, 92), "typical": (55, 80), "poor": (28, 60),
}  # fmt: skip
_OVER: Mapping[Level, float] = {"clean": 0.1, "typical": 0.35, "poor": 0.7}


def doses(level: Level, rng: np.random.Generator) -> dict[str, float]:
    """What one sheet of the level suffers: amounts by step."""
    found = {
        name: float(rng.uniform(low, high))
        for name, (chance, low, high) in _ALWAYS[level].items()
        if rng.random() < chance
    }
    if level == "poor":
        names = list(_TROUBLES)
        weights = np.array([_TROUBLES[name][0] for name in names])
        count = int(rng.choice([1, 2, 3], p=[0.52, 0.4, 0.08]))
        for i in rng.choice(
            len(names), count, replace=False, p=weights / weights.sum()
        ):
            _, low, high = _TROUBLES[names[i]]
            found[names[i]] = float(rng.uniform(low, high))
    if found.get("weight", 0) < 0 and found.keys() & _THINNING:
        del found["weight"]  # what is thin and pale nobody could read
    if "fax" in found:
        found["fax"] = float(rng.choice([98, 196], p=[0.3, 0.7]))
    return found


def skew(level: Level, rng: np.random.Generator) -> float:
    """Degrees clockwise, small ones more often than large ones."""
    reach = SKEW[level]
    return float(np.clip(rng.normal(0, reach / 2), -reach, reach))


def quality(level: Level, rng: np.random.Generator) -> int:
    """JPEG quality 1..100 that the scanner was set to."""
    low, high = _QUALITY[level]
    return int(rng.integers(low, high + 1))


def over(
    level: Level, rng: np.random.Generator
) -> tuple[tuple[float, float, float, float], int]:
    """Inches scanned beyond the sheet's four edges, and the lid's grey level there."""
    if rng.random() > _OVER[level]:
        cut = 0.0 if level == "clean" else -float(rng.uniform(0, 0.05))
        return (cut, cut, cut, cut), int(rng.choice([250, 250, 235, 30]))
    reach = {"clean": 0.12, "typical": 0.18, "poor": 0.25}[level]
    left, top, right, foot = (float(x) for x in rng.uniform(0, reach, 4))
    return (left, top, right, foot), int(rng.choice([8, 30, 60, 90, 200, 235, 245]))


def shining(level: Level, mode: Mode, rng: np.random.Generator) -> float:
    """Share 0..1 of the front's ink that a blank back shows: most sheets are thick.

    In black and white the operator's dial takes off what is faint.
    """
    most = {"clean": 0.06, "typical": 0.12, "poor": 0.2}[level]
    most *= 0.75 if mode == "bitonal" else 1.0
    return float(rng.uniform(0, 1) ** 1.5 * most)


def cutting(mode: Mode, level: Level, rng: np.random.Generator) -> tuple[str, float]:
    """How a bitonal scan gets its black and white: the step and its amount."""
    if mode != "bitonal":
        return "", 0.0
    if level != "clean" and rng.random() < 0.04:
        return "dither", float(rng.uniform(0.35, 0.55))
    spread = {"clean": 0.04, "typical": 0.08, "poor": 0.14}[level]
    return "threshold", float(np.clip(rng.normal(0.67, spread / 2), 0.45, 0.82))
