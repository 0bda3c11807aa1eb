"""Open several pages in Debian's Firefox over WebDriver BiDi and use the first one; ``make firefox``.

Exits with 1 if Firefox's console has warnings or errors. It is not part of ``make test`` because a second
browser would be a download of a hundred megabytes.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tools.support import browser_pages
from tools.support.server_processes import free_port

LINKS = (
    "",
    "?data=spam&vs=mse&start=-6,6&theme=dark",
    "?s=goldilocks",
    "?data=himmelblau&race=adam",
    "?lang=es",
)
PATIENCE = 60.0
"""Seconds after which waiting for the browser fails."""
READY = "document.documentElement.dataset.ready === 'true'"


class Firefox:
    """One page of a running Firefox and the errors and warnings of its console."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection, self.command_id, self.messages = connection, 0, list[str]()
        self.context = ""
        """The id of the page's browsing context."""

    async def send(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; console messages that arrive meanwhile are collected."""
        self.command_id += 1
        await self.connection.send(json.dumps({"id": self.command_id, "method": method, "params": params}))
        while True:
            message = json.loads(await asyncio.wait_for(self.connection.recv(), PATIENCE))
            if message.get("method") == "log.entryAdded" and message["params"]["level"] in ("error", "warn"):
                self.messages.append(message["params"]["text"])
            if message.get("id") == self.command_id:
                return message["result"]

    async def evaluate(self, script: str) -> Any:
        """Return the value of an expression in the page, or the text of its exception."""
        answer = await self.send(
            "script.evaluate", expression=script, target={"context": self.context}, awaitPromise=True
        )
        if answer["type"] != "success":
            return answer["exceptionDetails"]["text"]
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until a condition is true. Raises TimeoutError after ``PATIENCE`` seconds."""
        async with asyncio.timeout(PATIENCE):
            while await self.evaluate(condition) is not True:
                await asyncio.sleep(0.05)

    async def visit(self, address: str) -> None:
        """Navigate to an address and wait until the page is drawn."""
        await self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")
        await self.until(READY)

    async def press(self, *actions: dict[str, Any]) -> None:
        """Perform pointer actions of WebDriver with the mouse."""
        pointer = [{"type": "pointer", "id": "mouse", "actions": list(actions)}]
        await self.send("input.performActions", context=self.context, actions=pointer)


@asynccontextmanager
async def firefox() -> AsyncIterator[Firefox]:
    """Start Firefox with a fresh profile and yield its page; exits with a sentence if there is no Firefox."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        sys.exit(
            "There is no Firefox here. "
            "Install it (on Debian: sudo apt-get install firefox-esr) and run again."
        )
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        Path(profile, "user.js").write_text('user_pref("app.update.enabled", false);\n', encoding="utf-8")
        command = [
            program,
            "--headless",
            "--no-remote",
            "--profile",
            profile,
            f"--remote-debugging-port={port}",
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
        )
        try:
            browser = Firefox(await connected(f"ws://127.0.0.1:{port}/session"))
            await browser.send("session.new", capabilities={})
            await browser.send("session.subscribe", events=["log.entryAdded"])
            browser.context = (await browser.send("browsingContext.getTree"))["contexts"][0]["context"]
            size = {"width": 1280, "height": 800}
            await browser.send("browsingContext.setViewport", context=browser.context, viewport=size)
            yield browser
        finally:
            process.kill()
            process.wait()


async def connected(address: str) -> ClientConnection:
    """Connect to a WebSocket as soon as it is there. Raises TimeoutError after ``PATIENCE`` seconds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await connect(address, max_size=None)
            except OSError:
                await asyncio.sleep(0.2)


async def main_job(browser: Firefox) -> None:
    """Play a run to its end, drag the slider of the learning rate, and check that the link changes."""
    await browser.evaluate("document.querySelector('#play').click()")
    await browser.until("document.querySelector('#verdict').textContent.startsWith('Converged')")
    box = "document.querySelector('#slide-rate').getBoundingClientRect().toJSON()"
    x, y, width, height = json.loads(
        await browser.evaluate(f"JSON.stringify((({{x, y, width, height}}) => [x, y, width, height])({box}))")
    )
    hover, drag = (
        {"type": "pointerMove", "x": round(x + fraction * width), "y": round(y + height / 2)}
        for fraction in (0.6, 0.97)
    )
    await browser.press(hover)
    await browser.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('fan?'))")
    await browser.press({"type": "pointerDown", "button": 0}, drag)
    await browser.until("document.querySelector('#verdict').textContent.startsWith('Flying apart')")
    await browser.press({"type": "pointerUp", "button": 0})
    await browser.until("new URLSearchParams(location.search).has('rate')")
    await browser.until(READY)


async def visit_links() -> int:
    """Visit all links and return the number of warnings and errors in the console."""
    with browser_pages.serving() as home:
        async with firefox() as browser:
            for link in LINKS:
                await browser.visit(home + link)
                print(f"{link or 'first screen'}: {await browser.evaluate('document.title')}")
                if not link:
                    await main_job(browser)
            print("console:", *(browser.messages or ["empty"]), sep="\n  ")
            return len(browser.messages)


if __name__ == "__main__":
    sys.exit(bool(asyncio.run(visit_links())))
