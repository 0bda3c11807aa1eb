"""A formula written down: as TeX for people, as NumPy for a script."""

from losses.expression.node import NAME, NUMBER, POWER, Node
from losses.expression.operations import BARE, OPERATIONS

_POWER_RANK = 4


def tex(node: Node) -> str:
    """The formula as TeX."""
    return _tex(node)[0]


def numpy_source(node: Node) -> str:
    """The formula as a Python expression over ``np``; names stay as they are."""
    return _numpy(node)[0]


def _number(value: float) -> tuple[str, int]:
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return text, (BARE if value >= 0 else 3)


def _bracketed(spelled: tuple[str, int], least: int, opening: str = "(", closing: str = ")") -> str:
    text, rank = spelled
    return text if rank >= least else f"{opening}{text}{closing}"


def _parts(node: Node, spelled: list[tuple[str, int]]) -> list[str]:
    """Parts with the brackets that they need: the right one of a difference or a quotient binds tighter."""
    rank = OPERATIONS[node.op].rank
    if rank == BARE:
        return [text for text, _ in spelled]
    return [_bracketed(part, rank + (i > 0 and node.op in "-/")) for i, part in enumerate(spelled)]


def _numpy(node: Node) -> tuple[str, int]:
    if node.op == NUMBER:
        return _number(node.number)
    if node.op == NAME:
        return node.name, BARE
    if _compares(node):
        return f"1.0 * ({_condition(node)})", OPERATIONS["*"].rank
    parts = [_numpy(part) for part in node.parts]
    if node.op == "where":
        parts[0] = _condition(node.parts[0]), BARE
    if node.op == POWER:
        return f"{_bracketed(parts[0], _POWER_RANK + 1)}**{_number(node.number)[0]}", _POWER_RANK
    return OPERATIONS[node.op].numpy.format(*_parts(node, parts)), OPERATIONS[node.op].rank


def _compares(node: Node) -> bool:
    return node.op in OPERATIONS and OPERATIONS[node.op].rank == 0


def _condition(node: Node) -> str:
    """What decides: a comparison as it is, anything else where it is not zero."""
    if _compares(node):
        return OPERATIONS[node.op].numpy.format(*(_bracketed(_numpy(part), 1) for part in node.parts))
    return f"{_bracketed(_numpy(node), 1)} != 0"


def _tex(node: Node) -> tuple[str, int]:
    if node.op == NUMBER:
        text, rank = f"{node.number:.6g}", BARE if node.number >= 0 else 3
        mantissa, _, exponent = text.partition("e")
        return (rf"{mantissa}\cdot 10^{{{int(exponent)}}}", 2) if exponent else (text, rank)
    if node.op == NAME:
        return node.name, BARE
    if node.op == POWER and node.number == 0.5:
        return rf"\sqrt{{{_tex(node.parts[0])[0]}}}", BARE
    parts = [_tex(part) for part in node.parts]
    if node.op == POWER:
        return f"{_bracketed(parts[0], _POWER_RANK + 1, '{(', ')}')}^{{{node.number:.4g}}}", _POWER_RANK
    if node.op == "where":
        parts[0] = parts[0][0].strip("[]"), BARE
    if node.op == "/":
        return OPERATIONS["/"].tex.format(*(text for text, _ in parts)), BARE
    return OPERATIONS[node.op].tex.format(*_parts(node, parts)), OPERATIONS[node.op].rank or BARE
