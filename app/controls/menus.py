"""What menus are made of: choices with their formulas, numbers, and the settings of comparisons."""

from collections.abc import Iterable, Mapping
from typing import Any

import losses
from losses.core.messages import listed, num, say

from ..common import limits
from ..i18n.translation import Phrase
from ..problem_setup.learning_rate import rate_range
from ..url_state.comparison_options import RAW, STANDARDIZED, comparable
from ..url_state.race_entries import Racer, write_race, write_racer
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


def named(registry: Mapping[str, Any], keys: Iterable[str]) -> list[Control]:
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


def tuned(state: State, settings: Iterable[losses.Setting]) -> list[Control]:
    given = dict(state.settings)
    return [number(s.name, s.label, given[s.name], s.low, s.high, s.whole) for s in settings]


def number(key: str, label: str, value: float, low: float, high: float, whole: bool = True) -> Control:
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


def _names() -> dict[str, str]:
    """What can stand beside a state, by name."""
    losses_, datasets = losses.LOSSES.items(), losses.DATASETS.items()
    named = {key: loss.name for key, loss in losses_} | {key: data.name for key, data in datasets}
    return named | {RAW: say("the same in raw units"), STANDARDIZED: say("the same, standardized")}


def beside(state: State, kinds: tuple[str, ...]) -> list[Control]:
    """The choice of what to put beside it, of the kinds that belong to a word."""
    fitting = [key for key, kind in comparable(state.values).items() if kind in kinds]
    named = _names()
    options = [
        {"value": "", "text": say("nothing")},
        *({"value": key, "text": named[key]} for key in fitting),
    ]
    value = state.vs if state.vs in fitting else ""
    return [
        {"kind": "choice", "key": "vs", "label": say("Put beside it"), "value": value, "options": options}
    ]


def second(state: State) -> Control:
    """The word for what stands beside it."""
    found = comparable(state.values)
    alike = [key for key, kind in found.items() if (kind == "loss") == (found[state.vs] == "loss")]
    options = [
        {"value": "", "text": say("nothing")},
        *({"value": key, "text": _names()[key]} for key in alike),
    ]
    return menu("vs", state.vs, say("Beside it"), options)


def compared(state: State, word: Control) -> Control | Phrase:
    """A word of the sentence with what is put beside it."""
    return Phrase("{this} beside {that}", this=word, that=second(state)) if state.vs else word


def race(state: State) -> list[Control]:
    running = {racer.key: write_racer(racer) for racer in state.race}
    others = [(key, o.name) for key, o in losses.OPTIMIZERS.items() if key != state.opt]
    rivals = [{"value": running.get(key, key), "text": name} for key, name in others]
    race: Control = {
        "kind": "several",
        "key": "race",
        "label": say("Race against (up to {n})", n=limits.RIVALS),
        "value": list(running.values()),
        "options": rivals,
    }
    fair: Control = {
        "kind": "switch",
        "key": "fair",
        "label": say("Fair race"),
        "value": state.fair,
        "hint": say("Everyone at the best rate of a small sweep; else at the same, or at a rate of its own."),
    }
    return [race, fair] if state.race else [race]


def against(state: State, optimizer: Control) -> Control | Phrase:
    """The optimizer with its racers, each a word whose menu puts another in its place and holds its settings."""
    if not state.race:
        return optimizer
    if "opt" in state.hide:
        racers: Any = listed(", ", (racer.name for racer in state.race))
    else:
        racers = [part for i in range(len(state.race)) for part in (", ", _racer(state, i))][1:]
    return Phrase("{optimizer} against {racers}", optimizer=optimizer, racers=racers)


def _racer(state: State, place: int) -> Control:
    racer = state.race[place]
    left, right = (write_race(part) for part in (state.race[:place], state.race[place + 1 :]))

    def among(spelled: str) -> str:
        return ",".join(filter(None, (left, spelled, right)))

    taken = {state.opt, *(other.key for other in state.race if other != racer)}
    free = [key for key in losses.OPTIMIZERS if key not in taken]
    options = [{"value": among(key), "text": losses.OPTIMIZERS[key].name} for key in free]
    options.append({"value": among(""), "text": say("nobody")})
    around = among(racer.key + "\0").split("\0")
    settings = [one | {"key": "race", "around": around} for one in _own_settings(state, racer)]
    word = menu("race", among(racer.key), say("Racer"), options, settings)
    return word | {"text": racer.name, "word": f"race-{place}"}


def _own_settings(state: State, racer: Racer) -> list[Control]:
    """What a racer has of its own: parts of one spelling, told where they are not as usual."""
    made: list[Control] = []
    for s in racer.optimizer.settings:
        value = dict(racer.settings)[s.name]
        one = number(
            s.name,
            say("{setting} (usually {value})", setting=s.label, value=num(s.default)),
            value,
            s.low,
            s.high,
            s.whole,
        )
        made.append(one | {"part": s.name, "usual": s.default})
    if not state.fair:
        low, high = rate_range(state.problem)
        rate = racer.rate or state.rate
        one = number("rate", say("learning rate"), rate, min(low, rate), max(high, rate), whole=False)
        made.append(one | {"part": "rate", "usual": None if racer.rate else state.rate, "scale": "log"})
    return made
