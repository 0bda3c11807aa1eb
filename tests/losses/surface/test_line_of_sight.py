"""From which side and how high a path is seen over the walls of a landscape."""

import math

import numpy as np
import pytest

from losses.surface.line_of_sight import AZIMUTHS, best_azimuth, horizons

NODES = np.linspace(0.0, 1.0, 201)
FLAT = np.zeros((201, 201))
POINT = np.array([[0.5, 0.5, 0.0]])


def test_the_horizon_of_a_wall_is_its_height_over_its_distance():
    wall = np.where(NODES[None, :] >= 0.75, 0.5, 0.0) * np.ones((201, 1))
    ahead, behind = horizons(wall, POINT, np.array([0.0, math.pi]))[:, 0]
    assert ahead == pytest.approx(0.5 / 0.25, rel=0.15)
    assert behind == 0.0


def test_a_plain_hides_nothing():
    assert horizons(FLAT, np.array([[0.1, 0.2, 0.0], [0.9, 0.4, 0.3]])).max() == 0.0


def test_every_elevation_above_the_horizon_sees_the_point():
    """Checked along the ray itself, on hills."""
    rng = np.random.default_rng(3)
    waves = rng.uniform(1.0, 9.0, (6, 2))
    hills = 0.5 + sum(np.sin(a * NODES[None, :] + b * NODES[:, None]) for a, b in waves) / 12.0
    points = np.column_stack([rng.uniform(0.2, 0.8, (20, 2)), np.zeros(20)])
    rows, columns = (np.rint(200 * points[:, axis]).astype(int) for axis in (1, 0))
    points[:, 2] = hills[rows, columns]
    tangents = horizons(hills, points)
    far = np.linspace(0.03, 1.4, 500)
    for i in range(0, len(AZIMUTHS), 5):
        for j, (x, y, z) in enumerate(points):
            at = (
                np.array([x, y])[:, None]
                + np.array([math.cos(AZIMUTHS[i]), math.sin(AZIMUTHS[i])])[:, None] * far
            )
            inside = ((at >= 0) & (at <= 1)).all(axis=0)
            ground = hills[np.rint(200 * at[1, inside]).astype(int), np.rint(200 * at[0, inside]).astype(int)]
            above = z + tangents[i, j] * far[inside] - ground
            assert above.min() > -0.05


def test_the_side_without_a_wall_is_taken():
    wall = np.where(NODES[None, :] >= 0.75, 1.0, 0.0) * np.ones((201, 1))
    azimuth, needed = best_azimuth(wall, POINT, 0.3)
    assert math.cos(azimuth) < 0.5
    assert needed < 1.0


def test_the_preferred_side_is_taken_where_no_wall_decides():
    for preferred in (math.radians(40), math.radians(-130)):
        azimuth, needed = best_azimuth(FLAT, POINT, preferred)
        assert abs(math.remainder(azimuth - preferred, math.tau)) < math.radians(20)
        assert needed == 0.0
