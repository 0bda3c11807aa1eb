"""The base of all types of the protocol, and their encoding as JSON."""

from typing import Any, ClassVar

import msgspec

from ..i18n.translation import Phrase


class ProtocolStruct(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """An object of the protocol. Its names in JSON are in camel case; every field is written."""

    has_texts: ClassVar[bool] = True
    """Whether its texts are read and must be translated."""


def encode(value: Any) -> bytes:
    """Encode structs, and lists and dicts of them, as JSON; NaN and infinity become null.

    Raises TypeError for anything that has no place in the protocol, such as a NumPy scalar.
    """
    return _ENCODER.encode(value)


def encode_for_html(value: Any) -> str:
    """Return JSON that is safe inside a ``<script>`` element: it has no ``<``."""
    return encode(value).decode().replace("<", "\\u003c")


def _to_builtin(value: Any) -> Any:
    """Return a translatable text as a ``str`` and a phrase as a ``list``, which msgspec encodes."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Phrase):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not part of the protocol")


_ENCODER = msgspec.json.Encoder(enc_hook=_to_builtin)
