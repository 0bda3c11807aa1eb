"""Controls as data: the sentence with its menus, and the sliders.

The ``key`` of a control is a key of the link, and its value is written as in a link.
"""

from collections.abc import Mapping
from typing import Literal

from .base import ProtocolStruct

Scale = Literal["linear", "log"]


class Option(ProtocolStruct, frozen=True):
    """One of several choices."""

    value: str
    text: str
    hint: str = ""
    group: str = ""
    """The heading under which it stands; empty if the choices are not grouped."""
    tex: str = ""
    """Its formula in TeX; ``/formulas`` has the MathML of all formulas of catalogues."""
    mathml: str = ""
    """The formula as MathML, if it is in no catalogue."""


class SettingPart(ProtocolStruct, frozen=True):
    """Where a setting stands in a value of the link that has several parts."""

    name: str
    default: float | None
    """The value with which it is not written."""
    before: str
    """The text of the link before the parts."""
    after: str


class NumberSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="number"):
    """A number within limits."""

    key: str
    label: str
    value: float
    low: float
    high: float
    whole: bool
    """Whether it is an integer."""
    scale: Scale = "linear"
    part: SettingPart | None = None
    """Null if the key has this number alone."""


class TextSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="text"):
    """A text that is typed, such as a formula."""

    key: str
    label: str
    value: str
    hint: str
    max_length: int


class SwitchSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="switch"):
    """Something that is on or off, in the link 1 or 0."""

    key: str
    label: str
    value: bool
    hint: str


class ChoiceSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="choice"):
    """One of several options."""

    key: str
    label: str
    value: str
    options: list[Option]


class CheckboxesSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="checkboxes"):
    """Any of several options, in the link separated by commas."""

    key: str
    label: str
    value: list[str]
    options: list[Option]


class ButtonSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="button"):
    """A button that sets the key to its value."""

    key: str
    label: str
    value: str
    text: str
    """The text of the button; ``label`` stands before it."""


class PasteSetting(ProtocolStruct, frozen=True, tag_field="kind", tag="paste"):
    """A button that opens the dialog for custom data."""

    key: str
    label: str
    value: str
    """The custom data that are shown now; empty if there are none."""


Setting = (
    NumberSetting
    | TextSetting
    | SwitchSetting
    | ChoiceSetting
    | CheckboxesSetting
    | ButtonSetting
    | PasteSetting
)


class Menu(ProtocolStruct, frozen=True):
    """A word of a sentence that opens a menu."""

    name: str
    """Tells the menus of a sentence apart: the key, unless several menus change the same key."""
    key: str
    value: str
    text: str
    """The word: usually the text of the chosen option."""
    label: str
    options: list[Option]
    settings: list[Setting]


SentencePart = str | Menu


class NamedSentence(ProtocolStruct, frozen=True):
    """The sentence about the experiment, with the name under which the browser caches it."""

    name: str
    parts: list[SentencePart] | None
    """Null if the request said that the browser has it."""


class SliderMark(ProtocolStruct, frozen=True):
    """A marked value of a slider."""

    value: float
    text: str
    title: str = ""
    """A text for hovering, if ``text`` is empty."""


class Slider(ProtocolStruct, frozen=True):
    """A slider with a number field."""

    key: str
    label: str
    value: float
    low: float
    high: float
    scale: Scale
    index: int | None = None
    """Which number of a list this is; null if the key has one number alone."""
    marks: tuple[SliderMark, ...] = ()
    note: str = ""


class Controls(ProtocolStruct, frozen=True):
    """All controls of the page except its buttons."""

    sentence: NamedSentence
    detail_menu: Menu
    """The title of the detail card."""
    sliders: list[Slider]
    hideable: Mapping[str, str]
    """What the share dialog can hide: the label of each control by its key."""
