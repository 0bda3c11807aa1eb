"""Change core modules in one place at a time and count the changes that their tests notice; ``make mutants``.

A mutant is a module with one operator, constant, condition or statement changed. It is killed if a test of
the module fails or does not end in time. Tests run in forks of a process that has loaded pytest and the
packages of others, but none of ours; the changed module is compiled in memory, so no file is written.
A sample of mutants from a fixed seed is tried. Exits with 1 if fewer than ``WANTED`` of them are killed.
"""

import argparse
import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[1]
WANTED: Final = 0.85
SAMPLE: Final = 60
"""Mutants tried of each target, unless the command line asks for more."""
TARGETS: Final = {
    "losses/certificate/*.py": ("tests/losses/certificate",),
    "losses/descent/convergence.py": ("tests/losses/descent",),
    "losses/descent/outcome.py": ("tests/losses/descent",),
    "losses/expression/*.py": ("tests/losses/expression",),
    "app/problem_setup/csv_import.py": ("tests/app/problem_setup",),
    "app/url_state/resolver.py": ("tests/app/url_state/test_resolver.py",),
    "app/narration/step_text.py": ("tests/app/narration/test_step_text.py",),
    "app/web/admission.py": ("tests/app/web/test_admission.py",),
}
"""The files of each target and the tests that must notice their mutants."""
PRELOADED: Final = ("numpy", "hypothesis", "flask", "dash", "orjson", "sklearn", "statsmodels.api")
"""Packages that are loaded before the forks; tests that need one start faster."""
PYTEST_OPTIONS: Final = (
    *("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-m", "not slow"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of plugins that are loaded before the fork
)
MIN_SECONDS: Final = 10.0
SLOWDOWN: Final = 4.0
"""A mutant is killed if its tests take longer than ``MIN_SECONDS`` and ``SLOWDOWN`` times as usual."""
IS_ALIVE: Final = pytest.ExitCode.OK
NOT_RUN: Final = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)
TIMED_OUT: Final = -1

OPERATORS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
"""The operator that replaces each operator."""


@dataclass(frozen=True)
class Change:
    """A change of a syntax tree: the field of a node, or an item of the list in it, gets a new value."""

    line: int
    description: str
    parent: ast.AST
    field: str
    index: int | None
    value: Any

    def apply(self) -> None:
        """Change the tree."""
        if self.index is None:
            setattr(self.parent, self.field, self.value)
        else:
            getattr(self.parent, self.field)[self.index] = self.value


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield the changes of a module in the order of its source; docstrings and annotations stay."""
    yield from _changes_below(tree, 0)


def _changes_below(parent: ast.AST, line: int) -> Iterator[Change]:
    for field, index, node in _children(parent):
        here = getattr(node, "lineno", line)
        for value in _replacements(node):
            description = f"{_text(node)} -> {_text(value)}"
            yield Change(here, description, parent, field, index, value)
        yield from _changes_below(node, here)


def _children(parent: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """Yield the field, the index in it, and the node of each child that may change."""
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns", "decorator_list", "type_params", "bases", "ctx"):
            continue
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, node in items:
            if isinstance(node, ast.AST) and not _is_text(node):
                yield field, index, node


def _is_text(node: ast.AST) -> bool:
    """Return whether a statement is a docstring or an import."""
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or isinstance(node, ast.Import | ast.ImportFrom)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may replace a node."""
    if type(node) in OPERATORS:
        yield OPERATORS[type(node)]()
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Expr | ast.Raise | ast.AugAssign) and not _is_yield(node):
        yield ast.copy_location(ast.Pass(), node)
    elif isinstance(node, ast.Break | ast.Continue):
        other = ast.Continue() if isinstance(node, ast.Break) else ast.Break()
        yield ast.copy_location(other, node)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        negated = ast.UnaryOp(ast.Not(), node.test)
        yield ast.fix_missing_locations(ast.copy_location(_with_test(node, negated), node))
    elif isinstance(node, ast.Return) and not _is_none(node.value):
        yield ast.fix_missing_locations(ast.copy_location(ast.Return(ast.Constant(None)), node))


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.copy_location(ast.Constant(not node.value), node)
    elif isinstance(node.value, int | float):
        yield ast.copy_location(ast.Constant(node.value + 1), node)


def _with_test(node: ast.AST, test: ast.expr) -> ast.AST:
    """Return a copy of an ``if`` or ``while`` with another condition."""
    return type(node)(**{**dict(ast.iter_fields(node)), "test": test})


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _is_yield(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom | ast.Await)


def _text(node: ast.AST) -> str:
    """Return the first line of a node's source, or the name of an operator."""
    if isinstance(node, ast.expr | ast.stmt):
        return ast.unparse(node).splitlines()[0][:60]
    return type(node).__name__


