"""A new catalogue for each test of the contract suites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.store.catalogue import Catalogue
from tests.builders import empty_books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = empty_books(tmp_path / "catalogue.sqlite")
    yield catalogue
    catalogue.close()
