"""No code outside the catalogues depends on the key of an entry; it uses the properties of the entry instead.

Keys are reported if they are compared, matched, looked up or keys of a
dictionary, or if they are in a collection that is assigned or searched.
Arguments and defaults are allowed: ``problem("norris", "line", "mse")`` asks
for an entry and assumes nothing about it.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import losses

ROOT = Path(__file__).parents[2]

REGISTRIES: Mapping[str, Mapping[str, object]] = {
    "LOSSES": losses.LOSSES,
    "MODELS": losses.MODELS,
    "DATASETS": losses.DATASETS,
    "TEST_FUNCTIONS": losses.TEST_FUNCTIONS,
    "SCHEDULES": losses.SCHEDULES,
    "OPTIMIZERS": losses.OPTIMIZERS,
}
KEYS = frozenset(key for registry in REGISTRIES.values() for key in registry)

CATALOGUES = (
    "losses/loss/",
    "losses/model/",
    "losses/data/",
    "losses/problem/benchmark_functions.py",
    "losses/optimizer/",
    "losses/reference_values.py",
    "app/lessons/",
)
"""Paths that may contain keys: catalogues, published values and lessons."""

AMBIGUOUS = frozenset({"line", "linear", "power", "step"})
"""Keys that are also words of Plotly or the page; reported only next to an entry or a registry."""
ENTRIES = frozenset(
    {"key", "loss", "model", "data", "dataset", "function", "schedule", "losses", "models", "schedules"}
)
"""Names of variables and attributes that usually hold an entry or a key."""


def is_key(node: ast.expr, beside_entry: bool) -> bool:
    """Whether an expression is a literal key; an ambiguous one only if it is next to an entry."""
    return (
        isinstance(node, ast.Constant)
        and node.value in KEYS
        and (beside_entry or node.value not in AMBIGUOUS)
    )


def parts(node: ast.expr | None) -> list[ast.expr]:
    """Return the elements of a collection or the keys of a dictionary, else the expression itself."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [part for element in node.elts for part in parts(element)]
    if isinstance(node, ast.Dict):
        return [key for key in node.keys if key is not None]
    if (
        isinstance(node, ast.Call)
        and node.args
        and last_name(node.func) in ("frozenset", "set", "tuple", "list")
    ):
        return parts(node.args[0])
    return [] if node is None else [node]


def last_name(node: ast.expr) -> str:
    """Return the last name of an expression: ``key`` for ``problem.loss.key``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_entry(node: ast.expr) -> bool:
    return last_name(node) in ENTRIES


def is_registry(node: ast.expr) -> bool:
    return last_name(node) in REGISTRIES


def suspects(node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the expressions of a node that must not be keys, and whether each is next to an entry."""
    match node:
        case ast.Compare(left=left, comparators=others):
            beside_entry = any(is_entry(side) or is_registry(side) for side in (left, *others))
            yield from ((part, beside_entry) for side in (left, *others) for part in parts(side))
        case ast.Match(subject=subject, cases=cases):
            patterns = [node for case in cases for node in ast.walk(case.pattern)]
            yield from (
                (node.value, is_entry(subject)) for node in patterns if isinstance(node, ast.MatchValue)
            )
        case ast.Subscript(value=container, slice=key):
            yield from ((part, True) for part in [key, *choices(key)] if is_registry(container))
        case ast.Call(
            func=ast.Attribute(value=container, attr="get" | "pop" | "__getitem__"), args=[key, *_]
        ):
            yield from (
                (part, True)
                for part in [key, *choices(key)]
                if is_registry(container) or isinstance(container, ast.Dict)
            )
        case ast.Dict(keys=keys):
            yield from ((key, False) for key in keys if key is not None)
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            if not isinstance(value, ast.Constant):
                yield from ((part, False) for part in parts(value) if not isinstance(value, ast.Name))


def choices(node: ast.expr) -> list[ast.expr]:
    """Return both branches of a conditional expression."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else []


def literals(source: str) -> list[tuple[int, str]]:
    """Return the line and the key of each place in a source that depends on a key."""
    places = {
        (part.lineno, str(part.value))
        for node in ast.walk(ast.parse(source))
        for part, beside_entry in suspects(node)
        if isinstance(part, ast.Constant) and is_key(part, beside_entry)
    }
    return sorted(places)


SOURCES = [
    path
    for package in ("app", "losses")
    for path in sorted((ROOT / package).rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(CATALOGUES)
]


def test_code_does_not_depend_on_keys():
    found = {path.relative_to(ROOT).as_posix(): literals(path.read_text("utf-8")) for path in SOURCES}
    assert {path: places for path, places in found.items() if places} == {}


def test_the_listed_catalogues_exist():
    assert [name for name in CATALOGUES if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "source",
    [
        'loss.key == "mse"',
        '"mae" != problem.loss.key',
        'state.loss in ("bce", "cce")',
        'key in {"hinge"}',
        'state.schedule != "constant"',
        'problem.model.key == "line"',
        'state.schedule == "step"',
        'LOSSES["mae"]',
        'losses.LOSSES["cce" if several else "bce"]',
        'losses.SCHEDULES["step"]',
        'MODELS.get("linear")',
        'FALLING: Final = ("bce", "exponential")',
        'FALLING = frozenset({"bce"})',
        'POWERS = {"mse": 2}',
        'beta = {"mse": 2}.get(key)',
        'def f():\n    return {"cce": g}',
        'match loss.key:\n    case "bce":\n        pass',
        'match loss.key:\n    case "bce" | "focal":\n        pass',
    ],
)
def test_code_that_depends_on_a_key_is_reported(source):
    assert literals(source) != []


@pytest.mark.parametrize(
    "source",
    [
        'losses.problem("norris", "line", "mse")',
        'def descend(problem, schedule="constant"): ...',
        'trace = {"type": "line", "line": {"color": ink}}',
        'layout = {"yaxis.type": "log" if log else "linear", "exponentformat": "power"}',
        'seen = ("future", "next", "step", "slope")',
        'state.card == "step"',
        'SIGMOID = "sigmoid"',
        'loss.key == "own"',
    ],
)
def test_other_texts_are_not_reported(source):
    assert literals(source) == []
