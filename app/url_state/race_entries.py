"""The optimizers of a race with their settings, written ``adam:beta1=0.8`` in a link."""

from typing import Final, NamedTuple

import losses
from losses.core.messages import capitalized, format_number, joined, message

from ..common import limits
from ..problem_setup.build import SettingValues, problem_for
from ..problem_setup.price import affordable_competitors, why_not_optimizer
from .value_types import FieldValues, InvalidValue, format_value, parse_rate, parse_setting

RATE_SETTING: Final = losses.Setting(
    "rate", message("learning rate"), 0.0, limits.MIN_RATE, limits.MAX_RATE, symbol=message("rate")
)
"""The learning rate of one optimizer, in a race at different rates."""


class RaceEntry(NamedTuple):
    """An optimizer's key, and the settings in which it differs from the defaults."""

    key: str
    changed_settings: SettingValues = ()

    @property
    def optimizer(self) -> losses.Optimizer:
        return losses.OPTIMIZERS[self.key]

    @property
    def settings(self) -> SettingValues:
        """The value of each of the optimizer's settings."""
        changed = dict(self.changed_settings)
        return tuple((s.name, changed.get(s.name, float(s.default))) for s in self.optimizer.settings)

    @property
    def rate(self) -> float | None:
        """Its own learning rate; None if it runs at the rate of all."""
        return dict(self.changed_settings).get("rate")

    @property
    def name(self) -> str:
        """The optimizer's name, followed by the settings that differ from the defaults."""
        symbols = {s.name: s.symbol or s.name for s in (*self.optimizer.settings, RATE_SETTING)}
        if not self.changed_settings:
            return self.optimizer.name
        changed = [
            joined(" ", (symbols[name], format_number(value))) for name, value in self.changed_settings
        ]
        return joined("", (self.optimizer.name, " (", joined(", ", changed), ")"))


def race_entry(key: str, values: dict[str, float]) -> RaceEntry:
    """Return the entry of an optimizer with these values of settings, without those equal to the defaults."""
    changed = [
        (setting.name, values[setting.name])
        for setting in losses.OPTIMIZERS[key].settings
        if values.get(setting.name, setting.default) != setting.default
    ]
    rate = [("rate", values["rate"])] if "rate" in values else []
    return RaceEntry(key, (*changed, *rate))


def format_race(race: tuple[RaceEntry, ...]) -> str:
    """Write a race as ``parse_race`` reads it."""
    return ",".join(map(format_race_entry, race))


def format_race_entry(entry: RaceEntry) -> str:
    """Write an entry: the key, then settings, separated by colons."""
    return ":".join([entry.key, *(f"{name}={format_value(value)}" for name, value in entry.changed_settings)])


def parse_race(text: str, values: FieldValues) -> tuple[RaceEntry, ...]:
    """Parse the entries of a race, separated by commas, at most ``limits.MAX_RACE_ENTRIES``.

    Raises InvalidValue, whose ``nearest`` are the entries and settings that are valid.
    """
    entries: dict[str, RaceEntry] = {}
    errors: list[str] = []
    for part in filter(None, text.split(",")):
        key, *pairs = part.split(":")
        if key not in losses.OPTIMIZERS:
            raise InvalidValue(message("Racers are {keys}.", keys=", ".join(losses.OPTIMIZERS)))
        if reason := why_not_optimizer(losses.OPTIMIZERS[key], problem_for(values)):
            errors.append(reason)
        elif key in entries or key == values["opt"]:
            errors.append(
                message(
                    "{optimizer} is already in the race.", optimizer=capitalized(losses.OPTIMIZERS[key].name)
                )
            )
        else:
            entries[key] = _parse_race_entry(key, pairs, values, errors)
    race = tuple(entries.values())
    if len(race) > limits.MAX_RACE_ENTRIES:
        raise InvalidValue(
            message("At most {most} race against it.", most=limits.MAX_RACE_ENTRIES),
            race[: limits.MAX_RACE_ENTRIES],
        )
    keys = tuple(entry.key for entry in race)
    affordable = affordable_competitors(problem_for(values), values["opt"], keys, values["fair"])
    if len(affordable) < len(race):
        race = race[: len(affordable)]
        errors.append(message("So many rivals would take too long here."))
    if errors:
        raise InvalidValue(errors[0], race)
    return race


def _parse_race_entry(key: str, pairs: list[str], values: FieldValues, errors: list[str]) -> RaceEntry:
    """Parse one entry as far as it is valid; append to ``errors`` a sentence for each part that is not."""
    optimizer, parsed = losses.OPTIMIZERS[key], dict[str, float]()
    known = {s.name: s for s in (*optimizer.settings, RATE_SETTING)}
    for name, _, text in (pair.partition("=") for pair in pairs):
        if name not in known:
            arguments = {
                "optimizer": capitalized(optimizer.name),
                "names": ", ".join(known),
                "name": name[:20],
            }
            errors.append(message("{optimizer} takes {names}; not {name}.", **arguments))
        elif name == "rate" and values["fair"]:
            errors.append(message("In a fair race each runs at the best rate found for it."))
        else:
            try:
                parsed[name] = (
                    parse_rate(text, values) if name == "rate" else parse_setting(known[name], text)
                )
            except InvalidValue as rejected:
                owner = message("{setting} of {optimizer}", setting=name, optimizer=optimizer.name)
                errors.append(joined(": ", (owner, rejected.reason)))
                parsed |= {} if rejected.nearest is None else {name: rejected.nearest}
    return race_entry(key, parsed)
