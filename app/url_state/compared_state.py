"""The state beside a state: the same but for its loss, its data or its standardization."""

from dataclasses import replace

from ..problem_setup.price import affordable_steps
from .comparison_options import comparison_options
from .state import State, apply_changes, to_query
from .url_parameters import FIELDS


def comparison_state(state: State) -> State | None:
    """Return the state that differs in what ``compare_with`` says; None if it says nothing.

    Rate and start are the same unless the standardization differs, which changes their units. The steps are
    fewer if its run would take more than half the budget of runs.
    """
    if not state.compare_with:
        return None
    key = comparison_options(state.values)[state.compare_with]
    rate_and_start = {
        field.key: field.format(state.values[field.key]) for field in FIELDS if field.key in ("rate", "start")
    }
    changed_text = {
        "loss": state.compare_with,
        "data": state.compare_with,
        "standardize": "0" if state.standardize else "1",
    }[key]
    same = {} if key == "standardize" else rate_and_start
    removed = dict.fromkeys(("vs", "race", "ghost", "s", "a", *(("edit",) if key == "data" else ())), "")
    other = apply_changes(to_query(state), {**same, **removed, key: changed_text}, state.points or "")[0]
    most = affordable_steps(other.problem, other.optimizer, (), False, 2)
    return other if other.steps <= most else replace(other, steps=most)
