"""Limits on the size of inputs, the cost of computations, concurrent requests and caches.

The cost of a computation is estimated from its inputs and bounded before it starts. Only what takes far
longer than its estimate is stopped, after ``MAX_ANSWER_SECONDS``.
"""

from typing import Final

from . import environment

MAX_BODY_BYTES: Final = 200_000
"""Bytes of a request body. It holds the link and, if they are too long for a link, the pasted points."""
MAX_PASTE_BYTES: Final = 1_000_000
"""Bytes of a pasted or uploaded table."""
MAX_UNPACKED_BYTES: Final = 10_000_000
"""Bytes of a workbook when its archive is unpacked; an archive of 1 MB can hold gigabytes."""
MAX_WORKBOOK_ELEMENTS: Final = 700_000
"""Elements of all parts of a workbook that are read, about a second of one core."""
MAX_SHEET_CELLS: Final = 400_000
"""Cells of a sheet of a workbook, about a second of one core."""
MAX_COURSE_BYTES: Final = 1_000_000
"""Bytes of a course file."""
MAX_PICTURE_BYTES: Final = 500_000
"""Bytes of the picture of a lesson of a course."""
MAX_LESSON_CHARACTERS: Final = 1_700
"""Characters of a lesson in a link; what a student changes follows it, and all is at most a link."""
MAX_FIELD_CHARACTERS: Final = 5_000
"""Characters of a field of the form of a lesson; a lesson has fewer, which the form says."""
MAX_DRAFT_BYTES: Final = 300_000
"""Bytes of the form of a lesson, with the data of its page."""
MAX_LESSON_BYTES: Final = 20_000
"""Bytes of such a lesson when it is unpacked."""
MAX_PARSED_LINES: Final = 10_000
"""Lines of a pasted table that are parsed; of more a random sample is taken."""
MAX_COLUMNS: Final = 500
"""Columns of a pasted table, of which some are chosen."""
MAX_DATA_ROWS: Final = 2_000
"""Rows of a pasted dataset; of more a random sample is taken."""
MAX_POINTS_CHARACTERS: Final = 150_000
"""Characters of a pasted dataset in link syntax."""
MAX_QUERY_BYTES: Final = 8_000
"""Bytes of the query string of a URL; a longer one is rejected before it is parsed."""
MAX_LINK_CHARACTERS: Final = 2_000
"""Characters of a link; a longer one opens the default page with a notice."""
MAX_KNOWN_FIGURES: Final = 50
"""Names of figures that a request may list as already loaded in the browser."""
MAX_FIGURE_NAME_CHARACTERS: Final = 400
"""Characters of a figure's name."""
MAX_CHANGES: Final = 40
"""Controls changed in one request."""

MAX_EDITED_EXAMPLES: Final = 20
"""Examples moved or relabeled by hand."""
MAX_RACE_ENTRIES: Final = 4
"""Race entries besides the optimizer of the run."""
MAX_STEPS: Final = 1_000
"""Steps of a run."""
MIN_RATE: Final = 1e-300
"""Smallest learning rate."""
MAX_RATE: Final = 1e300
"""Largest learning rate."""
MAX_START: Final = 1e300
"""Largest absolute coordinate of a start."""
MAX_ANSWER_OPERATIONS: Final = 3.7e9
"""Multiplications of an answer, about a second of one core: the estimates exceed typical costs three times.

The budgets below are its parts; see ``problem_setup.price``.
"""
MAX_ANSWER_BYTES: Final = 1e8
"""Bytes that an answer holds at once."""
MAX_RUN_OPERATIONS: Final = 4e8
"""Multiplications in the runs of an answer; costlier runs get fewer steps."""
MAX_RUN_BYTES: Final = 3e7
"""Bytes of the runs of an answer, and of any other of its parts."""
MAX_SWEEP_OPERATIONS: Final = 7e8
"""Multiplications in the sweeps of a race; beyond it they try fewer rates, then the runs are shorter."""
MAX_SURFACE_OPERATIONS: Final = 6e8
"""Multiplications in a surface; beyond it the grid is coarser."""
MAX_FRAMES_OPERATIONS: Final = 1.2e9
"""Multiplications in the surfaces of all frames between two losses; beyond it their grids are coarser."""
MAX_REFERENCE_OPERATIONS: Final = 4.5e8
"""Multiplications in the run that places a slice; beyond it the run is shorter."""
MAX_PATH_OPERATIONS: Final = 2e8
"""Multiplications in the run that a window shows; beyond it the run is shorter."""
MAX_PATH_OPERATIONS_OF_SLICE: Final = 4e7
"""The same for a slice, which is placed by another run; the surface of a network takes what is left."""
MAX_VIEW_OPERATIONS: Final = 3e8
"""Multiplications in the runs that a view makes; beyond it they are fewer, then shorter."""
MAX_STEP_OPERATIONS: Final = 1.5e8
"""Multiplications in one step of an optimizer; one with a dearer step is not offered."""
MAX_PREVIEW_OPERATIONS: Final = 4e8
"""Multiplications in the runs at all slider stops together; beyond it there are fewer stops, or none."""
MAX_BASIN_OPERATIONS: Final = 5e10
"""Multiplications in a picture of basins, all tiles together.

Beyond it the grid becomes coarser, then the runs shorter.
"""
MAX_TILE_OPERATIONS: Final = 6e8
"""Multiplications in one basin tile, some tenths of a second of one core."""
MAX_TILES: Final = 100
"""Highest tile number that a request may name; no picture of basins has as many tiles."""
GRID_SIZE, COARSE_GRID_SIZE = 101, 51
"""Grid points along each side of a surface, and the same for a heavy problem."""
HEAVY_SCORE_COUNT: Final = 3_000
"""Problems with more scores (examples × outputs) than this are heavy: their grids are coarser."""

