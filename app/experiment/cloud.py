"""Many runs of a state at once, each from its own start and with its own rate."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import losses
from losses.descent.convergence import DIVERGED
from losses.descent.outcome import outcome_of_infinite_start

from ..common import prometheus_metrics
from ..figures.array_codec import to_typed_array
from ..protocol.cloud import Cloud
from ..url_state.state import State
from .cloud_frames import cloud_arrays, frame_steps
from .prepared import PreparedProblem, prepare
from .price import affordable_cloud
from .rate_limit import rate_limit


def has_rate(state: State) -> bool:
    """Whether runs of a state depend on a rate that decides whether they arrive.

    A line search takes its rate as a bound only.
    """
    return losses.OPTIMIZERS[state.optimizer].rate_meaning != "upper_bound"


def compute_cloud(state: State, starts: Sequence[tuple[float, float]], rates: Sequence[float]) -> Cloud:
    """Compute the runs from starts on the view plane, as many as are affordable at once.

    A run whose loss at the start is beyond float64 flies apart at once.
    """
    prepared, plane = prepare(state), state.view_plane.plane
    count = affordable_cloud(state, len(rates))
    theta = plane.points(*np.array(starts[:count], dtype=float).T)
    with np.errstate(all="ignore"):
        finite = np.isfinite(theta).all(axis=-1) & np.isfinite(state.problem.value(theta))
    with prometheus_metrics.KERNEL_SECONDS.labels("cloud").time():
        runs = losses.descend_many(
            state.problem,
            state.optimizer,
            starts=theta[finite],
            rates=np.array(rates[:count], dtype=float)[finite],
            **state.run_arguments,
        )
    return _encode(state, prepared, runs, finite)


def _verdict(runs: losses.Descents, finite: NDArray[np.bool_]) -> str:
    """Return how one run ended, in words."""
    if finite[0]:
        return runs.run(0).outcome.sentence
    return outcome_of_infinite_start().sentence


def _encode(
    state: State, prepared: PreparedProblem, runs: losses.Descents, finite: NDArray[np.bool_]
) -> Cloud:
    """Return the runs of the starts that are ``finite``, and of the others that they fly apart."""
    frames = frame_steps(state.steps)
    arrays = cloud_arrays(runs, prepared.surface.plane, prepared.z_scale, frames)
    tables = np.full((3, len(finite), len(frames)), np.nan)
    arrived, apart = np.full(len(finite), -1), np.full(len(finite), True)
    tables[:, finite], arrived[finite] = np.stack(arrays), runs.settled_at
    apart[finite] = runs.outcome == DIVERGED
    u, v, height = map(to_typed_array, tables)
    return Cloud(
        count=len(finite),
        steps=state.steps,
        frames=frames,
        u=u,
        v=v,
        height=height,
        arrived=tuple(arrived.tolist()),
        apart=tuple(apart.tolist()),
        verdict=_verdict(runs, finite) if len(finite) == 1 else "",
        limit=rate_limit(prepared.certificate, losses.OPTIMIZERS[state.optimizer], state.schedule),
    )
