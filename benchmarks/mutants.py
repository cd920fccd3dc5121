"""Small faults put into a module on purpose: does a test notice each of them?

``mutants(source)`` yields the module's syntax tree with one thing changed at a time:
a comparison turned, a constant moved, ``and`` for ``or``, a ``not`` added, a statement
left out, a returned value emptied. Our own 100 lines instead of a mutation package,
for the gate is one pure module and its tests run in process, hundreds a second.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module; ``says`` is "line 58: < becomes <="."""

    says: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every small change to the code of ``source``, one at a time."""
    tree = _without_annotations(ast.parse(source))
    for position, node in enumerate(ast.walk(tree)):
        for says, change in _changes(node):
            changed = deepcopy(tree)
            target = list(ast.walk(changed))[position]
            change(target)
            line = getattr(node, "lineno", 0)
            yield Mutant(f"line {line}: {says}", ast.fix_missing_locations(changed))


def _without_annotations(tree: ast.Module) -> ast.Module:
    """The same code without return types, which no test can notice."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    return tree


Change = tuple[str, Callable[[ast.AST], None]]


def _changes(node: ast.AST) -> Iterator[Change]:  # noqa: C901 - a case for each kind of fault
    match node:
        case ast.Compare(ops=[op]):
            yield from _comparisons(op)
        case ast.BoolOp(op=op):
            new: ast.boolop = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "and <-> or", _setting("op", new)
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield "other arithmetic", _setting("op", ARITHMETIC[type(op)]())
        case ast.If() | ast.IfExp():
            yield "condition negated", _negate
        case ast.Return(value=ast.Tuple(elts=[])):
            pass  # empty already
        case ast.Return(value=ast.expr()):
            yield "returns ()", _setting("value", ast.Tuple([], ast.Load()))
        case ast.Constant(value=str(text)) if text and " " not in text:
            yield "other word", _setting("value", text + "!")
        case ast.Constant(value=float(number)):
            yield "other number", _setting("value", number + 1.0)
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            yield "other number", _setting("value", number + 1)
        case ast.FunctionDef(body=body):
            yield from _left_out(body)
        case _:
            pass


def _comparisons(op: ast.cmpop) -> Iterator[Change]:
    for table in (SWAPPED, TURNED):
        if new := table.get(type(op)):
            says = f"{type(op).__name__} becomes {new.__name__}"
            yield says, _setting("ops", [new()])


def _left_out(body: list[ast.stmt]) -> Iterator[Change]:
    for position, statement in enumerate(body):
        if not isinstance(statement, ast.Return | ast.Assign) and not _is_prose(
            statement
        ):
            yield f"statement {position} left out", _without(position)


def _is_prose(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _setting(name: str, value: object) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, name, value)


def _negate(node: ast.AST) -> None:
    assert isinstance(node, ast.If | ast.IfExp)  # noqa: S101 - for mypy
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _without(position: int) -> Callable[[ast.AST], None]:
    def leave_out(node: ast.AST) -> None:
        assert isinstance(node, ast.FunctionDef)  # noqa: S101 - for mypy
        node.body[position] = ast.Pass()

    return leave_out
