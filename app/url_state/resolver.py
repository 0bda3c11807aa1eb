"""Resolve the fields of a link in the order of their dependencies, and collect what is invalid."""

from collections.abc import Mapping
from typing import Any

from losses.core.messages import joined, message

from ..lessons import lesson_of
from .url_parameters import FIELDS_BY_KEY, Field
from .value_types import FieldValues, InvalidValue, requested_value_text, truncate


class FieldResolver(dict[str, Any]):
    """The values of fields by key, resolved on demand.

    A parser or default that reads another key resolves that first. ``texts`` are the values as the link
    writes them. A field whose text is invalid takes the nearest valid value, else the value of ``previous``
    if that is valid, else its default; ``errors`` has a sentence for each.
    """

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
            sentences: list[str] = [requested_value_text(field.key, text)]
            if value not in (None, "", ()):
                sentences.append(message("Using {value} instead.", value=truncate(field.format(value))))
            self.errors[field.key] = joined(" ", filter(None, (*sentences, rejected.reason)))
            return value

    def _fallback(self, field: Field) -> Any:
        """Return the previous value if it is still valid, else the default."""
        try:
            return field.parse(self.previous[field.key], self)
        except (KeyError, InvalidValue):
            return default_value(field, self)


def default_value(field: Field, values: FieldValues) -> Any:
    """Return the value of a field that the link does not name: the lesson's if valid, else the default."""
    if field.key != "s" and (lesson := values["s"]):
        text = lesson_of(lesson).url_values.get(field.key)
        if text is not None:
            try:
                return field.parse(text, values)
            except InvalidValue:
                pass
    return field.default(values)
