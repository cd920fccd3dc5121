"""Data entry at the desk: who keys what, what they see, and what leaves the house."""

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import PatientId, holding_id
from pipeline.store.account_rows import SqlUsers
from pipeline.store.audit_rows import SqlAudit
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.session_rows import SqlSessions
from pipeline.users import User
from pipeline.web.app import make_app
from pipeline.web.entry import Entry
from tests.web.houses import BROWSERS, hashed, sign_in, token
from tests.web.keyed import FACE, LETTER, VACCINES, keyed_desk
from tests.web.live import ANNA, PEOPLE

URL = "http://127.0.0.1:8417"
ONE, TWO = "b1-0001", "b1-0002"
JSON = {"accept": "application/json"}
NAME = "SENTINEL"
IDENTITY = {
    "name": "sentinel, anna",
    "born": "3/4/1961",
    "mrn": "10000012",
    "ssn4": "",
    "policy": "123456789",
}


class At:
    """Somebody at one desk; without users, under the name they give."""

    def __init__(self, desk, clerk="clerk ada"):
        self.desk = replace(desk, clerk=clerk)
        self.client = TestClient(make_app(self.desk), base_url=URL)
        self.client.follow_redirects = False
        BROWSERS.append(self.client.__enter__())

    def get(self, path):
        return self.client.get(path)

    def key(self, field, value, document=ONE, row=0, **headers):
        form = {"field": field, "row": row, "value": value, "page": 1}
        return self.client.post(f"/entry/{document}/key", data=form, headers=JSON)

    def key_all(self, document=ONE, **said):
        """Every line: what is said, else what stands in it."""
        entering = self.desk.entering
        filed = self.desk.catalogue.filed(document)
        for line in entering.sheet(filed, self.desk.clerk).lines:
            value = said.get(line.field.key, line.held)
            answer = self.key(line.field.key, value, document, line.row)
            assert answer.status_code == 200, answer.text

    def finish(self, document=ONE):
        return self.client.post(f"/entry/{document}/finish")


