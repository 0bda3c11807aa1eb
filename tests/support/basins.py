"""The basins of a state, computed in one call instead of in tiles."""

import numpy as np

import losses
from app.experiment.basin_tiles import planned
from app.experiment.run import ground
from app.problem_setup.build import own


def all_basins(state):
    """Return the basins of all starts of the grid, and the starts ``(rows, columns, 2)``."""
    size = planned(state).size
    u, v = (np.linspace(low, high, size) for low, high in ground(state).surface.plane.box)
    starts = np.stack(np.meshgrid(u, v), axis=-1)
    given = own(losses.OPTIMIZERS[state.opt].settings, dict(state.settings))
    how = {"rate": state.rate, "steps": planned(state).steps, "schedule": state.schedule}
    return losses.basins(state.problem, state.opt, starts=starts, **how, **dict(given)), starts
