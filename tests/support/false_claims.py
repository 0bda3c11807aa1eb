"""Hold certificates of problems of linear models against exact arithmetic and searches for lower points."""

import numpy as np

import losses
from losses.core.exact_rank import exact_rank
from losses.core.least_squares import design_matrix
from tests.support.lower_points import (
    exact_least_squares_loss,
    feasible_exactly,
    frame_of,
    linear_programming_points,
    lowest_found,
)

MAX_EXACT_SIZE = 60
"""Rows times columns up to which separability is decided exactly."""


def score_error(p, theta):
    """Return by how much rounding may change a score at some parameters: far from 0 weights cancel."""
    size = np.abs(p.x).max(axis=0) @ np.abs(theta.reshape(-1, p.x.shape[1] + 1)[:, :-1]).max(axis=0)
    return 16 * np.finfo(float).eps * (size + np.abs(theta).max() + np.abs(p.y).max())


def tolerance_of(p, c):
    """Return by how much a loss may be off: rounding errors of the losses near it."""
    rounding = 0.0
    if c.optimum is not None:
        slope = np.abs(p.of_score.slope(p.score(c.optimum))).max()
        rounding = slope * score_error(p, c.optimum)
    return 1e-7 * abs(c.loss) + 1e-12 * abs(float(p.value(np.zeros(p.dim)))) + rounding


def false_claims(p):
    """Return a sentence for each claim of the certificate of ``p`` that is found to be false."""
    c = losses.certify(p)
    with np.errstate(all="ignore"):
        return [
            *_false_values(p, c),
            *_false_existence(p, c),
            *_false_uniqueness(p, c),
            *_false_neighbors(p, c),
            *_false_curvature(p, c),
        ]


def _false_values(p, c):
    if c.loss is None or c.lowest is not losses.YES:
        return
    if c.optimum is not None and abs(float(p.value(c.optimum)) - c.loss) > tolerance_of(p, c):
        yield f"the loss at the optimum is {float(p.value(c.optimum))}, not {c.loss}"
    starts = () if c.optimum is None else (c.optimum,)
    if p.loss.key == "zero_one":
        return
    found, theta = lowest_found(p, starts)
    if found < c.loss - tolerance_of(p, c):
        yield f"lowest {c.loss}, but {found} at {theta}"
    if p.quadratic and not p.l2 and p.scaling is None:
        exact = exact_least_squares_loss(p.x, p.y)
        if exact < c.loss - tolerance_of(p, c):
            yield f"lowest {c.loss}, but exactly {exact}"


def margin_rows(p):
    """Return rows whose products with parameters are the margins of two classes, or None for others."""
    if p.data.task != "binary":
        return None
    return design_matrix(p.data.inputs) * np.where(p.y > 0.5, 1.0, -1.0)[:, None]


def _false_existence(p, c):
    if c.exists is losses.UNKNOWN:
        return
    is_penalized = bool(p.l1 or p.l2)
    if c.exists is losses.NO and (p.data.task == "regression" or is_penalized) and p.loss.attains_minimum:
        yield "no minimum, but there is one"
    rows = margin_rows(p)
    if rows is None or is_penalized or rows.size > MAX_EXACT_SIZE or not p.loss.vanishes_for_large_margins:
        return
    if p.loss.key in ("mae", "mse"):
        return
    is_separable = feasible_exactly(rows.tolist(), strict=False)
    if is_separable == c.exists.value:
        yield f"exists {c.exists}, but separable {is_separable}"


def _false_uniqueness(p, c):
    if c.optimum is None or c.unique is losses.UNKNOWN:
        return
    if c.unique is losses.NO:
        is_full = exact_rank(design_matrix(p.data.inputs)) == p.x.shape[1] + 1
        if p.quadratic and is_full:
            yield "not unique, but the inputs are independent"
        return
    matrix, rng = frame_of(p), np.random.default_rng(1)
    directions = [*np.eye(matrix.shape[1]), *rng.normal(size=(200, matrix.shape[1]))]
    hessian = matrix.T @ p.hessian(c.optimum) @ matrix
    if np.isfinite(hessian).all():
        directions += list(np.linalg.eigh(hessian)[1].T)
    size = np.abs(p.score(c.optimum)).mean() + np.abs(p.y - np.median(p.y)).mean()
    others = [c.optimum + sign * 1e-3 * size * (matrix @ v) for v in directions for sign in (1.0, -1.0)]
    others += linear_programming_points(p)
    for other in others:
        distance = np.abs(p.score(other) - p.score(c.optimum)).max()
        if distance > 1e-4 * size + 1e3 * score_error(p, other) and float(p.value(other)) <= c.loss * (
            1.0 + 1e-15
        ):
            yield f"unique, but {other} is as low as {c.optimum}"
            return


def _false_neighbors(p, c):
    if c.optimum is None or (p.convex and c.lowest is not losses.YES):
        return
    matrix, rng = frame_of(p), np.random.default_rng(2)
    size = np.abs(p.score(c.optimum)).mean() + np.abs(p.y - np.median(p.y)).mean()
    for share in (1e-2, 1e-4):
        near = c.optimum + share * size * rng.normal(size=(300, matrix.shape[1])) @ matrix.T
        if float(p.value(near).min()) < c.loss - tolerance_of(p, c):
            yield f"a neighbor has the loss {float(p.value(near).min())}, below {c.loss}"
            return


def _false_curvature(p, c):
    if c.lipschitz is None or c.scope not in ("bound", "exact"):
        return
    matrix, rng = frame_of(p), np.random.default_rng(3)
    points = rng.normal(size=(20, matrix.shape[1])) @ matrix.T * (1.0 + np.abs(p.y).max())
    top = max(float(np.linalg.eigvalsh(p.hessian(theta))[-1]) for theta in points)
    if top > c.lipschitz * (1.0 + 1e-9):
        yield f"largest curvature {c.lipschitz}, but {top}"
