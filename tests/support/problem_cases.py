"""The problems that the contract tests run over.

Every dataset with the model that the page fits first, every pairing of a
model with a loss on the smallest dataset that allows it, each raw and
standardized, and every test function.
"""

import losses


def first_model(data: losses.Dataset) -> str:
    return data.model or losses.allowed_models(data)[0]


def pairings() -> dict[tuple[str, str, str], None]:
    """Keys (data, model, loss) in the order found, without doubles."""
    found = {}
    for data in losses.DATASETS.values():
        model = first_model(data)
        found[data.key, model, losses.MODELS[model].reference_loss[data.task]] = None
    by_size = sorted(losses.DATASETS.values(), key=lambda data: data.inputs.size)
    seen = set()
    for data in by_size:
        for model in losses.allowed_models(data):
            for loss in losses.allowed_losses(data, model):
                if (data.task, model, loss) not in seen:
                    seen.add((data.task, model, loss))
                    found[data.key, model, loss] = None
    return found


PAIRINGS = list(pairings())
PROBLEMS = [
    losses.problem(*keys, standardize=standardize) for keys in PAIRINGS for standardize in (False, True)
] + list(losses.TEST_FUNCTIONS.values())


def name(problem: losses.Problem) -> str:
    scaled = getattr(problem, "scaling", None) is not None
    return problem.key.replace(" ", "-") + ("-standardized" if scaled else "")
