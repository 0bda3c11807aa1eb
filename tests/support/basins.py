"""The basins of a state, computed in one call instead of in tiles."""

import numpy as np

import losses
from app.experiment.basin_tiles import tile_plan
from app.experiment.prepared import prepare
from app.problem_setup.build import select_settings


def all_basins(state):
    """Return the basins of all starts of the grid, and the starts ``(rows, columns, 2)``."""
    size = tile_plan(state).size
    u, v = (np.linspace(low, high, size) for low, high in prepare(state).surface.plane.box)
    starts = np.stack(np.meshgrid(u, v), axis=-1)
    settings = select_settings(losses.OPTIMIZERS[state.optimizer].settings, dict(state.settings))
    options = {"rate": state.rate, "steps": tile_plan(state).steps, "schedule": state.schedule}
    return losses.basins(state.problem, state.optimizer, starts=starts, **options, **dict(settings)), starts
