"""Everyone on the stage of a state, computed when first asked for."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final

import losses

from ..lessons import LESSONS
from ..url_state.state import State, parse
from ..url_state.url_parameters import BY_KEY
from .comparison import Rival, other, race_table, rivals
from .run import Ground, descent, ground

UNKNOWN: Final = losses.Certificate(None, None, None, False, "none")
OWN_SEED: Final = 0
"""No lesson's link names another."""


@dataclass(frozen=True, eq=False)
class Cast:
    """Everyone on the stage of a state: the run with the player, its rivals, and what stands beside it."""

    state: State

    @cached_property
    def here(self) -> Ground:
        return ground(self.state)

    @cached_property
    def run(self) -> losses.Descent:
        return descent(self.state)

    def at_rate(self, run: losses.Descent) -> "Cast":
        """The same with this run of another rate on the same ground."""
        other = Cast(replace(self.state, rate=run.rate))
        vars(other).update(here=self.here, run=run)
        return other

    @cached_property
    def rivals(self) -> list[Rival]:
        return rivals(self.state, self.here)

    @cached_property
    def beside(self) -> Rival | None:
        return other(self.state)

    @property
    def race_table(self) -> dict[str, Any]:
        """The table of the race: one for all steps."""
        return race_table(self.state, self.run, self.rivals)

    @cached_property
    def best(self) -> losses.Certificate:
        return self.known(self.here)

    @property
    def asked(self) -> "Cast":
        """What the lesson speaks of: its own moment, whatever has been turned since."""
        return self._opened(OWN_SEED) if self.state.s else self

    @property
    def redrawn(self) -> "Cast":
        """The same moment on the data that this seed draws."""
        return self._opened(self.state.seed) if self.state.s else self

    def _opened(self, seed: int) -> "Cast":
        edit = BY_KEY["edit"].write(self.state.edit) if LESSONS[self.state.s].dragged else None
        return _moment(self.state.s, seed, edit)

    def known(self, here: Ground) -> losses.Certificate:
        """What may be shown of a certificate: nothing of where the lowest point is, in the fog nothing at all."""
        if self.state.foggy:
            return UNKNOWN
        if not self.state.asking:
            return here.best
        return replace(here.best, optimum=None, loss=None, exists=here.best.exists and None)


@lru_cache(maxsize=24)
def _moment(lesson: str, seed: int, edit: str | None) -> Cast:
    """A lesson as its link opens it, with examples changed by hand where it is about these."""
    return Cast(parse(f"?s={lesson}&seed={seed}" + ("" if edit is None else f"&edit={edit}"))[0])
