"""How much agreement is worth: the constants of matching, in one place.

Weights were set from docs/SCIENCE.md, section 1.5, and are to be fitted to a site's
labelled pages.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchRules:
    """Section [matching] of config/identity.toml; probabilities 0..1, weights in bits.

    The ``wrong_`` figures are the share of papers on which people erred: they cap what
    a single field can say against a patient.
    """

    not_in_index: float = 0.05  # subjects that the index does not hold
    population_at_least: int = 10_000  # people who may come, however short the list
    wrong_mrn: float = 0.003
    wrong_born: float = 0.004
    wrong_family: float = 0.03
    wrong_given: float = 0.02
    wrong_address: float = 0.15
    wrong_sex: float = 0.01
    wrong_ssn: float = 0.02
    misfiled: float = 0.005  # papers in another one's folder: hospitals tell of .3-.5 %
    legible: float = 0.7  # confidence from which a number may veto
    legible_date: float = 0.85
    patients_shown: int = 8
    cover_words: int = 40  # a sheet with more words is no mere cover or separator
