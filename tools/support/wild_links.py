"""Links that the page accepts: well-formed formulas, edits, data and settings, many at their limits."""

import random
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import losses
from app.common import limits
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.problem_setup.view_planes import PLANES
from app.url_state.resolver import FieldResolver
from losses.data.dataset import MAX_MAGNITUDE
from losses.expression.operations import FUNCTIONS

NUMBERS = ("0", "1", "2", "0.5", "(-1)", "1e-300", "1e300", "1e-9", "1e9", "1e-60", "700", "pi", "3e4")
EXPONENTS = ("2", "3", "8", "-8", "-1", "0.5", "1.5", "1/3")
REGISTRIES: tuple[Mapping[str, Any], ...] = (losses.LOSSES, losses.MODELS, losses.OPTIMIZERS)
"""The catalogues whose entries have settings."""
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
SIZES = (0.0, 1.0, 0.1, 7.5, 1e-9, 1e9, 1e-100, 1e100, 1e-30, 3e38, 1e-5, 1e5)
PAGES = (
    "/",
    "/",
    "/",
    "/fan",
    "/glimpse",
    "/place",
    "/arrivals",
    "/bend",
    "/export/run.py",
    "/export/path.csv",
    "/export/landscape.html",
)
"""The routes that are asked for a link, the page most often."""


def formula(r: random.Random, depth: int = 3) -> str:
    """Return a formula in r, p and y that the parser accepts unless it is too long."""
    kind = r.randrange(8) if depth else 0
    parts = [formula(r, depth - 1) for _ in range(4)] if kind > 1 else []
    if kind <= 1:
        return r.choice(("r", "r", "p", "y", *NUMBERS))
    if kind == 2:
        return f"({parts[0]}){r.choice('+-*/')}({parts[1]})"
    if kind == 3:
        return f"({parts[0]})**{r.choice(EXPONENTS)}"
    if kind == 4:
        return f"{r.choice(('max', 'min'))}({parts[0]},{parts[1]})"
    if kind == 5:
        return f"where({parts[0]}{r.choice(COMPARISONS)}{parts[1]},{parts[2]},{parts[3]})"
    name = r.choice([key for key, operation in FUNCTIONS.items() if operation.arity == 1])
    return f"{name}({parts[0]})"


def size(r: random.Random, largest: float = MAX_MAGNITUDE) -> float:
    """Return a number of any size, often a round one, or the largest."""
    value = r.choice((r.choice(SIZES), 10.0 ** r.uniform(-12, 12), 10.0 ** r.uniform(-100, 100), largest))
    return r.choice((-1.0, 1.0)) * min(value, largest)


def setting_value(r: random.Random, setting: losses.Setting) -> str:
    """Return a value of a setting: an end of its range, a subnormal or any other."""
    low, high = setting.low, setting.high
    above_low = low + 10.0 ** r.uniform(-9, 0)
    value = r.choice((low, high, setting.default, 1e-320, r.uniform(low, high), above_low))
    value = min(max(round(value) if setting.whole else value, low), high)
    return f"{value:.6g}"


def points(r: random.Random) -> str:
    """Return own data in the syntax of links."""
    task, count = r.choice(("regression", "regression", "binary", "multiclass")), r.randrange(4, 9)
    inputs, target_size = r.randrange(1, 3), abs(size(r)) or 1.0
    unit, shift = max(abs(size(r, 1e98)), 1e-98), r.choice((0.0, 0.0, 1.0, 1e3, 1e5))
    rows = []
    for i in range(count):
        x = [unit * min(shift + i * (k + 1) % 5 + r.random(), 90.0 + shift) for k in range(inputs)]
        x = [min(value, MAX_MAGNITUDE * r.uniform(0.1, 1.0)) for value in x]
        target = (
            f"{target_size * r.uniform(-1.0, 1.0):.6g}"
            if task == "regression"
            else str(i % (2 if task == "binary" else 3))
        )
        rows.append(",".join([*(f"{value:.9g}" for value in x), target]))
    names = ",".join([*(f"x{k}" for k in range(inputs)), "y"])
    return "_".join([task, names, *rows])


def own_formula(r: random.Random) -> str:
    """Return a formula that is a loss."""
    for _ in range(40):
        text = formula(r)
        try:
            losses.own_loss(text)
        except losses.FormulaError:
            continue
        return text
    return "r**2"


def problem_parameters(r: random.Random) -> dict[str, str]:
    """Return data, model and loss of a link."""
    data = r.choice((*losses.DATASETS, *losses.TEST_FUNCTIONS, *["own"] * 12))
    if data in losses.TEST_FUNCTIONS:
        return {"data": data}
    chosen = {"data": data} | ({"points": points(r)} if data == "own" else {})
    if data != "own":
        chosen["model"] = r.choice(losses.allowed_models(data))
    if r.random() < 0.6:
        return chosen | {"loss": "own", "formula": own_formula(r)}
    return chosen | {"loss": r.choice(list(losses.LOSSES))}


def optional_parameters(r: random.Random) -> dict[str, str]:
    """Return values for the other parameters of a link, in random order."""
    optional = {
        "opt": r.choice(list(losses.OPTIMIZERS)),
        "schedule": r.choice(list(losses.SCHEDULES)),
        "standardize": r.choice("01"),
        "steps": str(r.choice((1, 5, 12, 40))),
        "k": str(r.choice((0, 1))),
        "rate": f"{10.0 ** r.choice((r.uniform(-12, 12), r.uniform(-300, 300))):.3g}",
        "start": ",".join(f"{size(r, r.choice((1e9, limits.MAX_START))):.4g}" for _ in range(2)),
        "edit": f"{r.randrange(3)}:{r.choice((size(r), 0.0, 1.0)):.4g}",
        "vs": r.choice(list(losses.LOSSES)),
        "race": ",".join(r.sample(list(losses.OPTIMIZERS), 2)),
        "basins": "1",
        "ghost": f"{10.0 ** r.uniform(-9, 9):.3g},{size(r):.3g},{size(r):.3g}",
        "view": r.choice(list(DETAIL_VIEWS)),
        "plane": r.choice(list(PLANES)),
        "fog": "1",
    }
    records = [entry for registry in REGISTRIES for entry in registry.values()]
    settings = [*losses.PENALTIES, *(setting for entry in records for setting in entry.settings)]
    optional |= {setting.name: setting_value(r, setting) for setting in settings}
    return dict(r.sample(list(optional.items()), len(optional)))


def link(r: random.Random) -> str:
    """Return the query of a link that the page takes, about half of them without a notice."""
    chosen, wanted = problem_parameters(r), r.randrange(8)
    for key, value in optional_parameters(r).items():
        if len(chosen) > wanted + 2:
            break
        if r.random() < 0.1 or is_accepted(chosen | {key: value}, key):
            chosen[key] = value
    return query(chosen | ({"steps": "2"} if chosen["data"] == "digits" else {}))


def query(parameters: Mapping[str, str]) -> str:
    """Return the query of a link."""
    return "?" + "&".join(f"{key}={quote(value, safe=',:*')}" for key, value in parameters.items())


def is_accepted(parameters: Mapping[str, str], key: str) -> bool:
    """Whether the page takes a parameter of a link as it is; only what it depends on is computed."""
    resolver = FieldResolver(parameters)
    _ = resolver[key]
    return key not in resolver.errors
