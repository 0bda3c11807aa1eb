"""How much of everything there may be. Cost is bounded here, by inputs, and nowhere by a clock."""

import os
from typing import Final

MAX_BODY_BYTES: Final = 200_000
"""Bytes of a request's body: all the points that may stay in the browser, and the link."""
MAX_PASTE_BYTES: Final = 1_000_000
"""Bytes of a pasted table."""
MAX_DATA_ROWS: Final = 2_000
"""Rows of data of one's own."""
MAX_POINTS_CHARACTERS: Final = 150_000
"""Characters of data of one's own, as they are spelled."""
MAX_QUERY_BYTES: Final = 8_000
"""Bytes of an address's query; beyond it the address is not even read."""
MAX_LINK_CHARACTERS: Final = 2_000
"""Characters of a link; a longer one opens the first screen and says so."""
MAX_JSON_DEPTH: Final = 12
"""Brackets within brackets in a body. The page sends five."""
MAX_KNOWN_FIGURES: Final = 50
"""Figures that a page may say it has."""
MAX_FIGURE_NAME_CHARACTERS: Final = 400
"""Characters of the name of a figure."""
MAX_CHANGES: Final = 40
"""Controls turned in one request."""

MAX_EDITED_EXAMPLES: Final = 20
"""Examples changed by hand."""
MAX_RACE_ENTRIES: Final = 4
"""Optimizers that race against the first."""
MAX_STEPS: Final = 1_000
"""Steps of a run."""
MAX_RUN_OPERATIONS: Final = 1e9
"""Multiplications of a run, about two seconds of a core; a run that would take more has fewer steps."""
MAX_RATE_PREVIEW_OPERATIONS: Final = 5e7
"""Multiplications of a run at every stop of the rate; beyond it each rate is asked for by itself."""
MAX_BASIN_OPERATIONS: Final = 1e9
"""Multiplications of a picture of basins, in all its answers; beyond it the grid is coarser, then the runs shorter."""
MAX_TILE_OPERATIONS: Final = 2.5e7
"""Multiplications of one of these answers, some tenths of a second of a core."""
MAX_TILES: Final = 100
"""More parts than a picture ever has."""
GRID_SIZE, COARSE_GRID_SIZE = 101, 51
"""Points along a side of a surface: usually, and where a problem is heavy."""
HEAVY_SCORE_COUNT: Final = 3_000
"""Problems with more scores than this are drawn on a coarser grid."""

LONG_REQUEST_SECONDS: Final = 0.02
"""Seconds of a computation after which others no longer wait for its end but take turns with it."""
MAX_COMPUTING_REQUESTS: Final = 4
"""Requests of one process that compute at a time, all but the last of them long ones; two at once cost a sixth more."""
MAX_WAITING_REQUESTS: Final = int(os.environ.get("LOSSLAB_WAITING") or 80)
"""Requests of one process that wait for their turn; one more is told to come again."""
RETRY_AFTER_SECONDS: Final = 2
"""Seconds after which a request that found no room should come again."""

PAGE_CACHE_BYTES: Final = 16_000_000
"""Bytes of compressed first pages that a process keeps."""
PREVIEW_CACHE_BYTES: Final = 8_000_000
"""Bytes of compressed fans that a process keeps."""
FILE_CACHE_BYTES: Final = 16_000_000
"""Bytes of compressed files that a process keeps."""
