"""Planes: coordinates, windows and their rounding."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from losses.core.arrays import as_points, frozen
from losses.problem.plane import Plane, coordinate_plane, rounded_box

BOX = ((-1.0, 1.0), (-2.0, 2.0))
SIZES = st.floats(-10, 10, allow_subnormal=False)


def plane(origin, directions):
    return Plane(frozen(origin), frozen(directions), BOX, ("u", "v"))


def test_points_are_origin_plus_directions():
    oblique = plane([1.0, 2.0, 3.0], [[1.0, 0.0, 1.0], [0.0, 2.0, -1.0]])
    assert oblique.points(np.float64(2.0), np.float64(3.0)).tolist() == [3.0, 8.0, 2.0]
    assert oblique.points(np.zeros((1, 4)), np.zeros((5, 1))).shape == (5, 4, 3)


@given(d=st.integers(2, 5), data=st.data())
def test_coordinates_invert_points(d, data):
    directions = data.draw(arrays(np.float64, (2, d), elements=SIZES))
    assume(np.linalg.svd(directions)[1][-1] > 0.1)
    origin = data.draw(arrays(np.float64, d, elements=SIZES))
    oblique = plane(origin, directions)
    uv = data.draw(arrays(np.float64, (3, 2), elements=SIZES))
    assert oblique.coordinates(oblique.points(uv[:, 0], uv[:, 1])) == pytest.approx(uv, abs=1e-7)


def test_coordinates_are_those_of_the_nearest_point():
    """The offset of a point from the nearest point of the plane is orthogonal to both directions."""
    oblique = plane([1.0, 0.0, -1.0], [[1.0, 1.0, 0.0], [0.0, 1.0, 2.0]])
    theta = np.array([[5.0, -3.0, 2.0], [0.0, 0.0, 0.0]])
    uv = oblique.coordinates(theta)
    offset = theta - oblique.points(uv[:, 0], uv[:, 1])
    assert np.abs(offset).max() > 1
    assert offset @ oblique.directions.T == pytest.approx(np.zeros((2, 2)), abs=1e-12)


def test_plane_is_a_slice_if_there_are_more_than_two_parameters():
    assert not coordinate_plane(np.zeros(2), BOX, ("a", "b")).is_slice
    assert coordinate_plane(np.zeros(3), BOX, ("a", "b", "c")).is_slice


def test_coordinates_of_a_coordinate_plane_are_the_parameters_themselves():
    """They are equal to the last digit, so a start that is typed in is drawn where it was typed."""
    whole_space = coordinate_plane([0.3, 0.7], BOX, ("a", "b"))
    theta = np.array([0.1, 1e-17])
    assert np.array_equal(whole_space.coordinates(theta), theta)
    assert np.array_equal(whole_space.points(theta[0], theta[1]), theta)


def test_chosen_axes_vary_and_the_others_stay():
    slice_plane = coordinate_plane([1.0, 2.0, 3.0, 4.0], BOX, ("a", "b", "c", "d"), axes=(3, 1))
    assert slice_plane.labels == ("d", "b")
    assert slice_plane.points(np.float64(7.0), np.float64(8.0)).tolist() == [1.0, 8.0, 3.0, 7.0]


def test_coordinate_plane_does_not_change_the_origin_argument():
    origin = np.array([1.0, 2.0, 3.0])
    coordinate_plane(origin, BOX, ("a", "b", "c"))
    assert origin.tolist() == [1.0, 2.0, 3.0]


def test_arrays_of_a_plane_are_read_only():
    whole_space = coordinate_plane(np.zeros(2), BOX, ("a", "b"))
    for array in (whole_space.origin, whole_space.directions):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


@pytest.mark.parametrize(
    ("center", "half", "box"),
    [
        ((0.123, -45.67), (1.0, 10.0), ((-0.9, 1.1), (-56.0, -36.0))),
        ((1234.5, 0.0), (340.0, 0.0123), ((890.0, 1570.0), (-0.012, 0.012))),
    ],
)
def test_edges_are_rounded_to_two_digits_of_the_half_width(center, half, box):
    assert rounded_box(np.array(center), np.array(half)) == (
        pytest.approx(box[0], rel=1e-12),
        pytest.approx(box[1], rel=1e-12),
    )


@given(center=SIZES, half=st.floats(1e-6, 1e6))
def test_rounding_moves_an_edge_by_at_most_a_twentieth_of_the_half_width(center, half):
    for low, high in rounded_box(np.array([center, center]), np.array([half, half])):
        assert low < high
        assert abs(low - (center - half)) <= 0.0501 * half
        assert abs(high - (center + half)) <= 0.0501 * half


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1)])
def test_points_of_another_length_are_rejected(shape):
    with pytest.raises(ValueError, match=r"theta must have shape \(\.\.\., 2\); not \("):
        as_points(np.zeros(shape), 2)


def test_frozen_is_a_copy():
    original = np.arange(3)
    copy = frozen(original)
    original[0] = 9
    assert copy.tolist() == [0.0, 1.0, 2.0]
    assert copy.dtype == np.float64
