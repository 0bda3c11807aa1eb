"""Measure how much faster the project is than straightforward implementations, as ratios; ``make bench``.

The results are written to ``tools/bench/results.json``, from which ``make generate`` makes the table in
``docs/run/performance.md``. Each benchmark is a module with a function ``rows(limits)``, where ``limits`` are
the operations per second of this machine as ``measure.machine`` returns them.
"""

import json
from dataclasses import asdict
from pathlib import Path

from tools.bench import batches, browser, kernels, memory, page, phone, slices
from tools.bench.measure import machine
from tools.support.provenance import provenance

RESULTS = Path(__file__).with_name("results.json")
BENCHMARKS = (kernels, slices, batches, page, memory, browser, phone)


def main() -> None:
    """Run all benchmarks, print each row as it is measured, and store the rows."""
    limits, browser_used = machine(), browser.browser_name()
    print("one thread: " + ", ".join(f"{rate / 1e9:.3g} G{name}/s" for name, rate in limits.items()))
    print(f"browser: {browser_used}", flush=True)
    measured = []
    for benchmark in BENCHMARKS:
        for row in benchmark.rows(limits):
            measured.append(row)
            name, value, bound = row.cells()
            print(
                f"{name:72s} {value:>8s} {bound:>16s} {'' if row.is_met else 'MISSED':6s} {row.note}",
                flush=True,
            )
    rows = [asdict(row) for row in measured]
    results = {**provenance(), "machine": limits, "browser": browser_used, "rows": rows}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
