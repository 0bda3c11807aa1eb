"""What the dialog for custom data shows of a pasted text."""

from .base import ProtocolStruct


class CsvColumn(ProtocolStruct, frozen=True):
    """A column of a pasted table."""

    name: str
    numeric: bool
    """Whether most of its cells are numbers."""


class CsvTable(ProtocolStruct, frozen=True):
    """A pasted table: its columns, first rows and the choices made for it."""

    columns: list[CsvColumn]
    rows: list[tuple[str, ...]]
    """The first rows."""
    count: int
    """The number of all rows."""
    header: bool
    """Whether the first row of the text holds the names of the columns."""
    inputs: tuple[int, ...]
    """The positions of the input columns."""
    target: int
    """The position of the target column."""
    task: str


class CsvPreview(ProtocolStruct, frozen=True):
    """A pasted text as a table and, if the choices make one, as a dataset."""

    problem: str
    """A sentence on what is wrong; empty if nothing is."""
    points: str = ""
    """The dataset in link syntax; empty if there is none."""
    fits_link: bool = False
    """Whether the dataset is short enough for a link."""
    table: CsvTable | None = None
    """Null if the text is not a table."""
