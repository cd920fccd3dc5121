"""The house rules that no linter knows: sizes, sentences, doors and silence."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[1]
PIPELINE = sorted((HOUSE / "pipeline").rglob("*.py"))
BENCHMARKS = sorted((HOUSE / "benchmarks").rglob("*.py"))
TESTS = sorted((HOUSE / "tests").rglob("*.py"))
OURS = PIPELINE + BENCHMARKS
VAGUE_MODULE = re.compile(r"(?i)(^|_)(utils?|helpers?|misc|common)($|_)")
VAGUE_CLASS = re.compile(r"(Manager|Helper|Utils?|Processor|Handler)$")
BROADEST = ("Exception", "BaseException")
MOST_LINES, MOST_FUNCTION_LINES = 400, 50


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def offenders(paths: list[Path], fault: Callable[[Path], object]) -> dict[str, object]:
    """File -> what is wrong with it, for the files where something is."""
    faults = {str(path.relative_to(HOUSE)): fault(path) for path in paths}
    return {name: found for name, found in faults.items() if found}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_a_file_fits_in_one_head() -> None:
    def too_long(path: Path) -> int:
        lines = len(text_of(path).splitlines())
        return lines if lines > MOST_LINES else 0

    assert not offenders(OURS + TESTS, too_long)


def test_a_function_fits_on_one_screen() -> None:
    def too_long(path: Path) -> list[str]:
        found = functions(tree_of(path))
        return [node.name for node in found if length(node) > MOST_FUNCTION_LINES]

    assert not offenders(OURS, too_long)


def test_a_module_says_in_a_sentence_what_it_knows() -> None:
    def unsaid(path: Path) -> bool:
        said = ast.get_docstring(tree_of(path)) or ""
        return not said.split("\n\n")[0].rstrip().endswith((".", ":", "?", "!"))

    doors = [p for p in BENCHMARKS if p.name == "__init__.py" and not text_of(p)]
    assert not offenders([path for path in OURS if path not in doors], unsaid)


def test_a_room_s_door_exports_nothing() -> None:
    doors = [path for path in PIPELINE if path.name == "__init__.py"]
    assert not offenders(doors, lambda path: len(tree_of(path).body) != 1)


def test_nothing_prints() -> None:
    """The commands speak through Rich, the rooms through what they return."""
    unwanted = {"print", "pprint", "breakpoint", "input", "eval", "exec"}

    def called(path: Path) -> set[str]:
        calls = [n for n in ast.walk(tree_of(path)) if isinstance(n, ast.Call)]
        names = {c.func.id for c in calls if isinstance(c.func, ast.Name)}
        return names & unwanted

    assert not offenders(PIPELINE, called)


def test_log_lines_name_their_module() -> None:
    root = re.compile(r"\blogging\.(debug|info|warning|error|exception)\(")
    assert not offenders(PIPELINE, lambda path: root.findall(text_of(path)))


def test_nothing_that_is_loaded_can_execute_code() -> None:
    loads = re.compile(r"(?m)^\s*(?:import|from) (pickle|dill|cloudpickle|joblib)\b")
    assert not offenders(PIPELINE, lambda path: loads.findall(text_of(path)))


def swallows_all(node: ast.AST) -> bool:
    """A broad except, unless it cleans up and lets the error go on."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    names = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    broad = any(
        n is None
        or (isinstance(n, ast.Name) and n.id in ("Exception", "BaseException"))
        for n in names
    )
    last = node.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def test_two_broad_excepts_in_the_whole_house() -> None:
    """Around one request in web, around one file in the watch loop."""
    found = [
        str(path.relative_to(HOUSE))
        for path in PIPELINE
        for node in ast.walk(tree_of(path))
        if swallows_all(node)
    ]
    in_web = [name for name in found if name.startswith("pipeline/web/")]
    assert len(in_web) <= 1, found
    assert len(found) - len(in_web) <= 1, found


def test_names_are_nouns_of_the_office() -> None:
    def vague(path: Path) -> list[str]:
        nodes = ast.walk(tree_of(path))
        classes = [n.name for n in nodes if isinstance(n, ast.ClassDef)]
        names = [name for name in classes if VAGUE_CLASS.search(name)]
        return names + ([path.stem] if VAGUE_MODULE.search(path.stem) else [])

    assert not offenders(OURS, vague)


def test_what_is_silenced_says_why() -> None:
    """``noqa`` and ``type: ignore`` carry their code; in our code a reason as well."""
    mark = re.compile(r"#\s*(?:noqa|type:\s*ignore)(.*)")
    code = re.compile(r"(?:: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*|\[[a-z, -]+\])(.*)")

    def unexplained(path: Path) -> list[str]:
        marks = [found[1] for found in mark.finditer(text_of(path))]
        codes = [(text, code.match(text)) for text in marks]
        return [
            text
            for text, found in codes
            if found is None or (path in OURS and not re.search(r"\w\w", found[1]))
        ]

    assert not offenders([p for p in OURS + TESTS if p != Path(__file__)], unexplained)


def test_the_lock_names_no_registry() -> None:
    text = text_of(HOUSE / "requirements.lock")
    assert "://" not in text
    assert not re.findall(r"(?m)^\s*(?:-i|-f|--index|--extra|--find|--trusted)", text)


def test_every_test_module_has_a_name_of_its_own() -> None:
    names = [path.name for path in TESTS if path.name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_runtime_state_is_never_committed() -> None:
    ignored = text_of(HOUSE / ".gitignore").split()
    assert {"/.venv", "/data/", "/.s3/"} <= set(ignored)  # a link .venv, too
