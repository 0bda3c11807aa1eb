"""Who races: an optimizer with what it has of its own, ``adam:beta1=0.8`` in a link."""

from typing import Final, NamedTuple

import losses
from losses.core.messages import capitalized, format_number, joined, message

from ..common import limits
from ..problem_setup.build import SettingValues
from .value_types import FieldValues, InvalidValue, format_value, parse_rate, parse_setting

RATE_SETTING: Final = losses.Setting(
    "rate", message("learning rate"), 0.0, 1e-30, 1e30, symbol=message("rate")
)
"""In a race at rates of their own."""


class RaceEntry(NamedTuple):
    """An optimizer's key, and the settings in which it differs from the usual ones."""

    key: str
    changed_settings: SettingValues = ()

    @property
    def optimizer(self) -> losses.Optimizer:
        return losses.OPTIMIZERS[self.key]

    @property
    def settings(self) -> SettingValues:
        """The value of each of the optimizer's settings."""
        own = dict(self.changed_settings)
        return tuple((s.name, own.get(s.name, float(s.default))) for s in self.optimizer.settings)

    @property
    def rate(self) -> float | None:
        """A rate of its own."""
        return dict(self.changed_settings).get("rate")

    @property
    def name(self) -> str:
        """The optimizer's name, with all that is not as usual."""
        symbols = {s.name: s.symbol or s.name for s in (*self.optimizer.settings, RATE_SETTING)}
        own = [joined(" ", (symbols[name], format_number(value))) for name, value in self.changed_settings]
        return joined("", (self.optimizer.name, " (", joined(", ", own), ")")) if own else self.optimizer.name


def race_entry(key: str, values: dict[str, float]) -> RaceEntry:
    """A racer that has these values; those that are as usual are not told."""
    own = [(s.name, values[s.name]) for s in losses.OPTIMIZERS[key].settings if s.name in values]
    usual = {s.name: s.default for s in losses.OPTIMIZERS[key].settings}
    rate = [("rate", values["rate"])] if "rate" in values else []
    return RaceEntry(key, (*((name, value) for name, value in own if value != usual[name]), *rate))


def format_race(race: tuple[RaceEntry, ...]) -> str:
    return ",".join(map(format_race_entry, race))


def format_race_entry(entry: RaceEntry) -> str:
    return ":".join([entry.key, *(f"{name}={format_value(value)}" for name, value in entry.changed_settings)])


def parse_race(text: str, values: FieldValues) -> tuple[RaceEntry, ...]:
    """Other optimizers, at most ``limits.MAX_RACE_ENTRIES``, with commas between them; a mistake leaves the rest as it is."""
    racers: dict[str, RaceEntry] = {}
    wrong: list[str] = []
    for part in filter(None, text.split(",")):
        key, *pairs = part.split(":")
        if key not in losses.OPTIMIZERS:
            raise InvalidValue(message("Racers are {keys}.", keys=", ".join(losses.OPTIMIZERS)))
        if key in racers or key == values["opt"]:
            wrong.append(
                message("{optimizer} runs already.", optimizer=capitalized(losses.OPTIMIZERS[key].name))
            )
        else:
            racers[key] = _parse_race_entry(key, pairs, values, wrong)
    others = tuple(racers.values())
    if len(others) > limits.MAX_RACE_ENTRIES:
        raise InvalidValue(
            message("At most {most} race against it.", most=limits.MAX_RACE_ENTRIES),
            others[: limits.MAX_RACE_ENTRIES],
        )
    if wrong:
        raise InvalidValue(wrong[0], others)
    return others


def _parse_race_entry(key: str, pairs: list[str], values: FieldValues, errors: list[str]) -> RaceEntry:
    """A racer as far as it can be read; what is wrong with the rest joins the list."""
    optimizer, given = losses.OPTIMIZERS[key], dict[str, float]()
    known = {s.name: s for s in (*optimizer.settings, RATE_SETTING)}
    for name, _, text in (pair.partition("=") for pair in pairs):
        if name not in known:
            taken = {"optimizer": capitalized(optimizer.name), "names": ", ".join(known), "name": name[:20]}
            errors.append(message("{optimizer} takes {names}; not {name}.", **taken))
        elif name == "rate" and values["fair"]:
            errors.append(message("In a fair race everyone has the best rate of a sweep."))
        else:
            try:
                given[name] = parse_rate(text, values) if name == "rate" else parse_setting(known[name], text)
            except InvalidValue as rejected:
                owner = message("{setting} of {optimizer}", setting=name, optimizer=optimizer.name)
                errors.append(joined(": ", (owner, rejected.reason)))
                given |= {} if rejected.nearest is None else {name: rejected.nearest}
    return race_entry(key, given)
