"""The documents say what the code does: errors, settings and commands."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from pipeline import errors
from pipeline.cli import app

HOUSE = Path(__file__).parents[1]
ERRORS = (HOUSE / "docs/errors.md").read_text(encoding="utf-8")
README = (HOUSE / "README.md").read_text(encoding="utf-8")
OPERATIONS = (HOUSE / "docs/operations.md").read_text(encoding="utf-8")
SETTINGS = ("pipeline.toml", "identity.toml", "entry_fields.toml")
CLASSES = {
    name: kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.PipelineError)
}


def test_every_error_has_its_heading_and_no_other() -> None:
    assert re.findall(r"(?m)^## (\w+)$", ERRORS) == [
        kind.__name__
        for kind in sorted(CLASSES.values(), key=lambda k: inspect.getsourcelines(k)[1])
    ]


@pytest.mark.parametrize("name", sorted(set(CLASSES) - {"PipelineError"}))
def test_an_error_names_the_next_move(name: str) -> None:
    told = ERRORS.split(f"## {name}\n")[1].split("\n## ")[0]
    assert "**Next:**" in told


def test_the_exit_codes_are_those_of_the_table() -> None:
    codes = {kind.exit_code for kind in CLASSES.values()} - {1}
    assert {int(row) for row in re.findall(r"(?m)^\| (\d) \|", ERRORS)} == codes


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    tree = re.findall(r"(?m)^( *)([A-Z]\w+)(?:  |$)", errors.__doc__ or "")
    depth = {name: len(indent) // 2 for indent, name in tree}
    for name, kind in CLASSES.items():
        assert depth[name] == len(kind.mro()) - len(errors.PipelineError.mro())


def keys() -> list[str]:
    return [
        f"{path.name} {section} {key}"
        for path in map((HOUSE / "config").joinpath, SETTINGS)
        for section, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for key in table
        if isinstance(table, dict)
    ]


@pytest.mark.parametrize("key", keys())
def test_every_setting_is_explained(key: str) -> None:
    _, section, name = key.split()
    told = OPERATIONS.split(f"[{section}]")[1].split("\n### ")[0]
    assert f"`{name}`" in told


def test_every_command_is_explained() -> None:
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    names = {
        f"{prefix} {command.name or command.callback.__name__}".strip()
        for prefix, place in {"": app, **groups}.items()
        if place is not None
        for command in place.registered_commands
        if command.callback is not None
    }
    told = {name for name in names if f"`chartfiler {name}" in OPERATIONS}
    assert told == names


def test_the_readme_names_commands_that_exist() -> None:
    groups = {group.name for group in app.registered_groups}
    names = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback is not None
    }
    told = re.findall(r"(?m)^\$ chartfiler --data \S+ ([a-z]+)", README)
    assert told
    assert set(told) <= names | {name for name in groups if name}


@pytest.mark.parametrize(
    "page", [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))], ids=str
)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"(?<!!)\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if not link.startswith("http") and not link.endswith(".png"):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("script", ["setup", "lock", "test-services", "prove-bare"])
def test_scripts_exist_and_may_be_run(script: str) -> None:
    assert (HOUSE / "scripts" / script).stat().st_mode & 0o100


def test_the_commonest_exceptions_cost_three_strokes_at_most() -> None:
    """The median of the table; the browser's tests count each of its numbers."""
    told = OPERATIONS.split("Keystrokes, counted by")[1].split("\n## ")[0]
    rows = [line.split("|")[1:4] for line in told.splitlines() if line.startswith("|")]
    commonest = [row for row in rows[2:] if not row[0].strip().startswith("all")]
    counts = []
    for _, right, wrong in commonest:
        first = re.search(r"\d+", right) or re.search(r"\d+", wrong)
        assert first
        counts.append(int(first[0]))
    assert len(counts) == 5
    assert sorted(counts)[2] <= 3
    assert f"boundary, no identity) is {sorted(counts)[2]}." in told
