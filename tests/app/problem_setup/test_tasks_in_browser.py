"""The dialog for custom data names every task that a dataset may have."""

import re
from pathlib import Path

from losses.loss.base import BINARY, MULTICLASS, REGRESSION

DIALOG = Path(__file__).parents[3] / "assets" / "js" / "controls" / "csv_dialog.mjs"


def test_the_dialog_names_every_task():
    [names] = re.findall(r"const taskNames = \(\) => \(\{(.*?)\}\)", DIALOG.read_text(encoding="utf-8"), re.S)
    assert re.findall(r"(\w+): message", names) == [REGRESSION, BINARY, MULTICLASS]
