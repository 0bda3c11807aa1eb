"""Outside the catalogues no code asks which entry it has by its key: what it needs to know stands on the entry.

Two things are flagged: a key that is compared, matched, looked up or a key of a dictionary, and a collection of keys
that is named or searched. Arguments and defaults are free: ``problem("norris", "line", "mse")`` asks for an entry
and assumes nothing about it.
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
"""Where entries are written down, and published values and lessons that speak of certain entries."""

WORDS = frozenset({"line", "linear", "power", "step"})
"""Keys that are words of Plotly or of the page, too: they count only beside something that is called like an entry."""
ENTRIES = frozenset(
    {"key", "loss", "model", "data", "dataset", "function", "schedule", "losses", "models", "schedules"}
)


def is_key(node: ast.expr, beside_entry: bool) -> bool:
    """Whether an expression is a literal key; of a word only where it stands beside an entry."""
    return isinstance(node, ast.Constant) and node.value in KEYS and (beside_entry or node.value not in WORDS)


def parts(node: ast.expr | None) -> list[ast.expr]:
    """The expression itself, and the elements and keys that it lists."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [part for element in node.elts for part in parts(element)]
    if isinstance(node, ast.Dict):
        return [key for key in node.keys if key is not None]
    if (
        isinstance(node, ast.Call)
        and node.args
        and called(node.func) in ("frozenset", "set", "tuple", "list")
    ):
        return parts(node.args[0])
    return [] if node is None else [node]


def called(node: ast.expr) -> str:
    """The last name of an expression: ``key`` of ``problem.loss.key``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_entry(node: ast.expr) -> bool:
    return called(node) in ENTRIES


def is_registry(node: ast.expr) -> bool:
    return called(node) in REGISTRIES


def suspects(node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """Expressions of one node that must not be keys, and whether each stands beside an entry."""
    match node:
        case ast.Compare(left=left, comparators=others):
            beside = any(is_entry(side) or is_registry(side) for side in (left, *others))
            yield from ((part, beside) for side in (left, *others) for part in parts(side))
        case ast.Match(subject=subject, cases=cases):
            found = [value for case in cases for value in ast.walk(case.pattern)]
            yield from (
                (value.value, is_entry(subject)) for value in found if isinstance(value, ast.MatchValue)
            )
        case ast.Subscript(value=of, slice=key):
            yield from ((part, True) for part in [key, *choices(key)] if is_registry(of))
        case ast.Call(func=ast.Attribute(value=of, attr="get" | "pop" | "__getitem__"), args=[key, *_]):
            yield from (
                (part, True) for part in [key, *choices(key)] if is_registry(of) or isinstance(of, ast.Dict)
            )
        case ast.Dict(keys=keys):
            yield from ((key, False) for key in keys if key is not None)
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            if not isinstance(value, ast.Constant):
                yield from ((part, False) for part in parts(value) if not isinstance(value, ast.Name))


def choices(node: ast.expr) -> list[ast.expr]:
    """Both sides of ``a if x else b``."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else []


def literals(source: str) -> list[tuple[int, str]]:
    """Line and key of every place in a source that asks for an entry by its key."""
    found = {
        (part.lineno, str(part.value))
        for node in ast.walk(ast.parse(source))
        for part, beside in suspects(node)
        if isinstance(part, ast.Constant) and is_key(part, beside)
    }
    return sorted(found)


SOURCES = [
    path
    for package in ("app", "losses")
    for path in sorted((ROOT / package).rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(CATALOGUES)
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_code_knows_an_entry_by_its_key(path):
    assert literals(path.read_text(encoding="utf-8")) == []


def test_the_catalogues_are_where_they_are_said_to_be():
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
def test_a_planted_key_is_found(source):
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
def test_an_innocent_text_is_not(source):
    assert literals(source) == []
