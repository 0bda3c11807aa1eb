"""A link as it is read: each field after those that it depends on, and what was wrong with it."""

from collections.abc import Mapping
from typing import Any

from losses.core.messages import listed, say

from ..lessons import LESSONS
from .url_parameters import BY_KEY, Field
from .value_types import Rejected, Values, asked_for, shorten


class Reading(dict[str, Any]):
    """Fields resolved on demand, each after those that it depends on."""

    def __init__(self, given: Mapping[str, str], before: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.before, self.given, self.refused = before or {}, given, dict[str, str]()

    def __missing__(self, key: str) -> Any:
        field, text = BY_KEY[key], self.given.get(key)
        self[key] = value = usual(field, self) if text is None else self._resolve(field, text)
        return value

    def _resolve(self, field: Field, text: str) -> Any:
        try:
            return field.read(text, self)
        except Rejected as rejected:
            value = self._instead(field) if rejected.nearest is None else rejected.nearest
            told: list[str] = [asked_for(field.key, text)]
            if value not in (None, "", ()):
                told.append(say("Using {value} instead.", value=shorten(field.write(value))))
            self.refused[field.key] = listed(" ", filter(None, (*told, rejected.reason)))
            return value

    def _instead(self, field: Field) -> Any:
        """What was there before, if that still holds, else the default."""
        try:
            return field.read(self.before[field.key], self)
        except (KeyError, Rejected):
            return usual(field, self)


def usual(field: Field, values: Values) -> Any:
    """What a field is unless a link says otherwise: the lesson's value, or the default."""
    if field.key != "s" and (lesson := values["s"]):
        text = LESSONS[lesson].given.get(field.key)
        if text is not None:
            try:
                return field.read(text, values)
            except Rejected:
                pass
    return field.default(values)
