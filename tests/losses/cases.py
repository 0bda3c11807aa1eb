"""Every problem that the registries allow, for tests that run over all of them."""

import losses

PROBLEMS = [
    losses.problem(data, model, loss, standardize=standardize)
    for data in losses.DATASETS.values()
    for model in losses.allowed_models(data)
    for loss in losses.allowed_losses(data, model)
    for standardize in (False, True)
] + list(losses.TEST_FUNCTIONS.values())


def name(problem: losses.Problem) -> str:
    scaled = getattr(problem, "scaling", None) is not None
    return problem.key.replace(" ", "-") + ("-standardized" if scaled else "")
