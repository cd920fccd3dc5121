"""Splink on the trap set, as its library sets it up: run by an environment that has it.

    /path/to/venv/bin/python splink_peer.py FOLDER

FOLDER holds people.csv, and tune.csv and report.csv with what the clue finder read of
each page; answers go to splink-tune.csv and splink-report.csv. Nothing of this project
is imported, and nothing of Splink by this project.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

_NONE = 0.05  # prior of nobody in the index, as for the project's own posterior
_FIELDS = ("mrn", "family", "given", "born", "sex", "address", "phone")


def settings(people: int) -> Any:  # noqa: ANN401 - Splink's own
    """Its own comparisons and levels, term frequencies, seven blocking rules."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=(1 - _NONE) / people,
        comparisons=[
            cl.DamerauLevenshteinAtThresholds("mrn", [1, 2]),
            cl.NameComparison("family").configure(term_frequency_adjustments=True),
            cl.NameComparison("given").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("address", [2, 5]),
            cl.LevenshteinAtThresholds("phone", [1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("mrn"),
            block_on("born"),
            block_on("family", "given"),
            block_on("family", "substr(born, 1, 4)"),
            block_on("substr(mrn, 1, 5)", "substr(family, 1, 2)"),
            block_on("address"),
            block_on("phone"),
        ],
        retain_matching_columns=False,
    )


def main() -> None:
    from splink import DuckDBAPI, Linker, block_on

    folder = Path(sys.argv[1])
    db = DuckDBAPI()
    con = db.duckdb_con
    for name in ("people", "tune", "report"):
        asked = ", ".join(f"nullif({field}, '') AS {field}" for field in _FIELDS)
        con.execute(
            f"CREATE TABLE {name}_rows AS SELECT unique_id, {asked} "  # noqa: S608 - our own names
            f"FROM read_csv('{folder}/{name}.csv', all_varchar = true)"
        )
    count = con.execute("SELECT count(*) FROM people_rows").fetchall()[0][0]
    people = db.register("people_rows", dataset_display_name="people")
    trained: Any = None
    for name in ("tune", "report"):
        began = time.monotonic()
        pages = db.register(f"{name}_rows", dataset_display_name=f"pages_{name}")
        linker = Linker([people, pages], trained or settings(count))
        if trained is None:
            _train(linker, block_on)
            trained = linker.misc.save_model_to_json()
            print(f"splink trained in {time.monotonic() - began:.0f} s", flush=True)
            began = time.monotonic()
        found = linker.inference.predict(threshold_match_weight=-5)
        _answers(con, found.physical_name, folder / f"splink-{name}.csv")
        print(f"splink {name}: {time.monotonic() - began:.0f} s", flush=True)


def _train(linker: Any, block_on: Any) -> None:  # noqa: ANN401 - Splink's own
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (
        block_on("mrn"),
        block_on("born", "family"),
        block_on("given", "born"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule,
            fix_probability_two_random_records_match=True,
            record_sample_proportion=1.0,
        )


def _answers(con: Any, table: str, out: Path) -> None:  # noqa: ANN401 - Splink's own
    """Of each page the best person, the pair's weight, and its share of all mass."""
    page = "CASE WHEN unique_id_l LIKE 'p%' THEN unique_id_l ELSE unique_id_r END"
    person = "CASE WHEN unique_id_l LIKE 'p%' THEN unique_id_r ELSE unique_id_l END"
    con.execute(
        f"COPY (SELECT {page} AS page, arg_max({person}, match_weight) AS person, "  # noqa: S608 - our own names
        "max(match_weight) AS weight, "
        f"1 - 2 ** max(match_weight) / ({_NONE} + sum(2 ** match_weight)) AS doubt "
        f"FROM {table} GROUP BY 1) TO '{out}' (HEADER)"
    )


if __name__ == "__main__":
    main()
