"""``cached_property``: computed once, and never waiting for another object."""

import ast
import threading
from dataclasses import dataclass
from pathlib import Path

from losses.core.lazy import cached_property

ROOT = Path(__file__).parents[3]
SECONDS = 20


@dataclass(frozen=True)
class Doubled:
    """Twice a number, which waits for ``gates[number]`` if there is one."""

    number: int

    @cached_property
    def value(self):
        """Twice the number."""
        started[self.number].set()
        assert gates[self.number].wait(SECONDS)
        return object(), 2 * self.number


gates = {number: threading.Event() for number in (1, 2, 3)}
started = {number: threading.Event() for number in (1, 2, 3)}


def test_two_threads_compute_the_same_attribute_of_two_objects_at_once():
    long = threading.Thread(target=lambda: Doubled(1).value, daemon=True)
    long.start()
    assert started[1].wait(SECONDS)
    gates[2].set()
    short = threading.Thread(target=lambda: Doubled(2).value, daemon=True)
    short.start()
    short.join(SECONDS)
    assert not short.is_alive(), "it waits for the computation of the other object"
    assert long.is_alive()
    gates[1].set()
    long.join(SECONDS)
    assert not long.is_alive()


def test_an_attribute_is_computed_once_and_has_a_description():
    gates[3].set()
    doubled = Doubled(3)
    assert doubled.value is doubled.value
    assert doubled.value[1] == 6
    assert Doubled.value.__doc__ == "Twice the number."


def test_nothing_uses_the_property_of_functools_that_locks_its_class():
    for path in (*(ROOT / "app").rglob("*.py"), *(ROOT / "losses").rglob("*.py")):
        tree = ast.walk(ast.parse(path.read_text()))
        names = {
            alias.name
            for node in tree
            if isinstance(node, ast.ImportFrom) and node.module == "functools"
            for alias in node.names
        }
        assert "cached_property" not in names, path
