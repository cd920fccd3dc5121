"""Every address is asked for nonsense: none fails, and no stranger gets anything.

Schemathesis makes the requests from the OpenAPI schema, which the desk itself serves to
nobody.
"""

from collections import Counter
from random import Random

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.web.doors import DOORS
from tests.web.fullhouse import FILED, REFERRED, WAITS, full_house
from tests.web.houses import URL, sign_in
from tests.web.live import ANNA, BERTA, LETTER

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TRIES = 25  # of each address
IDS = {
    "document": [WAITS, WAITS, FILED, REFERRED, "b1-0002", "b1-0005", "b9-0001", "%00"],
    "batch": ["b1", "b9"],
    "version": [FILED, f"{FILED}-v2"],
    "to": ["steward", "rescan", "nobody"],
    "n": [1, 1, 2, 0, 999, -1],
    "width": [160, 1100, 7],
}
WORDS = {  # of forms
    "action": ["file", "accept", "change", "hold", "refer", "reject"],
    "did": [
        "split",
        "merge",
        "aside",
        "move",
        "reorder",
        "moved",
        "retyped",
        "retract",
    ],
    "mrn": [ANNA.mrn, BERTA.mrn, "1"],
    "confirmed": [ANNA.mrn, BERTA.mrn],
    "other": [WAITS, REFERRED, ANNA.mrn],
    "type": [LETTER, "nothing"],
    "date": ["2013-04-03", "2999-01-01"],
    "born": ["1961-03-04", "1961"],
    "pages": ["1", "2 1", "x"],
    "as_": ["blank", "duplicate"],
    "to": ["steward", "rescan", "clerk bob"],
    "document": [WAITS, FILED],
    "sheets": ["3", "0"],
    "field": ["date", "patient"],
    "turn": ["90", "45"],
    "turn_pages": ["1", "9"],
    "turn_by": ["90", "7"],
    "doubt": ["type", ""],
}
OFTEN = 0.7
LEAVES = {
    "/sign-out",
    "/lock",
    "/account/password",
    "/account/second",
    "/account/sign-out",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    here = full_house(tmp_path_factory.mktemp("nonsense"))
    app = here.app
    with TestClient(app, base_url=URL, raise_server_exceptions=False) as browser:
        browser.follow_redirects = False
        assert sign_in(browser, "boss").status_code == 303
        session = here.entry.session(browser.cookies[here.entry.cookie])
        browser.headers["x-csrf-token"] = session.csrf
        IDS["name"] = [here.desk.names.of(BERTA.id), "nobody"]
        IDS["document"].append(here.seeded())
        yield here, app, browser
    here.close()


def test_the_schema_is_served_to_nobody(house):
    _, app, browser = house
    assert app.openapi_url is None
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert browser.get(path).status_code == 404


def test_the_schema_tells_every_door(house):
    _, app, _ = house
    told = {
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    doors = {(d.method, d.path.replace(":path", "")) for d in DOORS}
    assert doors - told == {("GET", "/static/{path}")}


def operations(app):
    schema = schemathesis.openapi.from_dict(app.openapi())
    return [found.ok() for found in schema.get_all_operations()]


def status(browser, case, pick):
    """Of the request that schemathesis made, with words that exist now and then."""
    for name in case.path_parameters or {}:
        if name in IDS:
            case.path_parameters[name] = pick.choice(IDS[name])
    if isinstance(case.body, dict):
        for name in WORDS.keys() & case.body.keys():
            if pick.random() < OFTEN:
                case.body[name] = pick.choice(WORDS[name])
    told = case.as_transport_kwargs(base_url=URL)
    told.pop("cookies", None)
    return browser.request(**told).status_code


def statuses(browser, operation):
    """Those of TRIES requests, the same ones each time."""
    found = Counter()

    @settings(
        max_examples=TRIES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(), st.integers(0, 1 << 30))
    def tried(case, seed):
        found[status(browser, case, Random(seed))] += 1

    tried()
    return found


def test_no_address_fails_whatever_it_is_asked(house):
    _, app, browser = house
    told = {
        (one.method, one.path): statuses(browser, one)
        for one in operations(app)
        if one.path not in LEAVES
    }
    failed = {door: found for door, found in told.items() if max(found) >= 500}
    assert failed == {}
    assert browser.get("/account").status_code == 200  # signed in to the end
    shown = [door for door, found in told.items() if 200 in found or 303 in found]
    assert len(shown) > len(told) / 2
