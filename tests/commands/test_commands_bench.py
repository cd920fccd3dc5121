"""``chartfiler bench``: runs the checkout's benchmarks, or says what to do."""

import pytest
from typer import Exit

from pipeline.commands import bench
from pipeline.errors import SettingsError

ECHO = "import sys; open('said', 'w').write(' '.join(sys.argv[1:])); sys.exit(7)"


def test_without_a_checkout_the_next_move_is_told(tmp_path):
    with pytest.raises(SettingsError, match="get Chartfiler's source"):
        bench.reading(["charts"], tmp_path)


@pytest.mark.parametrize(
    ("name", "bench_of"),
    [("reading", "reading"), ("documents", "documents"), ("patients", "traps")],
)
def test_words_go_through_and_the_exit_comes_back(
    name, bench_of, tmp_path, monkeypatch
):
    package = tmp_path / "checkout" / "benchmarks" / bench_of
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "__main__.py").write_text(ECHO)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exit) as ended:
        getattr(bench, name)(["charts", "--pages", "9"], tmp_path / "checkout")
    assert ended.value.exit_code == 7
    assert (tmp_path / "said").read_text() == "charts --pages 9"