def proposed(text):
    return {row["field"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def desk(tmp_path):
    desk = keyed_desk(tmp_path, FACE, VACCINES, LETTER)
    yield desk
    desk.catalogue.close()


def test_papers_with_a_form_are_listed_and_name_nobody(desk):
    ada = At(desk)
    page = ada.get("/entry")
    assert f"/entry/{ONE}" in page.text
    assert f"/entry/{TWO}" in page.text
    assert "/entry/b1-0003" not in page.text  # a letter has no form
    assert NAME not in page.text
    only = ada.get("/entry?type=immunization_record")
    assert f"/entry/{ONE}" not in only.text
    assert ada.get("/entry?type=nonsense").status_code == 200


def test_the_next_one_is_taken_and_not_given_to_another(desk):
    ada, ben = At(desk), At(desk, "clerk ben")
    assert ada.get("/entry/next").headers["location"] == f"/entry/{ONE}"
    assert ben.get("/entry/next").headers["location"] == f"/entry/{TWO}"
    assert ben.get(f"/entry/{ONE}").status_code == 409
    assert ben.key("sex", "M").status_code == 409
    ada.client.post(f"/entry/{ONE}/release")
    assert ben.get(f"/entry/{ONE}").status_code == 200


def test_a_field_that_identifies_is_keyed_from_the_paper_alone(desk):
    page = At(desk).get(f"/entry/{ONE}").text
    for blind in (NAME, "1961", "10000012", "123456789"):
        assert blind not in page
    for open_ in ("HARLAN", "Harlan, OH 44290", "9 OAK STREET", "1 Elm St", "Catholic"):
        assert (open_ in page) is (open_ != "HARLAN")
    assert "differs" in page


def test_an_unsure_reading_does_not_stand_in_its_field(tmp_path):
    desk = keyed_desk(tmp_path, FACE, unsure=("Catholic",))
    page = At(desk).get(f"/entry/{ONE}").text
    assert 'value="Catholic"' not in page
    assert "perhaps <q>Catholic</q>" in page
    desk.catalogue.close()


def test_two_people_key_and_the_proposal_leaves(desk):
    ada, ben = At(desk), At(desk, "clerk ben")
    assert ada.finish().status_code == 422  # nothing keyed yet
    ada.key_all(**IDENTITY)
    assert ada.finish().headers["location"] == "/entry/next?type=face_sheet"
    told = proposed(ada.get("/entry.csv").text)
    assert set(told) == {"sex", "address", "city", "phone", "religion", "insurer"}
    assert ada.get(f"/entry/{ONE}").status_code == 409  # the second key is another's
    assert f"/entry/{ONE}" not in ada.get("/entry").text
    page = ben.get(f"/entry/{ONE}").text
    assert NAME not in page
    assert "9 OAK STREET" not in page  # only what is keyed twice is asked
    ben.key_all(**IDENTITY)
    ben.finish()
    told = proposed(ada.get("/entry.csv").text)
    born = told["born"]
    assert (born["mrn"], born["document"], born["page"]) == ("10000012", ONE, "1")
    assert (born["current"], born["proposed"]) == ("1961-03-04", "1961-03-04")
    assert (born["keyed_by"], born["second_by"]) == ("clerk ada", "clerk ben")
    assert (born["differs"], told["address"]["differs"]) == ("", "yes")
    assert "ssn4" not in told  # the paper has none
    assert ben.get(f"/entry/{ONE}").status_code == 404
    assert desk.people.get(ANNA.id) == ANNA  # nothing of the index was changed


def test_where_two_differ_a_third_decides(desk):
    people = [At(desk, f"clerk {name}") for name in ("ada", "ben", "cal")]
    for one, policy in zip(
        people, ("123456789", "123456788", "123456788"), strict=True
    ):
        one.get(f"/entry/{ONE}")
        one.key_all(**IDENTITY | {"policy": policy})
        assert one.finish().status_code == 303
    told = proposed(people[0].get("/entry.csv").text)["policy"]
    assert told["proposed"] == "123456788"
    assert (told["keyed_by"], told["second_by"]) == ("clerk ben", "clerk cal")


def test_where_one_person_keys_the_second_key_is_theirs_a_day_later(desk):
    ada = At(desk)
    ada.key_all(**IDENTITY)
    ada.finish()
    assert ada.get(f"/entry/{ONE}").status_code == 409
    desk.entering.entries.now.turn(days=1)
    assert NAME not in ada.get(f"/entry/{ONE}").text
    ada.key_all(**IDENTITY)
    ada.finish()
    assert proposed(ada.get("/entry.csv").text)["born"]["second_by"] == "clerk ada"


def test_a_list_is_rows_of_fields(desk):
    ada = At(desk)
    ada.key_all(TWO)
    ada.key("vaccine", "Tetanus", TWO, row=4)
    ada.key_all(TWO)
    assert ada.finish(TWO).status_code == 303
    rows = csv.DictReader(io.StringIO(ada.get("/entry.csv").text))
    told = {(row["field"], row["row"]): row["proposed"] for row in rows}
    assert told["vaccine", "2"] == "Hepatitis B"
    assert told["given", "3"] == "2002-04-05"
    assert told["vaccine", "4"] == "Tetanus"


@pytest.mark.parametrize(
    ("field", "row", "value", "status"),
    [
        ("born", 0, "soon", 422),
        ("phone", 0, "555-0171", 422),
        ("sex", 0, "x", 422),
        ("name", 0, "12", 422),
        ("nonsense", 0, "x", 422),
        ("sex", 1, "F", 422),
        ("sex", -1, "F", 422),
    ],
)
def test_what_a_field_cannot_be_is_refused_without_a_word_of_it(
    desk, field, row, value, status
):
    answer = At(desk).key(field, value, row=row)
    assert answer.status_code == status
    assert value not in answer.json()["wrong"].split()


def test_a_key_mended_before_it_counts_is_one_key(desk):
    ada = At(desk)
    ada.key("address", "9 Oak St")
    told = ada.key("address", "1 elm st").json()
    assert told == {"value": "1 elm st", "differs": False}
    assert ada.key("address", "2 Elm St").json()["differs"] is True
    assert ada.key("born", "1961-03-05").json()["differs"] is False  # told to nobody
    assert proposed(ada.get("/entry.csv").text)["address"]["proposed"] == "2 Elm St"


def test_words_are_taken_from_the_page_but_for_blind_fields(desk):
    ada = At(desk)
    box = {"left": 90, "top": 90, "right": 2500, "bottom": 3000}
    words = f"/entry/{ONE}/pages/1/words"
    taken = ada.client.post(words, data={**box, "field": "religion"}).json()["text"]
    assert "Catholic" in taken
    assert ada.client.post(words, data={**box, "field": "born"}).json()["text"] == ""
    assert ada.client.post(words, data={**box, "field": "x"}).status_code == 404


def test_words_of_paper_in_another_s_hands_are_not_taken(desk):
    ada, ben = At(desk), At(desk, "clerk ben")
    box = {"left": 90, "top": 90, "right": 2500, "bottom": 3000, "field": "religion"}
    words = f"/entry/{ONE}/pages/1/words"
    assert ada.get(f"/entry/{ONE}").status_code == 200
    assert "has this paper" in ben.client.post(words, data=box).json()["wrong"]
    ada.key_all(**IDENTITY)
    assert ada.finish().status_code == 303
    assert "second key" in ada.client.post(words, data=box).json()["wrong"]
    assert "Catholic" in ben.client.post(words, data=box).json()["text"]


def test_without_a_script_a_key_leads_back_to_the_sheet(desk):
    ada = At(desk)
    form = {"field": "sex", "row": 0, "value": "F"}
    answer = ada.client.post(f"/entry/{ONE}/key", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/entry/{ONE}")


@pytest.mark.parametrize(
    "patient", [holding_id("B-17", "3", "12"), PatientId("nobody")]
)
def test_paper_of_nobody_in_the_index_does_not_wait(tmp_path, patient):
    desk = keyed_desk(tmp_path, FACE, patient=patient)
    ada = At(desk)
    assert f"/entry/{ONE}" not in ada.get("/entry").text
    assert ada.get(f"/entry/{ONE}").status_code == 404
    assert ada.key("sex", "F").status_code == 409
    assert proposed(ada.get("/entry.csv").text) == {}
    desk.catalogue.close()


def test_no_value_stands_in_the_trail(desk):
    ada = At(desk)
    ada.key_all(**IDENTITY)
    ada.finish()
    lines = SqlAudit(desk.catalogue.database)
    told = repr(list(lines.of_patient(ANNA.id)))
    assert f"{ONE} born" in told
    assert "keyed field" in told
    assert NAME not in told.upper().replace("SENTINEL-", "")
    assert "1961-03" not in told  # "1961" may stand in a moment
    assert "9 Oak" not in told


# --- who may ---------------------------------------------------------------------


@pytest.fixture
def house(tmp_path):
    """A desk with users, where Anna's paper is of NORTH and psychiatric."""
    anna = replace(ANNA, facility="NORTH")
    people = (anna, *PEOPLE[1:])
    desk = keyed_desk(tmp_path, FACE, flags=("PSY",), people=people)
    books = desk.catalogue
    entry = Entry(
        SqlUsers(books.database),
        SqlSessions(books.database),
        SqlGlasses(books.database),
        SqlAudit(books.database),
    )
    app = make_app(desk, entry)

    def at_work(role, **more):
        kept = User(role.replace("_", "."), (role,), password=hashed(), **more)
        entry.users.add(kept, "clerk root")
        client = TestClient(app, base_url=URL, client=("10.0.0.7", 50000))
        client.follow_redirects = False
        BROWSERS.append(client.__enter__())
        assert sign_in(client, kept.name).status_code == 303
        return client

    yield at_work
    books.close()


NORTH_PSY = {"facilities": ("NORTH",), "restricted": ("PSY",)}
ADDRESSES = (
    f"/entry/{ONE}",
    f"/entry/{ONE}/pages/1/160.png",
)


@pytest.mark.parametrize(
    ("role", "more", "status"),
    [
        ("clerk", NORTH_PSY, 200),
        ("clerk", NORTH_PSY | {"facilities": ("SOUTH",)}, 403),
        ("clerk", NORTH_PSY | {"restricted": ()}, 403),
        ("station", NORTH_PSY, 403),
        ("release", NORTH_PSY, 403),
        ("auditor", NORTH_PSY, 403),
        ("administrator", NORTH_PSY, 403),
    ],
)
def test_only_who_may_see_the_paper_keys_it(house, role, more, status):
    client = house(role, **more)
    for address in ADDRESSES:
        assert client.get(address).status_code == status, address
    if role == "clerk":
        listed = client.get("/entry").text
        assert (f"/entry/{ONE}" in listed) is (status == 200)
        assert ("(1)</option>" in listed) is (status == 200)  # nor how many there are
        taken = client.get("/entry/next").headers["location"]
        assert (ONE in taken) is (status == 200)


@pytest.mark.parametrize(
    ("role", "more", "status", "rows"),
    [
        ("supervisor", NORTH_PSY, 200, 1),
        ("supervisor", NORTH_PSY | {"restricted": ()}, 200, 0),
        ("supervisor", NORTH_PSY | {"facilities": ("SOUTH",)}, 200, 0),
        ("clerk", NORTH_PSY, 403, 0),
        ("senior_clerk", NORTH_PSY, 403, 0),
    ],
)
def test_the_proposal_has_only_what_its_reader_may_see(house, role, more, status, rows):
    clerk = house("clerk" if role != "clerk" else "senior_clerk", **NORTH_PSY)
    csrf = token(clerk.get(f"/entry/{ONE}"))
    form = {"field": "sex", "row": 0, "value": "F", "csrf": csrf}
    assert clerk.post(f"/entry/{ONE}/key", data=form).status_code == 303
    client = house(role, **more) if role != "senior_clerk" else house("release")
    answer = client.get("/entry.csv")
    assert answer.status_code == status
    if status == 200:
        assert len(proposed(answer.text)) == rows


def test_a_since_that_is_no_day_is_told(desk):
    ada = At(desk)
    ada.key("sex", "F")
    tomorrow = dt.date(2026, 11, 27)
    assert proposed(ada.get(f"/entry.csv?since={tomorrow}").text) == {}
    assert ada.get("/entry.csv?since=yesterday").status_code == 422
