"""The part of a script that defines the examples."""

import losses

from .source import array_literal


def data_section(problem: losses.DataProblem) -> list[str]:
    """Return lines that define ``x``, ``y`` and the matrix ``X`` of inputs, standardized if the problem is.

    X has shape ``(n, d + 1)`` with a last column of ones, except for a curve, where it is ``x``.
    """
    data, model = problem.data, problem.model
    lines = [f"x = {array_literal(data.x)}", f"y = {array_literal(data.y)}"]
    if problem.scaling is not None:
        axis = "axis=0" if data.x.ndim > 1 else ""
        x, y = (f"(x - x.mean({axis}))", "(y - y.mean())") if model.centered else ("x", "y")
        has_constant_input = (data.inputs.std(axis=0) == 0).any()
        deviation = f"x.std({axis})"
        if has_constant_input:
            deviation = f"np.where({deviation} > 0, {deviation}, 1)"
        lines.append(f"x = {x} / {deviation}")
        if data.task == "regression":
            lines.append(f"y = {y} / y.std()")
    lines.append("X = x" if model.expression else "X = np.column_stack([x, np.ones(len(y))])")
    return lines
