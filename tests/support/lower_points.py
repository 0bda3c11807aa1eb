"""Search for points that refute certificates: losses below the certified one, and second minimizers.

A point that is found proves a claim false whatever the accuracy of the search, as the losses there are
evaluated in extended precision; that none is found proves nothing.
"""

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog, minimize

from losses.core.least_squares import design_matrix


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
    for p in positive:
        for q in negative:
            total = tuple(a + b for a, b in zip(p[:-1], q[:-1], strict=True))
            kept.add((*total, p[-1] or q[-1]))
    return kept


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
                        options=options if p.smooth else {"maxiter": 2000, "xatol": 1e-12, "fatol": 1e-14},
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
