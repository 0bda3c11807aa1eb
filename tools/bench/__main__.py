"""``make bench``: how much faster things are than the plain way, as ratios in one run."""

import json
from dataclasses import asdict
from pathlib import Path

from tools.bench import batches, browser, kernels, memory, page, slices
from tools.bench.measure import machine

PARTS = (kernels, slices, batches, page, memory, browser)


def main() -> None:
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
    Path("bench.json").write_text(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
