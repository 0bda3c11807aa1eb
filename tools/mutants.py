"""Change core modules in one place at a time and count the changes that their tests notice; ``make mutants``.

A mutant is a module with one operator, constant, condition or statement changed. It is killed if it cannot be
imported, or if a test of the module fails or does not end in time. Tests run in forks of a process that has
loaded pytest and the packages of others, but none of ours; the changed module is compiled in memory, so no
file is written. A sample of mutants from a fixed seed is tried. Each result is a line of texts between tabs;
``--again`` tries the survivors of such lines alone. Exits with 1 if fewer than ``WANTED`` are killed.
"""

import argparse
import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import math
import os
import random
import resource
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
CERTIFICATE_TESTS: Final = tuple(
    f"tests/losses/certificate/test_{name}.py"
    for name in (
        *("parts", "local_minimum", "zero_one", "sharpness", "published_optima"),
        *("claims", "classification", "separability", "certificate", "no_false_claim"),
    )
)
TARGETS: Final = {
    "losses/certificate/*.py": CERTIFICATE_TESTS,
    "losses/descent/convergence.py": (
        "tests/losses/descent/test_convergence.py",
        "tests/losses/descent/test_outcome.py",
    ),
    "losses/descent/outcome.py": (
        "tests/losses/descent/test_outcome_sentences.py",
        "tests/losses/descent/test_outcome.py",
    ),
    "losses/expression/*.py": ("tests/losses/expression",),
    "app/problem_setup/tables/csv_import.py": (
        "tests/app/problem_setup/tables/test_csv_import.py",
        "tests/app/problem_setup/tables/test_real_files.py",
    ),
    "app/url_state/resolver.py": ("tests/app/url_state/test_resolver.py",),
    "app/narration/step_text.py": ("tests/app/narration/test_step_text.py",),
    "app/web/admission.py": ("tests/app/web/test_admission.py",),
}
"""The files of each target and the tests that must notice their mutants, the fastest first.

The tests of the same name as a file run before the others.
"""
PRELOADED: Final = ("numpy", "hypothesis", "flask", "dash", "orjson", "sklearn", "statsmodels.api")
"""Packages that are loaded before the forks; tests that need one start faster."""
PYTEST_OPTIONS: Final = (
    *("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-m", "not slow"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of plugins that are loaded before the fork
)
MIN_SECONDS: Final = 10.0
SLOWDOWN: Final = 4.0
"""A mutant is killed if its tests take longer than ``MIN_SECONDS`` and ``SLOWDOWN`` times as usual.

Both are seconds of the processor, so that a busy machine kills no mutant.
"""
PATIENCE: Final = 20.0
"""A mutant is also killed if its tests last this many times as long as that, waiting for something."""
IS_ALIVE: Final = pytest.ExitCode.OK
STOPPED: Final = -1
"""In place of the exit code of a process that a signal ended, as it does when its time is over."""
SURVIVED: Final = "survived"

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

    @property
    def ordered_tests(self) -> tuple[str, ...]:
        """The tests, those named as the file first."""
        own = f"test_{self.path.stem}.py"
        return tuple(sorted(self.tests, key=lambda path: not path.endswith(own)))

    def run_tests(self) -> int:
        """Load the changed module in place of its file, and return pytest's exit code."""
        if self.change:
            self.change.apply()
            name = ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            sys.meta_path.insert(0, TreeFinder(name, self.path, self.tree))
        return int(pytest.main([*PYTEST_OPTIONS, *self.ordered_tests]))


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


@dataclass(frozen=True)
class Result:
    """How the tests of a mutant ended: pytest's exit code or ``STOPPED``, and seconds of the processor."""

    mutant: Mutant
    code: int
    seconds: float

    @property
    def is_alive(self) -> bool:
        """Whether no test failed."""
        return self.code == IS_ALIVE

    @property
    def line(self) -> str:
        """The line that is written of it."""
        name = {IS_ALIVE: SURVIVED, STOPPED: "stopped"}.get(self.code, "killed")
        return f"{name}\t{self.mutant.title}\t{self.seconds:.1f}"


class Fork:
    """A process that runs the tests of a mutant."""

    def __init__(self, mutant: Mutant, seconds: float) -> None:
        self.mutant, self.ends_at = mutant, time.monotonic() + PATIENCE * seconds
        self.pid = os.fork() or self._work(math.ceil(seconds))

    def _work(self, seconds: int) -> int:
        """Run the tests in the child, silently, and end it."""
        code = int(pytest.ExitCode.INTERNAL_ERROR)
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            silence = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silence, stream)
            code = self.mutant.run_tests()
        finally:
            os._exit(code)

    def result(self) -> Result | None:
        """Return how it ended, or None while it runs."""
        if time.monotonic() > self.ends_at:
            os.killpg(self.pid, signal.SIGKILL)
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if not pid:
            return None
        code = STOPPED if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        return Result(self.mutant, code, usage.ru_utime + usage.ru_stime)


