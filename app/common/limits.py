"""How much of everything there may be. Cost is bounded here, by inputs, and nowhere by a clock."""

import os
from typing import Final

BODY: Final = 200_000
"""Bytes of a request's body: all the points that may stay in the browser, and the link."""
PASTE: Final = 1_000_000
"""Bytes of a pasted table."""
ROWS: Final = 2_000
"""Rows of data of one's own."""
POINTS: Final = 150_000
"""Characters of data of one's own, as they are spelled."""
QUERY: Final = 8_000
"""Bytes of an address's query; beyond it the address is not even read."""
LINK: Final = 2_000
"""Characters of a link; a longer one opens the first screen and says so."""
DEPTH: Final = 12
"""Brackets within brackets in a body. The page sends five."""
KNOWN: Final = 50
"""Figures that a page may say it has."""
FIGURE: Final = 400
"""Characters of the name of a figure."""
CHANGES: Final = 40
"""Controls turned in one request."""

EDITS: Final = 20
"""Examples changed by hand."""
RIVALS: Final = 4
"""Optimizers that race against the first."""
STEPS: Final = 1_000
"""Steps of a run."""
WORK: Final = 1e9
"""Multiplications of a run, about two seconds of a core; a run that would take more has fewer steps."""
FAN: Final = 5e7
"""Multiplications of a run at every stop of the rate; beyond it each rate is asked for by itself."""
BASINS: Final = 1e9
"""Multiplications of a picture of basins, in all its answers; beyond it the grid is coarser, then the runs shorter."""
PART: Final = 2.5e7
"""Multiplications of one of these answers, some tenths of a second of a core."""
PARTS: Final = 100
"""More parts than a picture ever has."""
GRID, COARSE = 101, 51
"""Points along a side of a surface: usually, and where a problem is heavy."""
HEAVY: Final = 3_000
"""Problems with more scores than this are drawn on a coarser grid."""

LONG: Final = 0.02
"""Seconds of a computation after which others no longer wait for its end but take turns with it."""
COMPUTING: Final = 4
"""Requests of one process that compute at a time, all but the last of them long ones; two at once cost a sixth more."""
WAITING: Final = int(os.environ.get("LOSSLAB_WAITING") or 80)
"""Requests of one process that wait for their turn; one more is told to come again."""
COME_AGAIN: Final = 2
"""Seconds after which a request that found no room should come again."""

PAGES: Final = 16_000_000
"""Bytes of compressed first pages that a process keeps."""
FANS: Final = 8_000_000
"""Bytes of compressed fans that a process keeps."""
FILES: Final = 16_000_000
"""Bytes of compressed files that a process keeps."""
