"""What the server sends, as the browser decodes it."""

from app.page import scene as page_scene
from tools.support.sent import sent


def scene(*arguments):
    """Return a scene as the browser decodes it."""
    return sent(page_scene.scene(*arguments))


def moment(experiment, k):
    """Return the moment of step ``k`` as the browser decodes it."""
    return sent(page_scene.RunTexts(experiment).moment(k))
