"""Links that are out in the world, and what each of them means: ``links.tsv`` beside this file.

``python -m tools.links '?loss=mae' …`` adds links as they are understood today; a link that is there
already is written anew, which is right only where a release never understood it so.
"""

import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

from app.fields import FIELDS
from app.ground import descent
from app.state import State, parse, to_query
from losses.words import num

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "links.tsv"
KEYS = tuple(field.key for field in FIELDS)


class Meant(NamedTuple):
    """A link, every key of its state spelled out, and the loss at its step as the page says it."""

    link: str
    state: str
    loss: str


def corpus() -> list[Meant]:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return [Meant(*line.split("\t")) for line in lines if not line.startswith("#")]


def meant(link: str) -> Meant:
    """What a link means today; ValueError where the page would complain of it."""
    state, notices = parse(link)
    if notices:
        raise ValueError(f"{link}: {' '.join(notices)}")
    return Meant(link, to_query(state, keep=KEYS), loss_at(state))


def loss_at(state: State) -> str:
    run = descent(state)
    return num(float(run.loss[min(state.k, len(run.loss) - 1)]))


def pairs(query: str) -> dict[str, str]:
    return dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))


def add(links: list[str]) -> None:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    for link in links:
        line = "\t".join(meant(link))
        at = [i for i, old in enumerate(lines) if old.split("\t")[0] == link and "\t" in old]
        if at:
            lines[at[0]] = line
        else:
            lines.append(line)
    CORPUS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    add(sys.argv[1:])
