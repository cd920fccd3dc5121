"""On what grounds the machine would file, as the certificate tells them apart."""

from dataclasses import replace

import pytest

from pipeline.finding import Evidence
from pipeline.oversight import _grounds
from pipeline.review.proof import GROUNDS
from tests.review.readings import BEST, CERTAIN


@pytest.mark.parametrize(
    ("sources", "grounds"),
    [
        (("cover", "name", "given name"), "cover"),
        (("mrn", "name"), "printed"),
        (("mrn", "name", "custody"), "printed"),
        (("name", "given name", "custody"), "folder"),
        (("name", "given name"), "none"),
        (("custody",), "none"),
        ((), "none"),
    ],
)
def test_grounds(sources, grounds):
    best = replace(BEST, evidence=tuple(Evidence(s, 9.0, "") for s in sources))
    assert _grounds(replace(CERTAIN, patients=(best,))) == grounds
    assert grounds in GROUNDS
