"""Who races: an optimizer with what it has of its own, ``adam:beta1=0.8`` in a link."""

from typing import Final, NamedTuple

import losses
from losses.core.messages import capital, listed, num, say

from ..common import limits
from ..problem_setup.build import Given
from .value_types import Rejected, Values, read_rate, real_of, spell

RATE: Final = losses.Setting("rate", say("learning rate"), 0.0, 1e-30, 1e30, symbol=say("rate"))
"""In a race at rates of their own."""


class Racer(NamedTuple):
    """An optimizer's key, and the settings in which it differs from the usual ones."""

    key: str
    given: Given = ()

    @property
    def optimizer(self) -> losses.Optimizer:
        return losses.OPTIMIZERS[self.key]

    @property
    def settings(self) -> Given:
        """The value of each of the optimizer's settings."""
        own = dict(self.given)
        return tuple((s.name, own.get(s.name, float(s.default))) for s in self.optimizer.settings)

    @property
    def rate(self) -> float | None:
        """A rate of its own."""
        return dict(self.given).get("rate")

    @property
    def name(self) -> str:
        """The optimizer's name, with all that is not as usual."""
        symbols = {s.name: s.symbol or s.name for s in (*self.optimizer.settings, RATE)}
        own = [listed(" ", (symbols[name], num(value))) for name, value in self.given]
        return listed("", (self.optimizer.name, " (", listed(", ", own), ")")) if own else self.optimizer.name


def unusual(key: str, given: dict[str, float]) -> Racer:
    """A racer that has these values; those that are as usual are not told."""
    own = [(s.name, given[s.name]) for s in losses.OPTIMIZERS[key].settings if s.name in given]
    usual = {s.name: s.default for s in losses.OPTIMIZERS[key].settings}
    rate = [("rate", given["rate"])] if "rate" in given else []
    return Racer(key, (*((name, value) for name, value in own if value != usual[name]), *rate))


def write_race(race: tuple[Racer, ...]) -> str:
    return ",".join(map(write_racer, race))


def write_racer(racer: Racer) -> str:
    return ":".join([racer.key, *(f"{name}={spell(value)}" for name, value in racer.given)])


def read_race(text: str, values: Values) -> tuple[Racer, ...]:
    """Other optimizers, at most ``limits.RIVALS``, with commas between them; a mistake leaves the rest as it is."""
    racers: dict[str, Racer] = {}
    wrong: list[str] = []
    for part in filter(None, text.split(",")):
        key, *pairs = part.split(":")
        if key not in losses.OPTIMIZERS:
            raise Rejected(say("Racers are {keys}.", keys=", ".join(losses.OPTIMIZERS)))
        if key in racers or key == values["opt"]:
            wrong.append(say("{optimizer} runs already.", optimizer=capital(losses.OPTIMIZERS[key].name)))
        else:
            racers[key] = _read_racer(key, pairs, values, wrong)
    others = tuple(racers.values())
    if len(others) > limits.RIVALS:
        raise Rejected(say("At most {most} race against it.", most=limits.RIVALS), others[: limits.RIVALS])
    if wrong:
        raise Rejected(wrong[0], others)
    return others


def _read_racer(key: str, pairs: list[str], values: Values, wrong: list[str]) -> Racer:
    """A racer as far as it can be read; what is wrong with the rest joins the list."""
    optimizer, given = losses.OPTIMIZERS[key], dict[str, float]()
    known = {s.name: s for s in (*optimizer.settings, RATE)}
    for name, _, text in (pair.partition("=") for pair in pairs):
        if name not in known:
            taken = {"optimizer": capital(optimizer.name), "names": ", ".join(known), "name": name[:20]}
            wrong.append(say("{optimizer} takes {names}; not {name}.", **taken))
        elif name == "rate" and values["fair"]:
            wrong.append(say("In a fair race everyone has the best rate of a sweep."))
        else:
            try:
                given[name] = read_rate(text, values) if name == "rate" else real_of(known[name], text)
            except Rejected as rejected:
                owner = say("{setting} of {optimizer}", setting=name, optimizer=optimizer.name)
                wrong.append(listed(": ", (owner, rejected.reason)))
                given |= {} if rejected.nearest is None else {name: rejected.nearest}
    return unusual(key, given)
