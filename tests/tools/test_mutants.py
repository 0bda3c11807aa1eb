"""The mutation run: what it changes, and that it tells killed mutants from survivors."""

import ast
import textwrap

import pytest

from tools import mutants

SOURCE = '''
"""A docstring is not changed: 1 < 2."""
import math

LIMIT: int = 3


def sign(x: float) -> int:
    """Return the sign of ``x``."""
    if not x < 0:
        return 1
    return -1
'''


def changed(source):
    """Return each change of a source: its line, and the source after it."""
    count = len(list(mutants.changes(ast.parse(source))))
    for i in range(count):
        tree = ast.parse(source)
        change = list(mutants.changes(tree))[i]
        change.apply()
        yield change.line, ast.unparse(ast.fix_missing_locations(tree))


def test_every_change_gives_another_valid_module():
    before, sources = ast.unparse(ast.parse(SOURCE)), [text for _, text in changed(SOURCE)]
    assert before not in sources
    assert len(set(sources)) == len(sources)
    for text in sources:
        compile(text, "mutant", "exec")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (5, "LIMIT: int = 4"),
        (10, "if not x <= 0:"),
        (10, "if x < 0:"),
        (10, "if not x < 1:"),
        (10, "if not not x < 0:"),
        (11, "return 2"),
        (11, "return None"),
        (12, "return 1"),
        (12, "return -2"),
    ],
)
def test_operators_constants_conditions_and_returns_are_changed(line, text):
    assert [True for at, source in changed(SOURCE) if at == line and text in source]


def test_docstrings_imports_and_annotations_stay():
    for _, source in changed(SOURCE):
        for text in ('"""A docstring is not changed: 1 < 2."""', "import math", "x: float) -> int"):
            assert text in source


def test_a_sample_is_the_same_for_the_same_seed():
    found = mutants.mutants_of("losses/descent/outcome.py", ())
    titles = [[m.title for m in mutants.sampled(found, 5, seed)] for seed in (0, 0, 1)]
    assert titles[0] == titles[1] != titles[2]
    assert len(mutants.sampled(found, 10**6, 0)) == len(found) > 20


@pytest.mark.slow
def test_killed_mutants_are_told_from_survivors(tmp_path, monkeypatch):
    """A short form of ``make mutants``: a module of two functions, of which only one has a test."""
    (tmp_path / "planted_module.py").write_text(
        "def f(x):\n    return x + 1\n\ndef g(x):\n    return x - 1\n"
    )
    test = tmp_path / "test_planted.py"
    test.write_text(
        textwrap.dedent("""
            from planted_module import f

            def test_f():
                assert f(2) == 3
        """)
    )
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "TARGETS", {"planted_module.py": (str(test),)})
    monkeypatch.setattr(mutants, "PRELOADED", ())
    monkeypatch.syspath_prepend(tmp_path)
    found = mutants.mutants_of("planted_module.py", (str(test),), tmp_path)
    lines = [result.line for result in mutants.run_all(found, lambda _: 60.0, 2)]
    assert {line[: line.index(": ")] for line in lines} == {
        "killed\tplanted_module.py:2",
        "survived\tplanted_module.py:5",
    }
    results = tmp_path / "results.tsv"
    results.write_text("\n".join(lines))
    assert {m.title for m in found if m.change.line == 5} == mutants.survivors(results)


@pytest.mark.slow
def test_a_mutant_without_end_is_stopped(tmp_path):
    test = tmp_path / "test_endless.py"
    test.write_text("def test_endless():\n    while True:\n        pass\n")
    endless = mutants.Mutant("", mutants.ROOT, ast.Module([], []), None, (str(test),))
    (result,) = mutants.run_all([endless], lambda _: 2.0, 1)
    assert result.code == mutants.STOPPED
    assert not result.is_alive


def test_the_tests_named_as_the_file_run_first():
    path = mutants.ROOT / "losses/certificate/zero_one.py"
    tests = ("tests/test_sharpness.py", "tests/test_zero_one.py", "tests/test_claims.py")
    mutant = mutants.Mutant("", path, ast.Module([], []), None, tests)
    assert mutant.ordered_tests == (tests[1], tests[0], tests[2])


def test_the_report_gives_the_share_of_each_target_and_of_all():
    tallies = {"a": mutants.Tally(4, 1), "b": mutants.Tally(4, 0)}
    shares = [line.split()[-3] for line in mutants.report(tallies).splitlines()]
    assert shares == ["75.0", "100.0", "87.5"]
