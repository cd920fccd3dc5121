"""One whole journey with a real S3 server under it (make test-services)."""

import os
from pathlib import Path

import pytest

from benchmarks.siteruns import SAMPLES, run
from pipeline.commands.pages import page_rows
from pipeline.site import open_site
from pipeline.store.verify import verify
from tests.flow.conftest import CONFIG

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

ENDPOINT = os.environ.get("CHARTFILER_TEST_S3_ENDPOINT", "")
SCANS = ("SCAN_0413.jpg", "SCAN_0414.jpg", "letter_0231.pdf")


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    if not ENDPOINT:
        pytest.skip("no S3 server: make test-services starts one")
    for key in ("ACCESS", "SECRET"):
        value = os.environ[f"CHARTFILER_TEST_S3_{key}"]
        monkeypatch.setenv(f"CHARTFILER_S3_{key}", value)
    objects = f"""
[objects]
store = "s3"
endpoint = "{ENDPOINT}"
bucket = "{os.environ.get("CHARTFILER_TEST_S3_BUCKET", "charts")}"
secure = false
"""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "pipeline.toml").write_text(CONFIG + objects)
    return tmp_path


def test_scans_are_filed_and_every_page_is_accounted_for(data):
    for what in ("patients", "encounters"):
        run(data, what, "import", str(SAMPLES / f"{what}.csv"))
    told = run(data, "process", *(str(SAMPLES / "inbox" / scan) for scan in SCANS))
    assert "4 pages" in told
    assert "every page accounted for" in run(data, "verify")
    site = open_site(data)
    assert site.objects.name.startswith("s3")
    assert [r["disposition"] for r in page_rows(site)].count("filed") == 3
    assert not (data / "objects").exists()
    [filed] = {line.filed.key for line in site.catalogue.ledger() if line.page == 2}
    assert site.objects.get(filed).startswith(b"%PDF-")
    assert list(verify(site.catalogue, site.objects)) == []
