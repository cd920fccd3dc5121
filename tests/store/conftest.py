"""A catalogue of its own for each test that asks for nothing more."""

import pytest

from tests.builders import empty_books


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    yield books
    books.close()
