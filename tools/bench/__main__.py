"""Measure how much faster the project is than plain ways to do the same, as ratios; ``make bench``.

The results go to ``tools/bench/results.json``, from which ``make generate`` makes a table.
"""

import json
from dataclasses import asdict
from pathlib import Path

from tools.bench import batches, browser, kernels, memory, page, slices
from tools.bench.measure import machine

RESULTS = Path(__file__).with_name("results.json")
PARTS = (kernels, slices, batches, page, memory, browser)


def main() -> None:
    """Run all benchmarks, print each row as it is measured, and store the rows."""
    limits = machine()
    print("one thread: " + ", ".join(f"{rate / 1e9:.3g} G{name}/s" for name, rate in limits.items()))
    found = []
    for part in PARTS:
        for row in part.rows(limits):
            found.append(row)
            name, value, asked = row.cells()
            print(
                f"{name:72s} {value:>8s} {asked:>16s} {'' if row.kept else 'MISSED':6s} {row.note}",
                flush=True,
            )
    answer = {"machine": limits, "rows": [asdict(row) for row in found]}
    RESULTS.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
