"""The names that Python, the browser's modules and the style sheets share."""

from typing import Final

SHELL: Final = "losslab"

REQUEST: Final = "request"
ANSWER: Final = "answer"
RECEIVED: Final = "received"
FIRST_SCENE: Final = "first-scene"

LANDSCAPE: Final = "landscape"
MAP: Final = "map"
DATA: Final = "data"
DETAIL: Final = "detail"
DETAIL_TABLE: Final = "detail-table"
DETAIL_WORD: Final = "detail-word"

NOTICE: Final = "notice"
SENTENCE: Final = "sentence"
SLIDERS: Final = "sliders"
VERDICT: Final = "verdict"
NUMBERS: Final = "numbers"
UPDATE: Final = "update"
STATUS: Final = "status"
ALERT: Final = "alert"

PLAY: Final = "play"
BACK: Final = "back"
STEP: Final = "step"
RESET: Final = "reset"
SCRUB: Final = "scrub"
SPEED: Final = "speed"

THEME: Final = "theme"
SHARE: Final = "share"
SHARE_DIALOG: Final = "share-dialog"
SHARE_LINK: Final = "share-link"
COPY: Final = "copy"
CLOSE: Final = "close"
TOP: Final = "top"
SIDE: Final = "side"
HOME: Final = "home"
FOG: Final = "fog"
