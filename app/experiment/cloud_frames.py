"""The cloud: many descents at once on the map and on the landscape, as a few frames."""

from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array

from ..figures.z_scale import ZScale

FRAMES: Final = 60
"""Frames after the first; a run of as many steps is shown with each of them."""


def frame_steps(steps: int) -> tuple[int, ...]:
    """Return the steps that are shown, ascending: 0, the last, and at most ``FRAMES`` − 1 between.

    Of a long run the first steps are shown each, as most happens there, and fewer and fewer later on.
    """
    if steps <= FRAMES:
        return tuple(range(steps + 1))
    k = np.arange(FRAMES + 1)
    shown = np.maximum(k, np.round(steps * (k / FRAMES) ** 2).astype(int))
    return tuple(shown.tolist())


def cloud_arrays(
    runs: losses.Descents, plane: losses.Plane, z_scale: ZScale, frames: tuple[int, ...]
) -> tuple[Array, Array, Array]:
    """Return coordinates u and v and heights of runs at frames, each ``(runs, frames)``.

    Heights are shares of the range of the scale. They are those of the parameters, not of the surface, and no
    number is clipped; all are NaN once a run is not finite.
    """
    shown = list(frames)
    low, high = z_scale.z_range
    with np.errstate(over="ignore", invalid="ignore"):
        places = plane.coordinates(np.nan_to_num(runs.theta[:, shown], nan=0.0))
        heights = (z_scale.to_z(runs.loss[:, shown]) - low) / (high - low)
    places[np.isnan(runs.loss[:, shown])] = np.nan
    return places[..., 0], places[..., 1], heights
