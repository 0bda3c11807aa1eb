"""What can be put beside a state: another loss, other data, or the other way to measure."""

import losses
from app.problems import data_of, loss_of
from app.readers import Rejected, Values

RAW, STANDARDIZED = "raw", "standardized"


def comparable(values: Values) -> dict[str, str]:
    """What can be put beside a state, and the key of the link that it would change."""
    data = data_of(values)
    if data is None:
        return {}
    model, loss = values["model"], loss_of(values)
    others = [
        key
        for key, other in losses.DATASETS.items()
        if other.task == data.task
        and key != data.key
        and model in losses.allowed_models(other)
        and not losses.why_not_loss(other, losses.MODELS[model], loss)
    ]
    fitting = [key for key in losses.allowed_losses(data, model) if key != loss.key]
    measured = RAW if values["standardize"] else STANDARDIZED
    return {**dict.fromkeys(fitting, "loss"), **dict.fromkeys(others, "data"), measured: "standardize"}


def read_vs(text: str, values: Values) -> str:
    found = comparable(values)
    if text and text not in found:
        raise Rejected(f"Beside it there can be {', '.join(found) or 'nothing'}.")
    return text
