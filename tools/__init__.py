"""Programs for developers, started by ``make``; no part of the installed package."""
