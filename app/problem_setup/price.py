"""The price of an answer, in multiplications and in bytes, estimated before anything is computed.

An answer consists of fixed parts (surface, certificate, the run that places a slice) and of runs. Each part
has its own share of the budget in ``limits`` and is made smaller until it fits: the grid coarser, the runs
shorter, the sweeps of a race with fewer rates. What does not fit even then is not offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

import losses
from losses.certificate.certificate import MAX_PARAMETERS
from losses.certificate.local_minimum import MAX_MULTISTART_PARAMETERS
from losses.certificate.newton import grid_size as window_grid_size
from losses.core.cost import EvaluationCost
from losses.core.messages import Message, format_number, message
from losses.descent.stationary import may_search, search_operations
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER
from losses.problem.cost import NODE, evaluation_cost, hidden_count, loss_operations, score_count
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid
from losses.surface.surface import MAX_SCORES_IN_MEMORY

from ..common import limits
from ..common.cache import cached
from .default_steps import default_steps

NUMBER_BYTES: Final = 8.0
GRID_SIZES: Final = (limits.GRID_SIZE, 81, 61, limits.COARSE_GRID_SIZE, 41, 31, 21, 15, 11)
"""Grid points along a side of a surface, of which the first that is within its budget is taken."""
REFERENCE_STEPS: Final = 60
"""Steps of the run that places a slice, if they are within their budget."""
MIN_REFERENCE_STEPS: Final = 5
LENGTHS_TRIED_EARLY: Final = 6
KERNEL_POINT: Final = 600.0
KERNEL_SCORE: Final = 5.0
"""Multiplications of a kernel for a grid point and for a score at it, see ``losses.surface.kernels``."""
KERNEL_UNIT: Final = 3.5
"""Multiplications of the kernel of a network for a hidden neuron and an example at a grid point."""
CERTIFICATE_STEPS: Final = 100
"""Newton steps, or steps of the interior-point method, of a certificate."""
CERTIFICATE_STARTS: Final = 6
"""Starts that a certificate of a problem with several minima follows for long."""
CERTIFICATE_CAP: Final = 2e8
"""The most multiplications of parts that are bounded in ``losses.certificate``."""
STEP_DRAWN: Final = 60_000.0
STEP_SCORE: Final = 30.0
"""Multiplications of drawing and describing a step of a run, and of a score at it."""
SWEEPS: Final = ((40, 3), (40, 1), (20, 1), (8, 1), (4, 1))
"""Numbers of rates and of starts of the sweeps that find an optimizer's best rate."""
MIN_RACE_STEPS: Final = 5
"""Steps of a race that must be affordable for a competitor to be offered."""
LARGEST_TILE: Final = 2.0
"""How many times ``limits.MAX_TILE_OPERATIONS`` a basin tile may cost, if it is the only one."""
HEAVY_SWEEP: Final = (8, 1)
"""The largest sweep of a heavy problem (``limits.HEAVY_SCORE_COUNT``)."""


@dataclass(frozen=True)
class Price:
    """Multiplications, of which a core does 10⁹ a second or more, and bytes that are held at once."""

    operations: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: "Price") -> "Price":
        return Price(self.operations + other.operations, self.bytes + other.bytes)

    def __mul__(self, count: float) -> "Price":
        return Price(count * self.operations, count * self.bytes)

    def share_of(self, budget: "Price") -> float:
        """Return by what factor it exceeds a budget, in multiplications or in bytes; at most 1 if it fits."""
        return max(self.operations / budget.operations, self.bytes / budget.bytes)

    def fits(self, budget: "Price") -> bool:
        """Whether it is within a budget."""
        return self.share_of(budget) <= 1.0


ANSWER: Final = Price(limits.MAX_ANSWER_OPERATIONS, limits.MAX_ANSWER_BYTES)
"""The budget of a whole answer."""
RUNS: Final = Price(limits.MAX_RUN_OPERATIONS, limits.MAX_RUN_BYTES)
"""The budget of the runs of an answer."""
SWEEPS_OF_RACE: Final = Price(limits.MAX_SWEEP_OPERATIONS, limits.MAX_RUN_BYTES)
"""The budget of all sweeps of a race."""
SURFACE: Final = Price(limits.MAX_SURFACE_OPERATIONS, limits.MAX_RUN_BYTES)
REFERENCE: Final = Price(limits.MAX_REFERENCE_OPERATIONS, limits.MAX_RUN_BYTES)
PATH: Final = Price(limits.MAX_PATH_OPERATIONS, limits.MAX_RUN_BYTES)
PATH_OF_SLICE: Final = Price(limits.MAX_PATH_OPERATIONS_OF_SLICE, limits.MAX_RUN_BYTES)
VIEW: Final = Price(limits.MAX_VIEW_OPERATIONS, limits.MAX_RUN_BYTES)
"""The budget of the runs that a view of the detail card makes."""
PREVIEWS: Final = Price(limits.MAX_PREVIEW_OPERATIONS, limits.MAX_RUN_BYTES)
"""The budget of the runs of a rate preview."""
STEP: Final = Price(limits.MAX_STEP_OPERATIONS, limits.MAX_RUN_BYTES)
"""The budget of one step of a run; an optimizer with a dearer one is not offered."""


