"""Prepare the problem of a state, with its surface and certificate."""

from dataclasses import dataclass, replace
from hashlib import sha256

import losses
from losses.core.lazy import cached_property

from ..common import prometheus_metrics
from ..common.cache import cached
from ..figures.plot_base import View
from ..figures.views.data_card_views import data_view_for
from ..figures.z_scale import ZScale, z_scale_for
from ..problem_setup.price import grid_size
from ..problem_setup.view_planes import ViewPlane
from ..url_state.state import State
from .window import Window, find_window


@dataclass(frozen=True)
class PreparedProblem:
    """A problem with its surface, the scale of its heights, its certificate and its view plane.

    None of it depends on the optimizer or its settings.
    """

    key: str
    """Identifies the problem, the window and the view plane, for the names of figures."""
    problem: losses.Problem
    surface: losses.Surface
    z_scale: ZScale
    certificate: losses.Certificate
    view_plane: ViewPlane
    window: Window
    """The window of the surface, with the path that is to be seen in it."""

    @cached_property
    def convexity(self) -> losses.Convexity:
        """Whether the problem is convex, everywhere or in the window."""
        return losses.convexity(self.problem, self.surface)

    @cached_property
    def data_view(self) -> View:
        """The view of the problem's data."""
        return data_view_for(self.problem)


@cached(20_000_000)
def _prepare(problem: losses.Problem, view_plane: ViewPlane, window: Window, key: str) -> PreparedProblem:
    prometheus_metrics.CACHE_MISSES.labels("ground").inc()
    with prometheus_metrics.KERNEL_SECONDS.labels("surface").time():
        whole = view_plane.plane
        shown = losses.Plane(whole.origin, whole.directions, window.box, whole.labels)
        surface = losses.surface(problem, size=grid_size(problem, shown), plane=shown)
    with prometheus_metrics.KERNEL_SECONDS.labels("certificate").time():
        best = losses.certify(problem)
    scale = z_scale_for(surface.z)
    return PreparedProblem(key, problem, surface, scale, best, view_plane, window)


def prepare(
    state: State, kept: PreparedProblem | None = None, *, beside: State | None = None
) -> PreparedProblem:
    """Return the prepared problem of a state, which may be compared with another, ``beside``.

    With ``kept``, the window and the scale of the heights are those of that problem, so that the axes stay
    while an example is dragged. A logarithmic scale is not kept for losses that have no logarithm on it.
    """
    problem = state.problem
    window = kept.window if kept else find_window(state, beside)
    edges = ",".join(f"{edge:g}" for side in window.box for edge in side)
    settings = " ".join(f"{name}={value:g}" for name, value in state.settings)
    custom = sha256(f"{state.formula} {state.points}".encode()).hexdigest()[:16]
    key = (
        f"{state.data} {state.model} {state.loss} {custom} {state.standardize:d} {state.seed} {state.edit} "
        f"{settings} {edges} {window.one_scale:d} {state.plane} {state.tilt} {state.axis1} {state.axis2}"
    )
    prometheus_metrics.CACHE_LOOKUPS.labels("ground").inc()
    own = _prepare(problem, state.view_plane, window, key)
    if not kept or not kept.z_scale.can_show(own.z_scale.low):
        return own
    scale = kept.z_scale
    key = f"{key} z {scale.low:g} {scale.high:g} {scale.log:d} {scale.offset:g}"
    return replace(own, key=key, z_scale=scale)
