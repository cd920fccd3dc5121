"""From where the desk may be reached."""

import socket
import subprocess

import httpx2
import pytest

from pipeline.errors import NotLocal, SettingsError
from pipeline.web.reach import Reach
from pipeline.web.server import Server
from tests.web.houses import house

NAMES = ("desk.example",)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """A certificate with its key, made here."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    made = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
        "-days", "2", "-subj", "/CN=desk.example",
    ]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    return cert, key


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_without_a_user_only_this_machine_is_served(host, pem):
    with pytest.raises(NotLocal, match=r"127\.0\.0\.1"):
        Reach(host, 1, *pem, names=NAMES).check(users=False)
    Reach("127.0.0.1", 1).check(users=False)


def test_a_proxy_before_loopback_wants_a_user_too():
    reach = Reach("127.0.0.1", 1, behind_proxy=True, names=NAMES)
    with pytest.raises(NotLocal, match="no user yet"):
        reach.check(users=False)
    reach.check(users=True)


def test_beyond_loopback_there_is_tls_or_a_proxy(pem):
    with pytest.raises(NotLocal, match="without TLS"):
        Reach("0.0.0.0", 1, names=NAMES).check(users=True)
    Reach("0.0.0.0", 1, *pem, names=NAMES).check(users=True)
    Reach("0.0.0.0", 1, behind_proxy=True, names=NAMES).check(users=True)


def test_beyond_loopback_its_names_are_told(pem):
    with pytest.raises(SettingsError, match=r"\[web\] names"):
        Reach("0.0.0.0", 1, *pem).check(users=True)


def test_a_certificate_that_is_none_is_told_at_start(pem, tmp_path):
    cert, key = pem
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    for files, says in (
        ((cert, ""), "go together"),
        ((cert, str(tmp_path / "no")), "no such file"),
        ((str(bad), key), "no certificate"),
        ((key, cert), "no certificate"),
    ):
        with pytest.raises(SettingsError, match=says):
            Reach("127.0.0.1", 1, *files, names=NAMES).check(users=True)


def test_how_a_browser_sees_it(pem):
    here = Reach("127.0.0.1", 8417)
    assert here.front.names == ("127.0.0.1", "localhost")
    assert here.url == "http://127.0.0.1:8417/"
    there = Reach("0.0.0.0", 443, *pem, names=("Desk.Example",))
    assert there.front.names == ("desk.example",)
    assert there.front.secure
    assert there.url == "https://Desk.Example:443/"
    assert Reach("127.0.0.1", 1, behind_proxy=True).front.scheme == "https"


@pytest.mark.parametrize(
    ("proxy", "address"), [(False, "127.0.0.1"), (True, "203.0.113.9")]
)
def test_only_a_proxy_says_for_whom_it_speaks(tmp_path, proxy, address):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reach = Reach(
        "127.0.0.1", port, behind_proxy=proxy, proxies=("127.0.0.1",), names=NAMES
    )
    here = house(tmp_path, front=reach.front)
    server = Server(here.app, reach)
    server.start()
    try:
        headers = {
            "host": "desk.example",
            "x-forwarded-for": "203.0.113.9",
            "x-forwarded-proto": "https",
        }
        form = {"name": "clerk", "password": "wrong password"}
        url = f"http://127.0.0.1:{port}/sign-in"
        told = httpx2.post(url, data=form, headers=headers)
    finally:
        server.stop()
    assert told.status_code == 401
    with here.entry.users.database.reading() as rows:
        asked = "SELECT address FROM failed_sign_in"
        assert rows.exec_driver_sql(asked).scalars().all() == [address]
