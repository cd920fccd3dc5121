"""A browser's end of the desk, over the catalogue that each test file makes."""

import pytest
from fastapi.testclient import TestClient

from pipeline.access import passwords
from pipeline.web.app import make_app
from tests.web.desks import ANNA, BERTA, desk
from tests.web.houses import CHEAP


@pytest.fixture(autouse=True)
def passwords_cost_little(monkeypatch):
    """The real cost is paid in tests/access."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def client(catalogue):
    app = make_app(desk(catalogue, ANNA, BERTA))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client