@cached(1_000_000)
def cost_of(problem: losses.Problem) -> EvaluationCost:
    """Return what an evaluation of a problem costs."""
    return evaluation_cost(problem)


def batch_price(problem: losses.Problem, optimizer: str, runs: int, steps: int) -> Price:
    """Return the price of a batch of runs, of which every iterate is kept and the outcome is found."""
    cost, rule = cost_of(problem), losses.OPTIMIZERS[optimizer]
    calls = (4.0 if rule.uses_hessian else 1.0) * cost.call * (steps + 10)
    each = steps * rule.step_cost(cost) + (steps + 10) * cost.value + outcome_operations(problem)
    kept = (steps + 1) * NUMBER_BYTES * (4.0 * problem.dim + 2.0)
    return Price(calls + runs * each, runs * (kept + _scratch(problem, optimizer)))


def outcome_operations(problem: losses.Problem) -> float:
    """Return the multiplications of finding out whether a run ends on a plateau or near a minimum."""
    cost = cost_of(problem)
    return search_operations(cost) if not problem.convex and may_search(cost) else 0.0


def _scratch(problem: losses.Problem, optimizer: str) -> float:
    """Return the bytes that a step of a run takes only while it is made."""
    cost = cost_of(problem)
    return cost.hessian_bytes if losses.OPTIMIZERS[optimizer].uses_hessian else cost.bytes


def step_price(problem: losses.Problem, optimizer: str) -> Price:
    """Return the price of one step of one run."""
    return Price(losses.OPTIMIZERS[optimizer].step_cost(cost_of(problem)), _scratch(problem, optimizer))


def run_price(problem: losses.Problem, optimizer: str, steps: int) -> Price:
    """Return the price of a run that is drawn and described at each step."""
    rows = _score_total(problem)
    drawn = (steps + 1) * (STEP_DRAWN + STEP_SCORE * rows)
    shown = Price(drawn, (steps + 1) * NUMBER_BYTES * (2.0 * min(rows, 2_000) + 200.0))
    return batch_price(problem, optimizer, 1, steps) + shown


def surface_price(problem: losses.Problem, size: int, plane: losses.Plane | None = None) -> Price:
    """Return the price of a surface on ``size`` by ``size`` points of a plane, by default the problem's."""
    points = float(size * size)
    if not isinstance(problem, losses.DataProblem):
        return Price(points * cost_of(problem).value, points * NUMBER_BYTES * 8.0)
    rows, scores, units = len(problem.y), score_count(problem), hidden_count(problem)
    shown = problem.plane if plane is None else plane
    u, v = (np.linspace(low, high, 2) for low, high in shown.box)
    with np.errstate(all="ignore"):
        has_kernel = find_kernel(Grid(problem, shown, u, v)) is not None
    of_loss = rows * scores * (loss_operations(problem)[0] + NODE)
    if has_kernel:
        each = KERNEL_UNIT * rows * units + of_loss if units else KERNEL_POINT + rows * scores * KERNEL_SCORE
    else:
        each = of_loss + rows * units * 2.0 * NODE
    held = min(points * rows * scores, MAX_SCORES_IN_MEMORY) * 5.0 * NUMBER_BYTES
    return Price(points * each, held + points * 40.0)


def grid_size(problem: losses.Problem, plane: losses.Plane | None = None) -> int:
    """Return the grid points along a side of the surface: fewer for a heavy or expensive problem."""
    is_heavy = _score_total(problem) > limits.HEAVY_SCORE_COUNT
    sizes = [size for size in GRID_SIZES if not is_heavy or size <= limits.COARSE_GRID_SIZE]
    return next((size for size in sizes if surface_price(problem, size, plane).fits(SURFACE)), sizes[-1])


def _score_total(problem: losses.Problem) -> int:
    return len(problem.y) * score_count(problem) if isinstance(problem, losses.DataProblem) else 1


