"""The figure for a notebook shows the surface and the true losses of descents; Plotly comes only with it."""

import subprocess
import sys

import numpy as np
import pytest

import losses

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
SURFACE = losses.surface(HOUSES, size=21)
RUN = losses.descend(HOUSES, rate=0.1, steps=20)


def test_the_figure_holds_the_surface_and_the_true_losses():
    figure = losses.plot(SURFACE, RUN)
    surface, path = figure.data
    assert np.array_equal(surface.z, SURFACE.z)
    assert np.array_equal(surface.x, SURFACE.u)
    assert np.array_equal(surface.y, SURFACE.v)
    assert np.array_equal(path.z, RUN.loss)
    assert np.array_equal(np.transpose([path.x, path.y]), RUN.theta)
    assert "rate 0.1: CONVERGED" in path.name or "rate 0.1: RUNNING" in path.name
    assert path.name.endswith(RUN.outcome.name)
    assert figure.layout.scene.xaxis.title.text == "slope w"
    assert figure.layout.scene.xaxis.range == HOUSES.plane.box[0]
    assert figure.layout.scene.zaxis.type == "linear"
    assert losses.plot(SURFACE, RUN, log=True).layout.scene.zaxis.type == "log"
    assert figure.to_html(include_plotlyjs=False)


def test_several_descents_have_colors_of_their_own():
    figure = losses.plot(SURFACE, RUN, losses.descend(HOUSES, "adam", rate=0.1, steps=5))
    assert len({trace.line.color for trace in figure.data[1:]}) == 2
    assert len(losses.plot(SURFACE).data) == 1


def test_a_slice_shows_the_descent_projected_onto_it():
    network = losses.problem("moons", "mlp", "bce")
    run = losses.descend(network, rate=0.5, steps=30)
    plane = losses.path_plane(run).plane
    figure = losses.plot(losses.surface(network, size=11, plane=plane), run)
    assert np.array_equal(np.transpose([figure.data[1].x, figure.data[1].y]), plane.coordinates(run.theta))
    assert np.array_equal(figure.data[1].z, run.loss)


def test_losses_that_are_not_finite_are_gaps():
    with np.errstate(over="ignore", invalid="ignore"):
        himmelblau = losses.test_function("himmelblau")
        surface = losses.surface(himmelblau, size=5, box=((-1e90, 1e90), (-1, 1)))
    assert not np.isfinite(surface.z).all()
    z = losses.plot(surface).data[0].z
    assert not np.isinf(z).any()
    assert np.array_equal(np.isnan(z), ~np.isfinite(surface.z))


def test_other_arguments_are_refused():
    network = losses.problem("moons", "mlp", "bce")
    with pytest.raises(TypeError, match="^surface must be a Surface; not "):
        losses.plot(RUN)
    with pytest.raises(TypeError, match="^descents must be a Descent; not "):
        losses.plot(SURFACE, SURFACE)
    with pytest.raises(TypeError, match="^log must be True or False; not "):
        losses.plot(SURFACE, log="no")
    with pytest.raises(ValueError, match="^descents must have the 2 parameters of the surface; not "):
        losses.plot(SURFACE, losses.descend(network, rate=0.1, steps=2))


def test_without_plotly_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly", None)
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    with pytest.raises(ImportError, match="pip install plotly"):
        losses.plot(SURFACE)


def test_importing_the_library_does_not_import_plotly():
    code = "import sys, losses; print('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