class TreeLoader(importlib.machinery.SourceFileLoader):
    """Loads a module from a syntax tree instead of its file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """Return the compiled tree."""
        return compile(self.tree, self.path, "exec")


class TreeFinder(importlib.abc.MetaPathFinder):
    """Finds one module, which is then loaded from a syntax tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.loader = name, TreeLoader(name, str(path), tree)

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        """Return the specification of the module, or None for any other."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.loader.path, loader=self.loader)


@dataclass(frozen=True)
class Mutant:
    """A change of a file, and the tests that must notice it; no change is the file as it is."""

    target: str
    path: Path
    tree: ast.Module
    change: Change | None
    tests: tuple[str, ...]

    @property
    def title(self) -> str:
        """The place and the change."""
        place = self.path.relative_to(ROOT).as_posix()
        return f"{place}:{self.change.line}: {self.change.description}" if self.change else place

    def run_tests(self) -> int:
        """Load the changed module in place of its file, and return pytest's exit code."""
        if self.change:
            self.change.apply()
            name = ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            sys.meta_path.insert(0, TreeFinder(name, self.path, self.tree))
        return int(pytest.main([*PYTEST_OPTIONS, *self.tests]))


def mutants_of(target: str, tests: tuple[str, ...], root: Path = ROOT) -> list[Mutant]:
    """Return all mutants of the files of a target."""
    found = []
    for path in sorted(root.glob(target)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Mutant(target, path, tree, change, tests) for change in changes(tree)]
    return found


def sampled(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return a sample of mutants in the order of their places."""
    chosen = random.Random(seed).sample(range(len(mutants)), min(count, len(mutants)))
    return [mutants[i] for i in sorted(chosen)]


class Fork:
    """A process that runs the tests of a mutant."""

    def __init__(self, mutant: Mutant, seconds: float) -> None:
        self.mutant, self.started_at, self.seconds = mutant, time.monotonic(), seconds
        self.pid = os.fork() or self._work()

    def _work(self) -> int:
        """Run the tests in the child, silently, and end it."""
        code = int(pytest.ExitCode.INTERNAL_ERROR)
        try:
            os.setsid()
            silence = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silence, stream)
            code = self.mutant.run_tests()
        finally:
            os._exit(code)

    def result(self) -> int | None:
        """Return the exit code, ``TIMED_OUT`` if it took too long, or None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() - self.started_at < self.seconds:
            return None
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return TIMED_OUT


def run_all(
    mutants: Iterable[Mutant], seconds: Callable[[Mutant], float], processes: int
) -> Iterator[tuple[Mutant, int, float]]:
    """Run the tests of mutants in forks; yield each with its exit code and the seconds it took."""
    waiting, running = deque(mutants), list[Fork]()
    while waiting or running:
        while waiting and len(running) < processes:
            running.append(Fork(waiting[0], seconds(waiting.popleft())))
        for fork in [*running]:
            code = fork.result()
            if code is not None:
                running.remove(fork)
                yield fork.mutant, code, time.monotonic() - fork.started_at
        time.sleep(0.02)


def usual_seconds(targets: Iterable[str], processes: int) -> dict[str, float]:
    """Return the seconds that the tests of each target take. Raises RuntimeError if they fail unchanged."""
    unchanged = [Mutant(target, ROOT, ast.Module([], []), None, TARGETS[target]) for target in targets]
    seconds = {}
    for mutant, code, took in run_all(unchanged, lambda _: 600.0, processes):
        if code != IS_ALIVE:
            raise RuntimeError(f"tests of {mutant.target} fail without a mutant: exit code {code}")
        seconds[mutant.target] = took
    return seconds


@dataclass
class Tally:
    """The number of mutants of a target that were tried, and the survivors."""

    tried: int = 0
    survivors: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share of mutants that were killed."""
        return 1 - len(self.survivors) / self.tried if self.tried else 1.0


def report(tallies: dict[str, Tally]) -> str:
    """Return the survivors and the share of killed mutants of each target and of all."""
    every = Tally(sum(t.tried for t in tallies.values()), sum((t.survivors for t in tallies.values()), ()))
    lines = [f"survived: {title}" for title in sorted(every.survivors)]
    for name, tally in [*tallies.items(), ("all", every)]:
        lines.append(f"{name:36s} {tally.tried:4d} tried, {100 * tally.share:5.1f} % killed")
    return "\n".join(lines)


def try_mutants(targets: Sequence[str], sample: int, seed: int, processes: int) -> dict[str, Tally]:
    """Try a sample of the mutants of each target. Raises RuntimeError if pytest itself fails."""
    for name in PRELOADED:
        importlib.import_module(name)
    usual = usual_seconds(targets, processes)
    chosen = [m for target in targets for m in sampled(mutants_of(target, TARGETS[target]), sample, seed)]
    tallies = {target: Tally() for target in targets}

    def limit(mutant: Mutant) -> float:
        return max(MIN_SECONDS, SLOWDOWN * usual[mutant.target])

    for mutant, code, _ in run_all(chosen, limit, processes):
        tally = tallies[mutant.target]
        tally.tried += 1
        if code == IS_ALIVE:
            tally.survivors += (mutant.title,)
            print(f"survived: {mutant.title}", flush=True)
        elif code in NOT_RUN:
            raise RuntimeError(f"no test ran, exit code {code}: {mutant.title}")
    return tallies


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutants of the targets named on the command line, or of all; return 1 if too many survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    targets = options.targets or list(TARGETS)
    tallies = try_mutants(targets, options.sample, options.seed, options.processes)
    print(report(tallies))
    tried = sum(tally.tried for tally in tallies.values())
    survived = sum(len(tally.survivors) for tally in tallies.values())
    return int(survived > (1 - WANTED) * tried)


if __name__ == "__main__":
    sys.exit(main())