def certificate_price(problem: losses.Problem) -> Price:
    """Return the price of a certificate."""
    cost = cost_of(problem)
    if problem.quadratic or not isinstance(problem, losses.DataProblem):
        return Price(20.0 * (cost.call + cost.hessian + cost.dim**3), cost.hessian_bytes)
    if problem.dim > MAX_PARAMETERS or not (problem.convex or problem.dim <= MAX_MULTISTART_PARAMETERS):
        return Price(CERTIFICATE_CAP, 2.0 * cost.bytes)
    starts = 1.0 if problem.convex else float(CERTIFICATE_STARTS)
    each = cost.call / 4.0 + starts * (cost.hessian + cost.dim**3) / 4.0
    return Price(CERTIFICATE_STEPS * each, starts * cost.hessian_bytes + 2.0 * cost.bytes)


def lowest_known_price(problem: losses.Problem) -> Price:
    """Return the price of the lowest loss on a grid, by which a run is found to diverge or to be high."""
    cost = cost_of(problem)
    return Price(window_grid_size(problem) ** 2 * cost.value, cost.bytes)


def reference_steps(problem: losses.Problem) -> int:
    """Return the steps of the run that places a slice."""
    share = _reference_price(problem, REFERENCE_STEPS).share_of(REFERENCE)
    return max(MIN_REFERENCE_STEPS, min(REFERENCE_STEPS, int(REFERENCE_STEPS / share)))


def _reference_price(problem: losses.Problem, steps: int) -> Price:
    """Return the price of a line search from the start, which does not yet try many lengths in a step."""
    cost = cost_of(problem)
    kept = (steps + 1) * NUMBER_BYTES * 4.0 * problem.dim
    of_steps = steps * (cost.gradient + LENGTHS_TRIED_EARLY * cost.value)
    return Price(of_steps + outcome_operations(problem), kept + cost.bytes)


def path_steps(problem: losses.Problem, optimizer: str, steps: int) -> int:
    """Return the steps of the run that a window shows: at most ``steps``."""
    budget = PATH_OF_SLICE if problem.dim > 2 else PATH
    share = batch_price(problem, optimizer, 1, steps).share_of(budget)
    return max(1, min(steps, int(steps / share)))


def _path_price(problem: losses.Problem) -> Price:
    steps = path_steps(problem, DEFAULT_OPTIMIZER, default_steps(problem))
    return batch_price(problem, DEFAULT_OPTIMIZER, 1, steps)


@cached(1_000_000)
def fixed_price(problem: losses.Problem) -> Price:
    """Return the price of everything that does not depend on the optimizer."""
    is_slice = problem.dim > 2
    reference = _reference_price(problem, reference_steps(problem)) if is_slice else Price()
    surface = surface_price(problem, grid_size(problem))
    certificate, lowest = certificate_price(problem), lowest_known_price(problem)
    parts = surface, certificate, lowest, reference, _path_price(problem)
    # They are made one after the other, and little of them is kept.
    return Price(sum(part.operations for part in parts), max(part.bytes for part in parts))


def fits_beside(problem: losses.Problem, *others: losses.Problem, share: float, more: float = 0.0) -> bool:
    """Whether several problems are affordable in one answer, with the runs of the first two.

    ``share`` is what ``share_of_runs`` returns; ``more`` are the multiplications of what else there is.
    """
    fixed = sum(fixed_price(each).operations for each in (problem, *others))
    return fixed + share + more <= ANSWER.operations


def share_of_runs(*, has_sweeps: bool, has_basins: bool) -> float:
    """Return the most multiplications of what is not fixed, beside a second problem.

    They are the runs, a ghost and the run of the second problem, each with half the budget of runs, a view,
    the sweeps of a fair race and the first tile of a picture of basins.
    """
    sweeps = SWEEPS_OF_RACE.operations if has_sweeps else 0.0
    basins = LARGEST_TILE * limits.MAX_TILE_OPERATIONS if has_basins else 0.0
    return 1.5 * RUNS.operations + VIEW.operations + sweeps + basins


def why_not_optimizer(optimizer: losses.Optimizer, problem: losses.Problem) -> Message | str:
    """Return why an optimizer is not offered for a problem, empty if it is, as the default one always is."""
    if optimizer.key == DEFAULT_OPTIMIZER or step_price(problem, optimizer.key).fits(STEP):
        return ""
    return message(
        "A step of {optimizer} would take too long with {n} parameters.",
        optimizer=optimizer.name,
        n=format_number(problem.dim, 7),
    )


def offered_optimizers(problem: losses.Problem) -> dict[str, losses.Optimizer]:
    """Return the optimizers that are offered for a problem, by key."""
    return {key: rule for key, rule in losses.OPTIMIZERS.items() if not why_not_optimizer(rule, problem)}


