"""Hold certificates of linear models against exact arithmetic and searches for lower points.

A point that is found proves a claim false whatever the accuracy of the search; that none is found proves
nothing.
"""

from fractions import Fraction
from itertools import combinations

import numpy as np
from mpmath import mp
from scipy.optimize import linprog, minimize

import losses
from losses.core.exact_rank import exact_rank
from losses.core.least_squares import design_matrix
from losses.expression.parser import parse_formula
from tests.support.wild_formulas import oracle

MAX_EXACT_SIZE = 60
"""Rows times columns up to which separability is decided exactly."""
MAX_EXACT_MISTAKES = 1
"""Rules with so many mistakes are looked for exactly."""


def exact_null_space(rows):
    """Return a basis of the vectors v with ``rows @ v = 0``, as lists of fractions."""
    rows, width = [list(map(Fraction, row)) for row in rows], len(rows[0])
    pivots = []
    for column in range(width):
        index = next((i for i in range(len(pivots), len(rows)) if rows[i][column]), None)
        if index is None:
            continue
        top = len(pivots)
        rows[top], rows[index] = rows[index], rows[top]
        rows[top] = [entry / rows[top][column] for entry in rows[top]]
        for i, row in enumerate(rows):
            if i != top and row[column]:
                factor = row[column]
                rows[i] = [a - factor * b for a, b in zip(row, rows[top], strict=True)]
        pivots.append(column)
    free = [column for column in range(width) if column not in pivots]
    basis = []
    for column in free:
        vector = [Fraction(0)] * width
        vector[column] = Fraction(1)
        for i, pivot in enumerate(pivots):
            vector[pivot] = -rows[i][column]
        basis.append(vector)
    return basis


def exact_least_squares_loss(x, y):
    """Return the lowest mean squared error of a line, without rounding errors, as a float."""
    a = [[*map(Fraction, row), Fraction(1)] for row in x.tolist()]
    b, d = list(map(Fraction, y.tolist())), len(a[0])
    system = [
        [sum(row[i] * row[j] for row in a) for j in range(d)]
        + [-sum(row[i] * t for row, t in zip(a, b, strict=True))]
        for i in range(d)
    ]
    solution = next(vector for vector in exact_null_space(system) if vector[-1])
    theta = [entry / solution[-1] for entry in solution[:-1]]
    squares = [
        (sum(p * q for p, q in zip(row, theta, strict=True)) - t) ** 2 for row, t in zip(a, b, strict=True)
    ]
    return float(sum(squares) / len(b))


def feasible_exactly(rows, strict):
    """Whether some v has ``rows @ v >= 0`` with the sum positive, or all positive if ``strict``; exact.

    By Fourier and Motzkin's elimination in fractions: the rows are few.
    """
    d = len(rows[0])
    constraints = {(*map(Fraction, row), Fraction(0), strict) for row in rows}
    if not strict:  # with a sum of at least 1 of all rows
        total = [sum(map(Fraction, column)) for column in zip(*rows, strict=True)]
        constraints.add((*total, Fraction(-1), False))
    for column in range(d):
        constraints = _eliminated(constraints, column)
    return all(offset > 0 or (offset == 0 and not is_strict) for *_, offset, is_strict in constraints)


def _eliminated(constraints, column):
    """Eliminate a variable from constraints ``(a, c, strict)``: a·v + c ≥ 0, or > 0 if strict."""
    kept, positive, negative = set(), [], []
    for constraint in constraints:
        entry = constraint[column]
        if entry == 0:
            kept.add(constraint)
            continue
        scaled = (*(value / abs(entry) for value in constraint[:-1]), constraint[-1])
        (positive if entry > 0 else negative).append(scaled)
    for p in _tightest(positive):
        for q in _tightest(negative):
            total = tuple(a + b for a, b in zip(p[:-1], q[:-1], strict=True))
            kept.add((*total, p[-1] or q[-1]))
    return kept


def _tightest(constraints):
    """Return the constraints without those that another one with the same coefficients implies."""
    tightest = {}
    for *a, c, is_strict in constraints:
        found = tightest.get(key := tuple(a))
        tightest[key] = min(found or (c, not is_strict), (c, not is_strict))
    return [(*a, c, not is_weak) for a, (c, is_weak) in tightest.items()]


def frame_of(p):
    """Return the matrix from coordinates with orthonormal scores to parameters, by singular vectors."""
    x = p.x.astype(np.longdouble)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    z = ((x - mean) / scale).astype(float)
    _, s, vectors = np.linalg.svd(z / np.sqrt(len(z)), full_matrices=False)
    keep = s > 1e-12 * s[0]
    slopes = (vectors[keep].T / s[keep]) / scale[:, None].astype(float)
    count = p.dim // (x.shape[1] + 1)
    per_score = np.zeros((x.shape[1] + 1, keep.sum() + 1))
    per_score[:-1, :-1], per_score[-1, -1] = slopes, 1.0
    per_score[-1, :-1] = -(mean.astype(float) @ slopes)
    return np.kron(np.eye(count), per_score)


