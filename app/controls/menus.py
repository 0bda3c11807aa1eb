"""The parts of menus as data: options with formulas, number inputs, comparisons and races."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import structs

import losses
from losses.core.messages import format_number, joined, message

from ..common import limits
from ..i18n.translation import Phrase
from ..problem_setup.learning_rate import rate_range
from ..problem_setup.price import offered_optimizers
from ..protocol.controls import (
    CheckboxesSetting,
    ChoiceSetting,
    Menu,
    NumberSetting,
    Option,
    Setting,
    SettingPart,
    SwitchSetting,
)
from ..url_state.comparison_options import RAW, STANDARDIZED, comparison_options
from ..url_state.race_entries import RaceEntry, format_race, format_race_entry
from ..url_state.state import State


def menu(
    key: str,
    value: str,
    label: str,
    options: list[Option],
    settings: Iterable[Setting] = (),
    text: str | None = None,
    name: str | None = None,
) -> Menu:
    """Return a menu that is a word of a sentence: ``text``, if not given that of the chosen option."""
    if text is None:
        text = next(option.text for option in options if option.value == value)
    return Menu(
        name=name or key,
        key=key,
        value=value,
        text=text,
        label=label,
        options=options,
        settings=list(settings),
    )


def registry_options(registry: Mapping[str, Any], keys: Iterable[str]) -> list[Option]:
    """Return options for records of a registry, each with a hint and the TeX of its formula."""
    return [
        Option(
            value=key,
            text=record.name,
            hint=getattr(record, "when", "") or record.note,
            tex=record.formula if isinstance(record, losses.Loss | losses.Optimizer) else "",
        )
        for key in keys
        for record in [registry[key]]
    ]


LANDSCAPES_TITLE: Final = message("Pure landscapes")
"""The heading of the test functions."""
TASK_TITLES: Final = {
    "regression": message("Regression"),
    "binary": message("Yes or no"),
    "multiclass": message("Several classes"),
}
"""The heading of the datasets of each task."""


def grouped_by_task(subjects: Mapping[str, losses.Dataset | losses.TestFunction]) -> list[Option]:
    """Return options for datasets and test functions under the headings of their tasks."""
    options = [
        structs.replace(option, group=subject_group(subjects[option.value]))
        for option in registry_options(subjects, subjects)
    ]
    order = [str(title) for title in (*TASK_TITLES.values(), LANDSCAPES_TITLE)]
    return sorted(options, key=lambda option: order.index(str(option.group)))


def subject_group(subject: losses.Dataset | losses.TestFunction) -> str:
    """Return the heading of a dataset or a test function."""
    return TASK_TITLES[subject.task] if isinstance(subject, losses.Dataset) else LANDSCAPES_TITLE


def setting_inputs(state: State, settings: Iterable[losses.Setting]) -> list[Setting]:
    """Return a number input for each of the settings, with its value in the state."""
    values = dict(state.settings)
    return [number_input(s.name, s.label, values[s.name], s.low, s.high, s.whole) for s in settings]


def number_input(
    key: str, label: str, value: float, low: float, high: float, whole: bool = True
) -> NumberSetting:
    return NumberSetting(key=key, label=label, value=value, low=low, high=high, whole=whole)


def _comparison_names() -> dict[str, str]:
    """Return the name of everything that a state can be compared with, by key."""
    names = {key: loss.name for key, loss in losses.LOSSES.items()}
    names |= {key: data.name for key, data in losses.DATASETS.items()}
    return names | {RAW: message("the same in raw units"), STANDARDIZED: message("the same, standardized")}


def comparison_choice(state: State, kinds: tuple[str, ...]) -> list[Setting]:
    """Return the choice of a comparison in one of the link keys ``kinds``, as a list of one control."""
    keys = [key for key, kind in comparison_options(state.values).items() if kind in kinds]
    names = _comparison_names()
    options = [
        Option(value="", text=message("nothing")),
        *(Option(value=key, text=names[key]) for key in keys),
    ]
    value = state.compare_with if state.compare_with in keys else ""
    return [ChoiceSetting(key="vs", label=message("Compare with"), value=value, options=options)]


def comparison_menu(state: State) -> Menu:
    """Return the menu whose word is the comparison, with the options of the same kind: losses or others."""
    kinds = comparison_options(state.values)
    compares_losses = kinds[state.compare_with] == "loss"
    keys = [key for key, kind in kinds.items() if (kind == "loss") == compares_losses]
    options = [
        Option(value="", text=message("nothing")),
        *(Option(value=key, text=_comparison_names()[key]) for key in keys),
    ]
    return menu("vs", state.compare_with, message("Beside it"), options)


def with_comparison(state: State, control: Menu) -> Menu | Phrase:
    """Return a word of the sentence followed by the comparison, if there is one."""
    return (
        Phrase("{this} compared with {that}", this=control, that=comparison_menu(state))
        if state.compare_with
        else control
    )


def race_settings(state: State) -> list[Setting]:
    """Return the choice of optimizers to race against and, in a race, the switch of the fair race."""
    running = {entry.key: format_race_entry(entry) for entry in state.race}
    options = [
        Option(value=running.get(key, key), text=optimizer.name)
        for key, optimizer in offered_optimizers(state.problem).items()
        if key != state.optimizer
    ]
    race = CheckboxesSetting(
        key="race",
        label=message("Race against (up to {n})", n=limits.MAX_RACE_ENTRIES),
        value=list(running.values()),
        options=options,
    )
    fair = SwitchSetting(
        key="fair",
        label=message("Fair race"),
        value=state.fair,
        hint=message(
            "Each runs at the best rate found for it, tried from starts near the ring. Without this, all "
            "run at the same rate or at their own."
        ),
    )
    return [race, fair] if state.race else [race]


def with_race(state: State, optimizer: Menu) -> Menu | Phrase:
    """Return the optimizer followed by the entries of a race.

    Each entry is a word with a menu that replaces the optimizer and has its settings.
    """
    if not state.race:
        return optimizer
    if "opt" in state.hide:
        entries: Any = joined(", ", (entry.name for entry in state.race))
    else:
        entries = [part for i in range(len(state.race)) for part in (", ", _race_entry_menu(state, i))][1:]
    return Phrase("{optimizer} against {racers}", optimizer=optimizer, racers=entries)


def _race_entry_menu(state: State, index: int) -> Menu:
    entry = state.race[index]
    before, after = (format_race(part) for part in (state.race[:index], state.race[index + 1 :]))

    def race_with(entry_text: str) -> str:
        return ",".join(filter(None, (before, entry_text, after)))

    taken = {state.optimizer, *(other.key for other in state.race if other != entry)}
    options = [
        Option(value=race_with(key), text=optimizer.name)
        for key, optimizer in offered_optimizers(state.problem).items()
        if key not in taken
    ]
    options.append(Option(value=race_with(""), text=message("nobody")))
    before_parts, after_parts = race_with(entry.key + "\0").split("\0")
    return menu(
        "race",
        race_with(entry.key),
        message("Racer"),
        options,
        _race_entry_settings(state, entry, before_parts, after_parts),
        text=entry.name,
        name=f"race-{index}",
    )


def _race_entry_settings(state: State, entry: RaceEntry, before: str, after: str) -> Iterator[NumberSetting]:
    """Yield the inputs of an entry's settings, which are parts of the race between two texts."""
    for s in entry.optimizer.settings:
        yield NumberSetting(
            key="race",
            label=message("{setting} (usually {value})", setting=s.label, value=format_number(s.default)),
            value=dict(entry.settings)[s.name],
            low=s.low,
            high=s.high,
            whole=s.whole,
            part=SettingPart(name=s.name, default=s.default, before=before, after=after),
        )
    if not state.fair:
        low, high = rate_range(state.problem)
        rate = entry.rate or state.rate
        default = None if entry.rate else state.rate
        yield NumberSetting(
            key="race",
            label=message("learning rate"),
            value=rate,
            low=min(low, rate),
            high=max(high, rate),
            whole=False,
            scale="log",
            part=SettingPart(name="rate", default=default, before=before, after=after),
        )
