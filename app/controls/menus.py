"""What menus are made of: choices with their formulas, numbers, and the settings of comparisons."""

from collections.abc import Iterable, Mapping
from typing import Any

import losses
from losses.core.messages import format_number, joined, message

from ..common import limits
from ..i18n.translation import Phrase
from ..problem_setup.learning_rate import rate_range
from ..url_state.comparison_options import RAW, STANDARDIZED, comparison_options
from ..url_state.race_entries import RaceEntry, format_race, format_race_entry
from ..url_state.state import State

Control = dict[str, Any]


def menu(
    key: str, value: str, label: str, options: list[Control], settings: Iterable[Control] = ()
) -> Control:
    chosen = next(option["text"] for option in options if option["value"] == value)
    return {
        "key": key,
        "value": value,
        "text": chosen,
        "label": label,
        "options": options,
        "settings": list(settings),
    }


def registry_options(registry: Mapping[str, Any], keys: Iterable[str]) -> list[Control]:
    """Choices with the sentence that says what each is for, and the TeX of their formulas."""
    return [
        {
            "value": key,
            "text": record.name,
            "hint": getattr(record, "when", "") or record.note,
            "tex": record.formula if isinstance(record, losses.Loss | losses.Optimizer) else "",
        }
        for key in keys
        for record in [registry[key]]
    ]


def setting_inputs(state: State, settings: Iterable[losses.Setting]) -> list[Control]:
    given = dict(state.settings)
    return [number_input(s.name, s.label, given[s.name], s.low, s.high, s.whole) for s in settings]


def number_input(key: str, label: str, value: float, low: float, high: float, whole: bool = True) -> Control:
    step = 1 if whole else "any"
    return {
        "kind": "number",
        "key": key,
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "step": step,
    }


def _comparison_names() -> dict[str, str]:
    """What can stand beside a state, by name."""
    losses_, datasets = losses.LOSSES.items(), losses.DATASETS.items()
    named = {key: loss.name for key, loss in losses_} | {key: data.name for key, data in datasets}
    return named | {RAW: message("the same in raw units"), STANDARDIZED: message("the same, standardized")}


def comparison_choice(state: State, kinds: tuple[str, ...]) -> list[Control]:
    """The choice of what to put beside it, of the kinds that belong to a word."""
    fitting = [key for key, kind in comparison_options(state.values).items() if kind in kinds]
    named = _comparison_names()
    options = [
        {"value": "", "text": message("nothing")},
        *({"value": key, "text": named[key]} for key in fitting),
    ]
    value = state.compare_with if state.compare_with in fitting else ""
    return [
        {"kind": "choice", "key": "vs", "label": message("Put beside it"), "value": value, "options": options}
    ]


def comparison_menu(state: State) -> Control:
    """The word for what stands beside it."""
    found = comparison_options(state.values)
    alike = [key for key, kind in found.items() if (kind == "loss") == (found[state.compare_with] == "loss")]
    options = [
        {"value": "", "text": message("nothing")},
        *({"value": key, "text": _comparison_names()[key]} for key in alike),
    ]
    return menu("vs", state.compare_with, message("Beside it"), options)


def with_comparison(state: State, control: Control) -> Control | Phrase:
    """A word of the sentence with what is put beside it."""
    return (
        Phrase("{this} beside {that}", this=control, that=comparison_menu(state))
        if state.compare_with
        else control
    )


def race_settings(state: State) -> list[Control]:
    running = {racer.key: format_race_entry(racer) for racer in state.race}
    others = [(key, o.name) for key, o in losses.OPTIMIZERS.items() if key != state.optimizer]
    rivals = [{"value": running.get(key, key), "text": name} for key, name in others]
    race: Control = {
        "kind": "several",
        "key": "race",
        "label": message("Race against (up to {n})", n=limits.MAX_RACE_ENTRIES),
        "value": list(running.values()),
        "options": rivals,
    }
    fair: Control = {
        "kind": "switch",
        "key": "fair",
        "label": message("Fair race"),
        "value": state.fair,
        "hint": message(
            "Everyone at the best rate of a small sweep; else at the same, or at a rate of its own."
        ),
    }
    return [race, fair] if state.race else [race]


def with_race(state: State, optimizer: Control) -> Control | Phrase:
    """The optimizer with its racers, each a word whose menu puts another in its place and holds its settings."""
    if not state.race:
        return optimizer
    if "opt" in state.hide:
        racers: Any = joined(", ", (racer.name for racer in state.race))
    else:
        racers = [part for i in range(len(state.race)) for part in (", ", _race_entry_menu(state, i))][1:]
    return Phrase("{optimizer} against {racers}", optimizer=optimizer, racers=racers)


def _race_entry_menu(state: State, index: int) -> Control:
    racer = state.race[index]
    left, right = (format_race(part) for part in (state.race[:index], state.race[index + 1 :]))

    def among(spelled: str) -> str:
        return ",".join(filter(None, (left, spelled, right)))

    taken = {state.optimizer, *(other.key for other in state.race if other != racer)}
    free = [key for key in losses.OPTIMIZERS if key not in taken]
    options = [{"value": among(key), "text": losses.OPTIMIZERS[key].name} for key in free]
    options.append({"value": among(""), "text": message("nobody")})
    around = among(racer.key + "\0").split("\0")
    settings = [one | {"key": "race", "around": around} for one in _race_entry_settings(state, racer)]
    word = menu("race", among(racer.key), message("Racer"), options, settings)
    return word | {"text": racer.name, "word": f"race-{index}"}


def _race_entry_settings(state: State, entry: RaceEntry) -> list[Control]:
    """What a racer has of its own: parts of one spelling, told where they are not as usual."""
    made: list[Control] = []
    for s in entry.optimizer.settings:
        value = dict(entry.settings)[s.name]
        one = number_input(
            s.name,
            message("{setting} (usually {value})", setting=s.label, value=format_number(s.default)),
            value,
            s.low,
            s.high,
            s.whole,
        )
        made.append(one | {"part": s.name, "usual": s.default})
    if not state.fair:
        low, high = rate_range(state.problem)
        rate = entry.rate or state.rate
        one = number_input(
            "rate", message("learning rate"), rate, min(low, rate), max(high, rate), whole=False
        )
        made.append(one | {"part": "rate", "usual": None if entry.rate else state.rate, "scale": "log"})
    return made