def lowest_found(p, starts=()):
    """Return the lowest loss of a linear model's problem that SciPy finds, and where."""
    matrix = frame_of(p)
    inverse = np.linalg.pinv(matrix)
    best = (np.inf, None)
    rng = np.random.default_rng(0)
    scale = np.abs(p.y).max() + 1.0
    for phi in (
        *(inverse @ s for s in starts),
        np.zeros(matrix.shape[1]),
        scale * rng.normal(size=matrix.shape[1]),
    ):
        options = {"maxiter": 500, "gtol": 1e-14}
        with np.errstate(all="ignore"):
            methods = ("BFGS", "trust-exact") if p.smooth else ("Nelder-Mead",)
            for method in methods:
                try:
                    result = minimize(
                        lambda phi: float(p.value(matrix @ phi)),
                        phi,
                        jac=(lambda phi: p.gradient(matrix @ phi) @ matrix) if p.smooth else None,
                        hess=(lambda phi: matrix.T @ p.hessian(matrix @ phi) @ matrix)
                        if method == "trust-exact"
                        else None,
                        method=method,
                        options=options if p.smooth else {"maxiter": 2000, "xatol": 1e-8, "fatol": 1e-12},
                    )
                except (np.linalg.LinAlgError, ValueError, UnboundLocalError):
                    continue
                value = float(p.value(matrix @ result.x))
                if value < best[0]:
                    best = (value, matrix @ result.x)
    for theta in linear_programming_points(p):
        value = float(p.value(theta))
        if value < best[0]:
            best = (value, theta)
    return best


def linear_programming_points(p):
    """Return the optimum of a piecewise linear loss without an L2 penalty, by HiGHS; else nothing."""
    if p.l2 or p.loss.key not in ("mae", "quantile", "hinge"):
        return []
    matrix, n, is_hinge = frame_of(p), len(p.y), p.loss.key == "hinge"
    rows = design_matrix(p.x) @ matrix
    median, scale = (0.0, 1.0) if is_hinge else (np.median(p.y), np.abs(p.y - np.median(p.y)).max() or 1.0)
    if is_hinge:
        rows, target, above, below = rows * np.where(p.y > 0.5, 1.0, -1.0)[:, None], np.ones(n), 0.0, 1.0
    else:
        target, tau = (p.y - median) / scale, p.loss.settings[0].default if p.loss.settings else 0.5
        factor = 1.0 if p.loss.settings else 2.0
        above, below = factor * (1.0 - tau), factor * tau
    above, below = np.full(n, above / n), np.full(n, below / n)
    if p.l1:
        weights = matrix[p.penalized]
        rows, target = np.concatenate([rows, weights]), np.append(target, np.zeros(len(weights)))
        above, below = (np.append(cost, np.full(len(weights), p.l1)) for cost in (above, below))
    eye, free = np.eye(len(rows)), [(None, None)] * rows.shape[1]
    result = linprog(
        np.concatenate([np.zeros(rows.shape[1]), above, below]),
        A_eq=np.column_stack([rows, -eye, eye]),
        b_eq=target,
        bounds=free + [(0, None)] * 2 * len(rows),
        method="highs",
    )
    if result.x is None:
        return []
    theta = matrix @ result.x[: rows.shape[1]] * scale
    theta[-1] += median
    return [theta]


def exact_loss(p, theta):
    """Return the loss at one point; of own losses without rounding errors, by mpmath."""
    if p.loss.key != "own":
        return float(p.value(theta))
    node = parse_formula(p.loss.expression, ("r", "p", "y"))
    with mp.workdps(60):
        *weights, intercept = (mp.mpf(entry) for entry in theta.tolist())
        total = mp.mpf(0)
        for row, y in zip(p.x.tolist(), p.y.tolist(), strict=True):
            z = sum((w * mp.mpf(x) for w, x in zip(weights, row, strict=True)), intercept)
            total += oracle(node, {"r": z - mp.mpf(y), "p": z, "y": y}, 60, saturates=True)
        penalty = sum(mp.mpf(p.l1) * abs(w) + mp.mpf(p.l2) * w * w for w in weights)
        return total / len(p.y) + penalty


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
        if (fewer := fewer_mistakes(p, round(c.loss * len(p.y)))) is not None:
            yield f"lowest {c.loss}, but some rule makes {fewer} mistakes"
        return
    found, theta = lowest_found(p, starts)
    if found < c.loss - tolerance_of(p, c) and exact_loss(p, theta) < c.loss - tolerance_of(p, c):
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


def fewer_mistakes(p, mistakes):
    """Return the mistakes of a linear rule that makes fewer than ``mistakes``, decided exactly, or None."""
    rows = margin_rows(p)
    if p.l1 or p.l2 or rows.size > MAX_EXACT_SIZE:
        return None
    for fewer in range(min(mistakes, MAX_EXACT_MISTAKES + 1)):
        for wrong in combinations(range(len(rows)), fewer):
            signs = np.ones(len(rows))
            signs[list(wrong)] = -1.0
            if feasible_exactly((rows * signs[:, None]).tolist(), strict=True):
                return fewer
    return None


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
    others = np.array([*others, *linear_programming_points(p)])
    distance = np.abs(p.score(others) - p.score(c.optimum)).reshape(len(others), -1).max(axis=1)
    is_far = distance > 1e-4 * size + 1e3 * np.array([score_error(p, other) for other in others])
    for other in others[is_far & (p.value(others) <= c.loss * (1.0 + 1e-15))]:
        if not exact_loss(p, other) > exact_loss(p, c.optimum):
            yield f"unique, but {other} is as low as {c.optimum}"
            return


def _false_neighbors(p, c):
    if c.optimum is None or (p.convex and c.lowest is not losses.YES):
        return
    matrix, rng = frame_of(p), np.random.default_rng(2)
    size = np.abs(p.score(c.optimum)).mean() + np.abs(p.y - np.median(p.y)).mean()
    # A share of mistakes changes by jumps: its neighborhoods without lower losses may be small.
    for share in (1e-2, 1e-4) if not p.loss.counts_mistakes or c.lowest is losses.YES else (1e-9,):
        near = c.optimum + share * size * rng.normal(size=(300, matrix.shape[1])) @ matrix.T
        lowest = near[np.argmin(p.value(near))]
        if max(float(p.value(lowest)), exact_loss(p, lowest)) < c.loss - tolerance_of(p, c):
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