def sweep_size(problem: losses.Problem, optimizer: str, steps: int, race: Sequence[str]) -> tuple[int, int]:
    """Return the numbers of rates and of starts of the sweep for one of the optimizers of a race."""
    is_heavy = _score_total(problem) > limits.HEAVY_SCORE_COUNT
    sizes = SWEEPS[SWEEPS.index(HEAVY_SWEEP) :] if is_heavy else SWEEPS
    budget = SWEEPS_OF_RACE * (1.0 / max(1, len(race)))
    return next(
        (size for size in sizes if batch_price(problem, optimizer, size[0] * size[1], steps).fits(budget)),
        sizes[-1],
    )


def affordable_runs(problem: losses.Problem, optimizer: str, steps: int, most: int) -> int:
    """Return how many runs are within the budget of the runs of an answer, from 1 to ``most``."""
    low, high = 1, most
    while low < high:
        middle = (low + high + 1) // 2
        is_affordable = batch_price(problem, optimizer, middle, steps).fits(RUNS)
        low, high = (middle, high) if is_affordable else (low, middle - 1)
    return low


def race_price(problem: losses.Problem, race: Sequence[str], steps: int, *, fair: bool) -> Price:
    """Return the price of the runs of a race, with their sweeps if it is fair.

    Runs and sweeps are made one after the other, so only one sweep is held, and the scratch of one run.
    """
    scratch = [_scratch(problem, optimizer) for optimizer in race]
    total = sum((run_price(problem, optimizer, steps) for optimizer in race), Price())
    total += Price(0.0, max(scratch) - sum(scratch))
    if not fair:
        return total
    sweeps = [_sweep_price(problem, optimizer, steps, race) for optimizer in race]
    return total + Price(sum(s.operations for s in sweeps), max((s.bytes for s in sweeps), default=0.0))


def _sweep_price(problem: losses.Problem, optimizer: str, steps: int, race: Sequence[str]) -> Price:
    rates, starts = sweep_size(problem, optimizer, steps, race)
    return batch_price(problem, optimizer, rates * starts, steps)


def view_sweep(problem: losses.Problem, optimizer: str, counts: Sequence[int], steps: int) -> tuple[int, int]:
    """Return the runs and steps of a sweep that a view makes: the first of ``counts`` within its budget.

    If even the last one is not, its runs are shorter.
    """
    for count in counts:
        if batch_price(problem, optimizer, count, steps).fits(VIEW):
            return count, steps
    share = batch_price(problem, optimizer, counts[-1], steps).share_of(VIEW)
    return counts[-1], max(1, int(steps / share))


def affordable_competitors(
    problem: losses.Problem, optimizer: str, competitors: tuple[str, ...], fair: bool
) -> tuple[str, ...]:
    """Return as many of the competitors, from the first, as can take a few steps within the budgets."""
    for count in range(len(competitors), 0, -1):
        if _is_affordable(problem, (optimizer, *competitors[:count]), MIN_RACE_STEPS, fair, 1):
            return competitors[:count]
    return ()


@cached(1_000_000)
def affordable_steps(
    problem: losses.Problem, optimizer: str, competitors: tuple[str, ...], fair: bool, runs: int
) -> int:
    """Return how many steps are within the budgets of runs and sweeps, from 1 to ``limits.MAX_STEPS``.

    ``competitors`` are the other optimizers of a race; ``runs`` is 2 if another problem is compared.
    """
    race, low, high = (optimizer, *competitors), 1, limits.MAX_STEPS
    while low < high:
        middle = (low + high + 1) // 2
        is_affordable = _is_affordable(problem, race, middle, fair, runs)
        low, high = (middle, high) if is_affordable else (low, middle - 1)
    return low


def _is_affordable(problem: losses.Problem, race: tuple[str, ...], steps: int, fair: bool, runs: int) -> bool:
    """Whether a race of so many steps is within the budgets, with the smallest sweeps if it is fair."""
    if not (race_price(problem, race, steps, fair=False) * runs).fits(RUNS):
        return False
    return len(race) == 1 or not fair or _smallest_sweeps(problem, race, steps).fits(SWEEPS_OF_RACE)


def _smallest_sweeps(problem: losses.Problem, race: Sequence[str], steps: int) -> Price:
    rates, starts = SWEEPS[-1]
    sweeps = [batch_price(problem, optimizer, rates * starts, steps) for optimizer in race]
    return Price(sum(sweep.operations for sweep in sweeps), max(sweep.bytes for sweep in sweeps))