LONG_REQUEST_SECONDS: Final = 0.02
"""Seconds after which a running request is long: requests that have run for less come first."""
FAIR_WAIT_SECONDS: Final = 0.25
"""Seconds of waiting after which only half of what a request has run counts (``app/web/admission.py``)."""
SWITCH_SECONDS: Final = 5e-4
"""Seconds after which one thread lets another run, a tenth of Python's default (docs/adr/0038)."""
CHECKPOINT_SECONDS: Final = 0.005
"""Least number of seconds between two checkpoints of a computation."""
MAX_ANSWER_SECONDS: Final = 20.0
"""Seconds from the arrival of a request after which its answer is given up, by the page, too."""
READER_CHECK_SECONDS: Final = 0.1
"""Seconds between two looks whether the reader of a paused answer is still there."""
MAX_RUNNING_REQUESTS: Final = 4
"""Requests that one process computes at once: a short one, and long ones on their way to a checkpoint."""
MAX_PAUSED_REQUESTS: Final = 24
"""Requests of one process that may be paused while others come first; for one more the longest gets a 503."""
MAX_WAITING_REQUESTS: Final = int(environment.WAITING_REQUESTS.read())
"""Requests that wait in the admission queue of one process; one more gets status 503."""
READINESS_SECONDS: Final = 4.0
"""Seconds that a probe of readiness waits for its turn; the probes in ``deploy/`` wait a second more."""
RETRY_AFTER_SECONDS: Final = 2
"""Seconds in the ``Retry-After`` header of a rejected request."""

PAGE_CACHE_BYTES: Final = 16_000_000
"""Bytes of compressed pages in the response cache of a process."""
PREVIEW_CACHE_BYTES: Final = 8_000_000
"""Bytes of compressed rate previews in the response cache of a process."""
FILE_CACHE_BYTES: Final = 16_000_000
"""Bytes of compressed static files in each of the two response caches for files of a process."""

MAX_CLASSES: Final = 50
"""Live classes of a server. When there are as many, the oldest that nobody has joined makes way."""
MAX_STUDENTS: Final = 500
"""Students of a class."""
MAX_CLASS_TURNS: Final = 100
"""Turns of a class."""
MAX_CLASS_ROUNDS: Final = 2
"""Votes on one question."""
MAX_PHONE_BYTES: Final = 1_000
"""Bytes of a request body of a phone."""
MAX_TEACHER_BYTES: Final = 4_000
"""Bytes of a request body of a teacher's screen."""
MAX_CLOUD_BYTES: Final = 16_000
"""Bytes of the starts and rates of the runs that a class asks for at once."""
ANSWERS_PER_SECOND: Final = 3
"""Answers of one student in a second; one more gets status 429."""
CLASS_SECONDS: Final = 3 * 3600.0
"""Seconds after the teacher's last press in which a class ends by itself."""
LONGEST_CLASS_SECONDS: Final = 8 * 3600.0
"""Seconds that a class lasts at most."""
EMPTY_CLASS_SECONDS: Final = 20 * 60.0
"""Seconds after which a class ends that nobody has joined."""
HERE_SECONDS: Final = 45.0
"""Seconds for which a student counts as present after a sign of life."""
MISSES_PER_SECOND: Final = 20.0
"""Requests for codes that do not exist, which one process answers in the long run."""
MAX_MISSES: Final = 200
"""The same in a burst."""
POLLS_PER_SECOND: Final = 400.0
"""Looks at faces that one process answers without asking phones to look less often."""
