"""Everything on the page that can be turned, as data."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from msgspec import structs

import losses
from losses.core.lazy import cached_property

from ..i18n.translation import Phrase
from ..problem_setup.learning_rate import slider_range
from ..protocol.controls import Controls, Menu, NamedSentence, Slider
from ..url_state.custom_values import HIDEABLE_CONTROLS
from ..url_state.state import State
from .setup_sentence import detail_menu, sentence_name, visible_sentence
from .sliders import rate_slider, start_sliders


@dataclass(frozen=True, eq=False)
class ControlSet:
    """The controls of the states that differ in step and rate alone, computed when first asked for.

    ``state`` is one of these states, ``certificate`` what may be shown of its
    problem's, ``plane`` the plane with the window that is drawn.
    """

    state: State
    certificate: losses.Certificate
    plane: losses.Plane

    def at_rate(self, rate: float, known_names: Collection[str] = ()) -> Controls:
        """Return every control with its value, limits and choices at this rate.

        The sentence with its menus is heavy and seldom changes: it has a name and
        is left out where that is one of ``known_names``.
        """
        name = self._sentence_name
        return Controls(
            sentence=NamedSentence(name=name, parts=None if name in known_names else self._sentence),
            detail_menu=self._detail_menu,
            sliders=[
                *([] if "rate" in self.state.hide else [self._rate_slider(rate)]),
                *self._start_sliders,
            ],
            hideable=HIDEABLE_CONTROLS,
        )

    @cached_property
    def _sentence_name(self) -> str:
        return sentence_name(self.state)

    @cached_property
    def _sentence(self) -> Phrase:
        return visible_sentence(self.state)

    @cached_property
    def _detail_menu(self) -> Menu:
        return detail_menu(self.state)

    @cached_property
    def _start_sliders(self) -> list[Slider]:
        return [] if "start" in self.state.hide else start_sliders(self.state, self.plane)

    def _rate_slider(self, rate: float) -> Slider:
        low, high = self._rate_range
        if low <= rate <= high:
            return structs.replace(self._rate_slider_in_range, value=rate)
        return rate_slider(replace(self.state, rate=rate), self._shown_certificate)

    @cached_property
    def _rate_range(self) -> tuple[float, float]:
        return slider_range(self.state.problem, self.plane, self.state.optimizer)

    @cached_property
    def _rate_slider_in_range(self) -> Slider:
        """The slider of any rate that does not widen its range."""
        return rate_slider(replace(self.state, rate=self._rate_range[0]), self._shown_certificate)

    @cached_property
    def _shown_certificate(self) -> losses.Certificate:
        """What the rate slider may show: no marks while a lesson asks."""
        if not self.state.awaiting_answer:
            return self.certificate
        return replace(self.certificate, lipschitz=None, critical_rate=None, best_rate=None, scope="none")
