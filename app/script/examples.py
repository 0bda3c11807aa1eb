"""The data, in their own units or in standard deviations."""

import losses
from app.script.text import literal


def examples(problem: losses.DataProblem) -> list[str]:
    data, model = problem.data, problem.model
    lines = [f"x = {literal(data.x)}", f"y = {literal(data.y)}"]
    if problem.scaling is not None:
        x, y = ("(x - x.mean(axis=0))", "(y - y.mean())") if model.centered else ("x", "y")
        blank = (data.inputs.std(axis=0) == 0).any()
        spread = "np.where(x.std(axis=0) > 0, x.std(axis=0), 1)" if blank else "x.std(axis=0)"
        lines.append(f"x = {x} / {spread}")
        if data.task == "regression":
            lines.append(f"y = {y} / y.std()")
    lines.append("X = x" if model.expression else "X = np.column_stack([x, np.ones(len(y))])")
    return lines
