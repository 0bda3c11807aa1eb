"""What the server sends, as the browser decodes it."""

import json

from app.page import scene as page_scene
from app.protocol.base import encode


def sent(value):
    """Return a value of the protocol as the browser decodes it."""
    return json.loads(encode(value))


def scene(*arguments):
    """Return a scene as the browser decodes it."""
    return sent(page_scene.scene(*arguments))


def moment(experiment, k):
    """Return the moment of step ``k`` as the browser decodes it."""
    return sent(page_scene.RunTexts(experiment).moment(k))
