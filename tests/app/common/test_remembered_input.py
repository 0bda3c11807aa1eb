"""What is remembered of input is bounded by bytes: a number of entries bounds nothing if one may be large."""

import gc
import tracemalloc

import pytest

import losses
from app.problem_setup.build import edited_dataset
from app.problem_setup.tables.csv_import import preview_table

MAX_REMEMBERED_BYTES = 20_000_000


def paste_long_cells(number):
    """Paste a table of 40 cells of 20,000 characters, which no other paste has."""
    cells = [f"{number}{i}".zfill(4) + "1" * 20_000 for i in range(40)]
    preview_table("\n".join(f"{i},{cell}" for i, cell in enumerate(cells)))


def edit_digits(number):
    """Change the label of one image."""
    edited_dataset(losses.DATASETS["digits"], 0, (), ((number, 1.0),))


@pytest.mark.slow
@pytest.mark.parametrize("give_input", [paste_long_cells, edit_digits])
def test_little_is_remembered_of_much_input(give_input):
    give_input(999)
    tracemalloc.start()
    for number in range(30):
        give_input(number)
    gc.collect()
    remembered, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert remembered <= MAX_REMEMBERED_BYTES
