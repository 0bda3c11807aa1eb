"""The price of an answer, from its parts; nothing is computed for it."""

from dataclasses import dataclass, replace

import losses

from ..figures.views.detail_card_views import DETAIL_VIEWS
from ..problem_setup.price import (
    Price,
    affordable_runs,
    affordable_steps,
    batch_price,
    fixed_price,
    grid_size,
    race_price,
    run_price,
    surface_price,
)
from ..url_state.compared_state import comparison_state
from ..url_state.state import State, parse
from .basin_tiles import first_tile_price, is_wanted, max_steps


@dataclass(frozen=True)
class Order:
    """What an answer shows: a problem, the runs on it and the view of the detail card."""

    problem: losses.Problem
    optimizer: str
    steps: int
    competitors: tuple[str, ...] = ()
    fair: bool = True
    has_ghost: bool = False
    view: str = ""
    compared: "Order | None" = None
    """The problem beside it, with its run."""
    basin_steps: int = 0
    """The steps of the runs of a picture of basins; 0 if there is none."""

    @property
    def within_budget(self) -> "Order":
        """The same with as many of its steps as are affordable."""
        count = 2 if self.compared else 1
        most = affordable_steps(self.problem, self.optimizer, self.competitors, self.fair, count)
        return replace(self, steps=min(self.steps, most))

    @property
    def price(self) -> Price:
        """The price of the page. Figures and texts are in that of the run; exports cost no more."""
        race = (self.optimizer, *self.competitors)
        runs = race_price(self.problem, race, self.steps, fair=bool(self.competitors) and self.fair)
        ghost = run_price(self.problem, self.optimizer, self.steps) if self.has_ghost else Price()
        view = (
            DETAIL_VIEWS[self.view].price(self.problem, self.optimizer, self.steps) if self.view else Price()
        )
        return self._fixed + runs + ghost + view + self._other_run + self._first_tile

    @property
    def _first_tile(self) -> Price:
        steps = self.basin_steps
        return first_tile_price(self.problem, self.optimizer, steps) if steps else Price()

    @property
    def _fixed(self) -> Price:
        """What does not depend on the optimizer; of two problems it is made one after the other."""
        own = fixed_price(self.problem)
        other = fixed_price(self.compared.problem) if self.compared else Price()
        return Price(own.operations + other.operations, max(own.bytes, other.bytes))

    @property
    def _other_run(self) -> Price:
        other = self.compared
        return run_price(other.problem, other.optimizer, other.steps) if other else Price()


def scene_price(state: State) -> Price:
    """Return the price of the page of a state, with its comparison and the numbers of its lesson."""
    other = comparison_state(state)
    order = Order(
        state.problem,
        state.optimizer,
        state.steps,
        competitors=_competitors(state),
        fair=state.fair,
        has_ghost=bool(state.ghost),
        view=state.active_detail,
        compared=Order(other.problem, other.optimizer, other.steps) if other else None,
        basin_steps=max_steps(state) if is_wanted(state) else 0,
    )
    return order.price + lesson_price(state)


def lesson_price(state: State) -> Price:
    """Return the price of the numbers of a lesson's own link that the page of a state does not have."""
    if not state.lesson:
        return Price()
    own = parse(f"?s={state.lesson}")[0]
    if _run_of(own) == _run_of(state):
        return Price()
    race = own.optimizer, *_competitors(own)
    runs = race_price(own.problem, race, own.steps, fair=len(race) > 1 and own.fair)
    return runs if own.problem == state.problem else fixed_price(own.problem) + runs


def _run_of(state: State) -> tuple[object, ...]:
    """Return the problem of a state and all on which its runs depend."""
    own = state.start, state.rate, state.optimizer, tuple(state.run_arguments.items())
    return state.problem, *own, state.race, state.fair


def _competitors(state: State) -> tuple[str, ...]:
    return tuple(entry.key for entry in state.race)


def affordable_cloud(state: State, most: int) -> int:
    """Return how many runs of a state, each with its own start and rate, one answer holds: 1 to ``most``."""
    return affordable_runs(state.problem, state.optimizer, state.steps, most)


def cloud_answer_price(problem: losses.Problem, optimizer: str, runs: int, steps: int) -> Price:
    """Return the price of an answer with so many runs of a problem."""
    return fixed_price(problem) + batch_price(problem, optimizer, runs, steps)


def question_price(state: State) -> Price:
    """Return the price of what a class is asked about a state and told of it.

    Of a lesson that is the page of its own link, as its texts may name any number there, and the map of the
    state if it is another one.
    """
    if not state.lesson:
        return cloud_answer_price(state.problem, state.optimizer, 1, state.steps)
    own, price = parse(f"?s={state.lesson}")[0], Price()
    if state.problem != own.problem:
        price = fixed_price(state.problem)
    elif state.start != own.start:  # the map is another part of the plane
        price = surface_price(state.problem, grid_size(state.problem))
    return scene_price(own) + price
