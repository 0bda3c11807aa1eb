"""What a lesson computes its numbers from."""

from typing import Any, Protocol

import losses


class LessonContext(Protocol):
    """The part of an ``Experiment`` that lessons use.

    It must be hashable, because the numbers are cached for each context.
    """

    def __hash__(self) -> int: ...
    @property
    def prepared(self) -> Any:
        """The problem with its surface and certificate, a ``PreparedProblem``."""
        ...

    @property
    def run(self) -> losses.Descent: ...

    @property
    def comparison(self) -> Any:
        """The ``ComparedRun`` on a second problem, or None."""
        ...

    @property
    def competitors(self) -> Any:
        """A ``ComparedRun`` for each entry of the race and for the ghost."""
        ...
