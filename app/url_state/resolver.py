"""A link as it is read: each field after those that it depends on, and what was wrong with it."""

from collections.abc import Mapping
from typing import Any

from losses.core.messages import joined, message

from ..lessons import LESSONS
from .url_parameters import FIELDS_BY_KEY, Field
from .value_types import FieldValues, InvalidValue, requested_value_text, truncate


class FieldResolver(dict[str, Any]):
    """Fields resolved on demand, each after those that it depends on."""

    def __init__(self, texts: Mapping[str, str], previous: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.previous, self.texts, self.errors = previous or {}, texts, dict[str, str]()

    def __missing__(self, key: str) -> Any:
        field, text = FIELDS_BY_KEY[key], self.texts.get(key)
        self[key] = value = default_value(field, self) if text is None else self._resolve(field, text)
        return value

    def _resolve(self, field: Field, text: str) -> Any:
        try:
            return field.parse(text, self)
        except InvalidValue as rejected:
            value = self._fallback(field) if rejected.nearest is None else rejected.nearest
            told: list[str] = [requested_value_text(field.key, text)]
            if value not in (None, "", ()):
                told.append(message("Using {value} instead.", value=truncate(field.format(value))))
            self.errors[field.key] = joined(" ", filter(None, (*told, rejected.reason)))
            return value

    def _fallback(self, field: Field) -> Any:
        """What was there before, if that still holds, else the default."""
        try:
            return field.parse(self.previous[field.key], self)
        except (KeyError, InvalidValue):
            return default_value(field, self)


def default_value(field: Field, values: FieldValues) -> Any:
    """What a field is unless a link says otherwise: the lesson's value, or the default."""
    if field.key != "s" and (lesson := values["s"]):
        text = LESSONS[lesson].url_values.get(field.key)
        if text is not None:
            try:
                return field.parse(text, values)
            except InvalidValue:
                pass
    return field.default(values)