def run_all(
    mutants: Iterable[Mutant], seconds: Callable[[Mutant], float], processes: int
) -> Iterator[Result]:
    """Run the tests of mutants in forks; yield how each ended."""
    waiting, running = deque(mutants), list[Fork]()
    while waiting or running:
        while waiting and len(running) < processes:
            running.append(Fork(waiting[0], seconds(waiting.popleft())))
        for fork in [*running]:
            result = fork.result()
            if result:
                running.remove(fork)
                yield result
        time.sleep(0.02)


def usual_seconds(targets: Iterable[str], processes: int) -> dict[str, float]:
    """Return the seconds that the tests of each target take. Raises RuntimeError if they fail unchanged."""
    unchanged = [Mutant(target, ROOT, ast.Module([], []), None, TARGETS[target]) for target in targets]
    seconds = {}
    for result in run_all(unchanged, lambda _: 600.0, processes):
        target = result.mutant.target
        if not result.is_alive:
            raise RuntimeError(f"tests of {target} fail without a mutant: exit code {result.code}")
        seconds[target] = result.seconds
    return seconds


@dataclass
class Tally:
    """The number of mutants of a target that were tried, and of those that survived."""

    tried: int = 0
    survived: int = 0

    def add(self, result: Result) -> None:
        """Count a mutant."""
        self.tried += 1
        self.survived += result.is_alive

    @property
    def share(self) -> float:
        """The share of mutants that were killed."""
        return 1 - self.survived / self.tried if self.tried else 1.0


def report(tallies: dict[str, Tally]) -> str:
    """Return the share of killed mutants of each target and of all."""
    every = Tally(sum(t.tried for t in tallies.values()), sum(t.survived for t in tallies.values()))
    return "\n".join(
        f"{name:36s} {tally.tried:4d} tried, {100 * tally.share:5.1f} % killed"
        for name, tally in [*tallies.items(), ("all", every)]
    )


def survivors(path: Path) -> set[str]:
    """Return the titles of the survivors in a file of results."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {row[1] for row in rows if row[0] == SURVIVED}


def try_mutants(
    targets: Sequence[str], choose: Callable[[list[Mutant]], list[Mutant]], processes: int
) -> Iterator[Result]:
    """Yield how chosen mutants of each target ended. Raises RuntimeError if tests fail without one."""
    for name in PRELOADED:
        importlib.import_module(name)
    usual = usual_seconds(targets, processes)
    chosen = [m for target in targets for m in choose(mutants_of(target, TARGETS[target]))]

    def limit(mutant: Mutant) -> float:
        return max(MIN_SECONDS, SLOWDOWN * usual[mutant.target])

    yield from run_all(chosen, limit, processes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutants of the targets named on the command line, or of all; return 1 if too many survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--again", type=Path, metavar="FILE", help="try the survivors of these results")
    options = parser.parse_args(arguments)
    targets = options.targets or list(TARGETS)
    titles = survivors(options.again) if options.again else None

    def choose(mutants: list[Mutant]) -> list[Mutant]:
        if titles is None:
            return sampled(mutants, options.sample, options.seed)
        return [mutant for mutant in mutants if mutant.title in titles]

    tallies = {target: Tally() for target in targets}
    for result in try_mutants(targets, choose, options.processes):
        tallies[result.mutant.target].add(result)
        print(result.line, flush=True)
    print(report(tallies))
    tried = sum(tally.tried for tally in tallies.values())
    survived = sum(tally.survived for tally in tallies.values())
    return int(survived > (1 - WANTED) * tried)


if __name__ == "__main__":
    sys.exit(main())
