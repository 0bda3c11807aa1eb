"""The log knows no link and no value: neither in messages of other libraries nor in traces."""

import json
import logging
import sys
import warnings

from app.web import access_log
from app.web.access_log import JsonFormatter

LINK = "/?data=own&points=secret_x,y_1,2"


def line_of(name, message, *arguments, error=None):
    record = logging.LogRecord(name, logging.WARNING, "path", 1, message, arguments, error)
    return json.loads(JsonFormatter().format(record))


def test_a_line_of_a_request_that_gunicorn_cannot_read_is_left_out():
    message = "Invalid request from ip=%s: %s"
    line = line_of(
        "gunicorn.error", message, "10.1.2.3", f"Invalid HTTP request line: 'GET {LINK} don't HTTP'"
    )
    assert line["event"] == "Invalid request from ip=(address): Invalid HTTP request line: (text)"


def test_our_own_messages_stay():
    assert line_of("losslab", "the word 'own'")["event"] == "the word 'own'"


def test_a_trace_has_places_and_types_but_no_values():
    try:
        try:
            raise ValueError("row 0 holds 1e+300")
        except ValueError as cause:
            raise KeyError(LINK) from cause
    except KeyError:
        trace = line_of("losslab", "broken", error=sys.exc_info())["trace"]
    assert "test_a_trace_has_places" in trace
    assert trace.count("test_log_scrubbing.py") == 2
    assert ("ValueError" in trace, "KeyError" in trace) == (True, True)
    assert "1e+300\n" not in trace.replace('raise ValueError("row 0 holds 1e+300")', "")
    assert "secret" not in trace


def test_warnings_are_lines_of_json(capsys):
    try:
        access_log.log_to_stderr()
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(True)
            warnings.warn("overflow encountered", RuntimeWarning, stacklevel=1)
        [line] = capsys.readouterr().err.splitlines()
        assert "overflow encountered" in json.loads(line)["event"]
    finally:
        logging.captureWarnings(False)
        logging.getLogger(access_log.WARNINGS_LOGGER).handlers.clear()
        access_log.LOGGER.handlers.clear()
        access_log.LOGGER.propagate = True
