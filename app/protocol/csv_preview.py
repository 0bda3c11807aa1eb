"""What the dialog for custom data shows of a pasted text or a file."""

from .base import ProtocolStruct


class CsvColumn(ProtocolStruct, frozen=True):
    """A column of a table."""

    name: str
    numeric: bool
    """Whether its cells are numbers or dates."""


class CsvPreview(ProtocolStruct, frozen=True):
    """A text as a table and, if the choices make one, as a dataset.

    Without a problem ``points`` is the dataset. ``columns`` is empty if the text is not a table.
    """

    problem: str = ""
    """A sentence on what is wrong; empty if nothing is."""
    points: str = ""
    """The dataset in link syntax; empty if there is none."""
    check: str = ""
    """The check of the dataset that its link carries: see ``points_check``."""
    travels: bool = False
    """Whether the dataset is short enough for a link, escapes included."""
    notes: tuple[str, ...] = ()
    """Sentences on what was left out and on readings that are not the only ones."""
    file_notes: tuple[str, ...] = ()
    """The same of the file that the text was in, such as hidden rows; they do not depend on the choices."""
    columns: tuple[CsvColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The first rows of the table."""
    total_rows: int = 0
    """The number of rows of the table."""
    count: int = 0
    """The number of rows of the dataset; without one, of the table."""
    header: bool = False
    """Whether the text holds the names of the columns."""
    inputs: tuple[int, ...] = ()
    """The positions of the input columns."""
    target: int = 0
    """The position of the target column."""
    task: str = ""
    decimal: str = ""
    """The decimal mark that was taken where the numbers leave it open; empty if they do not."""
    unlabeled: int = 0
    """The number of rows that lack nothing but a label."""
    keeps_unlabeled: bool = False
    """Whether these are kept as a class of their own."""
    text: str | None = None
    """The text of a file; null for a pasted text."""
    sheets: tuple[str, ...] = ()
    """The names of the sheets of a workbook."""
    sheet: int = 0
    """The position of the sheet that is shown."""
