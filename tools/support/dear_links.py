"""Every kind of answer that the catalogues allow, at its largest; for the tests of its price."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product

import losses
from app.common import limits
from app.experiment.basin_tiles import extended_steps
from app.experiment.price import Order
from app.figures.plot_base import View
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.problem_setup.build import supports_basins
from app.problem_setup.custom_dataset import MAX_CLASSES, MAX_INPUTS, parse_dataset
from app.problem_setup.price import affordable_competitors, offered_optimizers

LONG_FORMULA = (
    "log(cosh(r))+0.1*sqrt(1+r**2)+0.2*abs(r)**1.5+sin(r)**2*0.1+tanh(r)**2*where(r>1,2*r,abs(r)+1)"
    "+softplus(r)*0.3"
)
FORMULAS = ("r**2", "exp(r)+exp(-r)", LONG_FORMULA)
"""Own losses: a cheap one, one that leaves float64 and a long one."""
TASKS = ("regression", "binary", "multiclass")


@lru_cache
def own_points(task: str, inputs: int) -> str:
    """Return own data with as many rows and classes as the page takes, in the syntax of links."""
    r, rows = random.Random(1), []
    for _ in range(limits.MAX_DATA_ROWS):
        x = [r.gauss(0.0, 1.0) for _ in range(inputs)]
        score = x[0] + r.gauss(0.0, 0.3)
        targets = {
            "regression": f"{score:.3f}",
            "binary": str(int(score > 0.0)),
            "multiclass": str(min(MAX_CLASSES - 1, max(0, int(3.0 * score + 5.0)))),
        }
        rows.append(",".join([*(f"{value:.3f}" for value in x), targets[task]]))
    names = ",".join([*(f"x{k}" for k in range(inputs)), "y"])
    return "_".join([task, names, *rows])


def datasets() -> Iterator[tuple[str, str, losses.Dataset]]:
    """Yield the begin of a link, own points and the data: every dataset at its largest, and own data."""
    for key, data in losses.DATASETS.items():
        sizes = {setting.name: setting.high for setting in data.settings if setting.whole}
        yield f"?data={key}{_query(sizes)}", "", data.sample(seed=0, **sizes) if data.generator else data
    for task, inputs in product(TASKS, (1, MAX_INPUTS)):
        points = own_points(task, inputs)
        yield "?data=own&points=browser", points, parse_dataset(points)


def problems() -> Iterator[tuple[str, str, losses.Problem]]:
    """Yield a link, own points and the problem: every combination of data, model and loss."""
    for key, function in losses.TEST_FUNCTIONS.items():
        yield f"?data={key}", "", function
    own_losses = [(f"own&formula={text.replace('+', '%2B')}", losses.own_loss(text)) for text in FORMULAS]
    for (link, points, data), (key, model) in product(datasets(), losses.MODELS.items()):
        if losses.why_not_model(data, model):
            continue
        sizes = {
            setting.name: setting.high for setting in model.settings if setting.whole and setting.high > 1
        }
        largest = model.with_settings(**sizes)
        for name, loss in [*losses.LOSSES.items(), *own_losses]:
            if not losses.why_not_loss(data, largest, loss):
                problem = losses.problem(data, largest, loss, standardize=data.standardize)
                yield f"{link}&model={key}{_query(sizes)}&loss={name}", points, problem


def _query(settings: dict[str, float]) -> str:
    return "".join(f"&{name}={value:g}" for name, value in settings.items())


def orders(problem: losses.Problem) -> Iterator[tuple[str, Order]]:
    """Yield the end of a link and what it orders: every optimizer, alone and in a race, and every view.

    Where basins can be drawn, they are.
    """
    keys = list(offered_optimizers(problem))
    for i, key in enumerate(keys):
        others = tuple([*keys[i + 1 :], *keys[:i]][: limits.MAX_RACE_ENTRIES])
        race = affordable_competitors(problem, key, others, True)
        order = _with_basins(Order(problem, key, limits.MAX_STEPS, race, has_ghost=True).within_budget)
        if race:
            yield f"&opt={key}&steps={order.steps}&race={','.join(race)}{_basins(order)}", order
        alone = _with_basins(Order(problem, key, limits.MAX_STEPS, has_ghost=True).within_budget)
        yield f"&opt={key}&steps={alone.steps}{_basins(alone)}", alone
        for view, entry in DETAIL_VIEWS.items():
            if entry.price is not View.price and entry.applies_to(problem):
                yield f"&opt={key}&steps={alone.steps}&view={view}{_basins(alone)}", replace(alone, view=view)


def _with_basins(order: Order) -> Order:
    steps = extended_steps(order.problem, order.optimizer, order.steps)
    return replace(order, basin_steps=steps if supports_basins(order.problem) else 0)


def _basins(order: Order) -> str:
    return "&basins=1" if order.basin_steps else ""
