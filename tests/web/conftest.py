"""A browser's end of the desk, over the catalogue that each test file makes."""

import pytest
from fastapi.testclient import TestClient

from pipeline.web.app import make_app
from tests.web.desks import ANNA, BERTA, desk


@pytest.fixture
def client(catalogue):
    app = make_app(desk(catalogue, ANNA, BERTA))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client
