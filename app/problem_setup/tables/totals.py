"""Find rows that are no examples since they sum others up: totals, means and the sums of groups."""

import math
import re
from typing import Final

from .number_formats import COMMA, POINT, parse_number
from .records import NumberedRows

_MAX_TOTALS: Final = 8
"""Rows below a table that sum it up."""
_SUMS: Final = frozenset(
    name
    for line in (
        "total totals totalt totale totaal summe summa somme soma suma gesamt insgesamt razem ogółem celkem",
        "yhteensä összesen toplam ialt σύνολο итого всего कुल योग 合計 总计 總計 합계 σ",
    )
    for name in line.split()
)
_TOTALS: Final = frozenset(
    name
    for line in (
        "grand total|sum|mean|average|avg|mittel|mittelwert|durchschnitt|moyenne|media|promedio|median",
        "mediana|médiane|sd|std|std dev|std. dev.|stdev|standard deviation|standardabweichung|écart type",
        "écart-type|desviación estándar|min|max|minimum|maximum|mínimo|máximo|i alt|ø|gesamtdurchschnitt",
        "medel|medelvärde|snitt|gennemsnit|gjennomsnitt|gemiddelde|média|średnia|průměr|keskiarvo|átlag",
        "ortalama|среднее|平均|평균|overall average|class average|moyenne de la classe|klassenschnitt",
    )
    for name in line.split("|")
)
"""What the last rows of a table begin with that are no examples."""


def end_of_examples(rows: NumberedRows) -> int:
    """Return the position of the first of the last rows that are totals or other numbers on all examples.

    A last row alone that is called Max may be a child.
    """
    end = len(rows)
    while end > max(2, len(rows) - _MAX_TOTALS) and _total_word(rows[:end]):
        end -= 1
    return len(rows) if len(rows) - end == 1 and _total_word(rows) in ("min", "max") else end


def _total_word(rows: NumberedRows) -> str:
    """Return what the last row is called if it is a total of the others or another number on all; else ""."""
    *others, (_, cells) = rows
    i = next((i for i, cell in enumerate(cells) if cell), 0)
    word = cells[i].casefold().rstrip(": ")
    if not cells[0] and _are_sums(rows):
        return "total"
    is_total = (
        (word in _TOTALS or word.split(" ")[0] in _SUMS)
        and any(parse_number(cell) is not None for cell in cells)
        and all(row[i] != cells[i] for _, row in others)
    )
    return word if is_total else ""


def subtotals(rows: NumberedRows) -> set[int]:
    """Return the positions of rows that say that they are sums, and are those of the rows since the last."""
    found, start = set[int](), 0
    for i, (_, cells) in enumerate(rows):
        label = next((cell for cell in cells if cell), "").casefold()
        if _SUMS.isdisjoint(re.findall(r"\w+", label)):
            continue
        group, start = rows[start:i], i + 1
        sums = [_is_sum(c, [row[k] for _, row in group]) for k, c in enumerate(cells) if parse_number(c)]
        if group and sums and all(sums):
            found.add(i)
    return found


def begins_with_total(rows: NumberedRows) -> bool:
    """Tell whether the first row says that it is the sum of the others, and is so in a column."""
    (_, cells), *others = rows
    word = next((cell for cell in cells if cell), "").casefold().split(" ")[0].rstrip(":")
    return word in _SUMS and any(
        parse_number(cell) and _is_sum(cell, [row[i] for _, row in others]) for i, cell in enumerate(cells)
    )


def _are_sums(rows: NumberedRows) -> bool:
    """Tell whether each number of the last row is the sum of those above it, in three rows at least."""
    *others, (_, cells) = rows
    return len(others) > 2 and all(
        _is_sum(cell, [row[i] for _, row in others]) for i, cell in enumerate(cells) if cell
    )


def _is_sum(total: str, cells: list[str]) -> bool:
    """Tell whether a cell is the sum of the numbers in others."""
    numbers = [parse_number(cell) for cell in (total, *cells)]
    for mark in (POINT, COMMA):
        value, *values = [number.value(mark) if number else None for number in numbers]
        if value and None not in values and math.isclose(value, sum(map(float, filter(None, values)))):
            return True
    return False
