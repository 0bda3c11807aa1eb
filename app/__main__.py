"""The command line: ``losslab``, or ``python -m app`` in a checkout."""

import argparse
import threading
import webbrowser
from collections.abc import Sequence
from typing import Final

from .api.served_course import EXTENSION
from .common.addresses import machine_addresses
from .common.environment import HOST, LESSONS_FILE, PORT
from .server import create_app
from .web import access_log
from .web.waitress_server import connection_note, serve

BROWSER_DELAY_SECONDS: Final = 0.8
"""Seconds until the browser opens, by when the server accepts connections."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the page until Ctrl+C and open it in a browser.

    ``arguments`` are those of the command line by default. ``HOST``, ``PORT`` and ``LOSSLAB_LESSONS``
    of the environment are the defaults of ``--host``, ``--port`` and ``--lessons``.
    """
    options = _parser().parse_args(arguments)
    app = create_app(lessons=options.lessons)
    if wrong := app.server.extensions.get(EXTENSION):
        raise SystemExit(wrong)
    host = "localhost" if options.host in ("0.0.0.0", "::") else options.host
    address = f"http://{host}:{options.port}{app.config.routes_pathname_prefix}"
    if options.log:
        access_log.log_to_stderr()
    if not options.no_browser:
        threading.Timer(BROWSER_DELAY_SECONDS, webbrowser.open, (address,)).start()
    print(f"Losslab is at {address}  (Ctrl+C stops it)", flush=True)
    if note := connection_note():
        print(note, flush=True)
    if host != options.host:
        print(room_sentence(options.port, app.config.routes_pathname_prefix), flush=True)
    if options.debug:
        app.run(host=options.host, port=options.port, debug=True, use_reloader=False)
    else:
        serve(app.server, options.host, options.port)


def room_sentence(port: int, path: str) -> str:
    """Return a sentence with the addresses of this machine, for a server that listens at all of them."""
    addresses = [f"http://{each}:{port}{path}" for each in machine_addresses()]
    if not addresses:
        return "No network is connected: only this machine reaches it."
    return f"Others in the room open {' or '.join(addresses)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="losslab", description="See what a loss function is.")
    parser.add_argument("--host", default=HOST.read())
    parser.add_argument("--port", type=int, default=int(PORT.read()))
    parser.add_argument(
        "--lessons", default=LESSONS_FILE.read(), metavar="FILE", help="a file of your own lessons"
    )
    parser.add_argument("--debug", action="store_true", help="Dash's development tools")
    parser.add_argument("--log", action="store_true", help="a line of JSON to stderr for each request")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser


if __name__ == "__main__":
    main()
