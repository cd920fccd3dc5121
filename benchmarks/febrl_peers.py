"""Splink and recordlinkage over given pairs of a FEBRL file; run where both are.

    /path/to/venv/bin/python febrl_peers.py FEBRL.csv PAIRS.json SCORES.json

Splink blocks by the columns that the pairs were made of, and so has the same pairs;
its term frequencies are on. recordlinkage's comparison and ECM classifier are those of
its own FEBRL example. Nothing of this project is imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_BLOCKS = (
    "surname",
    "given_name",
    "date_of_birth",
    "soc_sec_id",
    "postcode",
    "address_1",
)
Frame = Any  # a pandas DataFrame: pandas is not a dependency of the project


def splink(frame: Frame, pairs: list[tuple[str, str]]) -> list[float]:
    """Match probabilities of the pairs; 0 for one that Splink did not make."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="rec_id",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number"),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            cl.JaroWinklerAtThresholds("suburb", [0.9]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1]),
        ],
        blocking_rules_to_generate_predictions=[block_on(name) for name in _BLOCKS],
        retain_matching_columns=False,
    )
    db = DuckDBAPI()
    linker = Linker(db.register(frame.reset_index()), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        recall=0.9,
    )
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on("soc_sec_id"), block_on("surname", "given_name")):
        training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0
        )
    training.estimate_parameters_using_expectation_maximisation(
        block_on("date_of_birth"), record_sample_proportion=1.0
    )
    table = linker.inference.predict().physical_name
    rows = db.duckdb_con.execute(
        f"SELECT rec_id_l, rec_id_r, match_probability FROM {table}"  # noqa: S608 - its own name
    ).fetchall()
    found = {tuple(sorted(row[:2])): float(row[2]) for row in rows}
    return [found.get(pair, 0.0) for pair in pairs]


def recordlinkage(frame: Frame, pairs: list[tuple[str, str]]) -> list[float]:
    """Probabilities of the ECM classifier over its example's comparisons."""
    import pandas as pd
    import recordlinkage as rl

    compare = rl.Compare()
    for column in ("given_name", "surname", "address_1"):
        compare.string(column, column, method="jarowinkler", threshold=0.85)
    for column in ("date_of_birth", "soc_sec_id", "suburb", "state", "postcode"):
        compare.exact(column, column)
    index = pd.MultiIndex.from_tuples(pairs)
    vectors = compare.compute(index, frame)
    model = rl.ECMClassifier(binarize=0.5)
    model.fit(vectors)
    return [float(p) for p in model.prob(vectors)]


def main() -> None:
    import pandas as pd

    file, asked, out = map(Path, sys.argv[1:4])
    frame = pd.read_csv(file, dtype=str, skipinitialspace=True)
    frame.columns = [name.strip() for name in frame.columns]
    frame = frame.apply(lambda column: column.str.strip()).set_index("rec_id")
    pairs = [tuple(pair) for pair in json.loads(asked.read_text())]
    scores = {
        "Splink 5": splink(frame, pairs),
        "recordlinkage (ECM)": recordlinkage(frame, pairs),
    }
    out.write_text(json.dumps(scores))


if __name__ == "__main__":
    main()
