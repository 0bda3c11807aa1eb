"""The data, in their own units or in standard deviations."""

import losses

from .source import array_literal


def data_section(problem: losses.DataProblem) -> list[str]:
    data, model = problem.data, problem.model
    lines = [f"x = {array_literal(data.x)}", f"y = {array_literal(data.y)}"]
    if problem.scaling is not None:
        of = "axis=0" if data.x.ndim > 1 else ""
        x, y = (f"(x - x.mean({of}))", "(y - y.mean())") if model.centered else ("x", "y")
        blank = (data.inputs.std(axis=0) == 0).any()
        spread = f"np.where(x.std({of}) > 0, x.std({of}), 1)" if blank else f"x.std({of})"
        lines.append(f"x = {x} / {spread}")
        if data.task == "regression":
            lines.append(f"y = {y} / y.std()")
    lines.append("X = x" if model.expression else "X = np.column_stack([x, np.ones(len(y))])")
    return lines
