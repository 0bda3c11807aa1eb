"""``make firefox``: the main job in Debian's Firefox, driven over WebDriver BiDi; its console must stay empty.

Firefox takes no part in ``make test``: a second browser is a hundred megabytes that few machines have.
Exits with 1 where something is not as in Chromium.
"""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tools.support import browser_pages

LINKS = (
    "",
    "?data=spam&vs=mse&start=-6,6&theme=dark",
    "?s=goldilocks",
    "?data=himmelblau&race=adam",
    "?lang=es",
)
PATIENCE = 60.0
READY = "document.documentElement.dataset.ready === 'true'"


class Firefox:
    """One page of a Firefox, and what its console said."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.count, self.said, self.page = line, 0, list[str](), ""

    async def do(self, method: str, **params: Any) -> Any:
        self.count += 1
        await self.line.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            told = json.loads(await asyncio.wait_for(self.line.recv(), PATIENCE))
            if told.get("method") == "log.entryAdded" and told["params"]["level"] in ("error", "warn"):
                self.said.append(told["params"]["text"])
            if told.get("id") == self.count:
                return told["result"]

    async def evaluate(self, script: str) -> Any:
        found = await self.do(
            "script.evaluate", expression=script, target={"context": self.page}, awaitPromise=True
        )
        return (
            found["result"].get("value") if found["type"] == "success" else found["exceptionDetails"]["text"]
        )

    async def until(self, condition: str) -> None:
        """Wait until something holds. Raises TimeoutError where it never does."""
        async with asyncio.timeout(PATIENCE):
            while await self.evaluate(condition) is not True:
                await asyncio.sleep(0.05)

    async def visit(self, address: str) -> None:
        await self.do("browsingContext.navigate", context=self.page, url=address, wait="complete")
        await self.until(READY)

    async def press(self, *actions: dict[str, Any]) -> None:
        pointer = [{"type": "pointer", "id": "mouse", "actions": list(actions)}]
        await self.do("input.performActions", context=self.page, actions=pointer)


@asynccontextmanager
async def firefox() -> AsyncIterator[Firefox]:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        sys.exit(
            "There is no Firefox here. Install it (on Debian: sudo apt-get install firefox-esr) and run again."
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
        )
        try:
            line = await reached(f"ws://127.0.0.1:{port}/session")
            fox = Firefox(line)
            await fox.do("session.new", capabilities={})
            await fox.do("session.subscribe", events=["log.entryAdded"])
            fox.page = (await fox.do("browsingContext.getTree"))["contexts"][0]["context"]
            size = {"width": 1280, "height": 800}
            await fox.do("browsingContext.setViewport", context=fox.page, viewport=size)
            yield fox
        finally:
            running.kill()
            running.wait()


async def reached(address: str) -> ClientConnection:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await connect(address, max_size=None)
            except OSError:
                await asyncio.sleep(0.2)


async def main_job(fox: Firefox) -> None:
    """Play to the end, hold the slider of the rate, let go, and find the link changed."""
    await fox.evaluate("document.querySelector('#play').click()")
    await fox.until("document.querySelector('#verdict').textContent.startsWith('Converged')")
    box = "document.querySelector('#slide-rate').getBoundingClientRect().toJSON()"
    x, y, width, height = json.loads(
        await fox.evaluate(f"JSON.stringify((({{x, y, width, height}}) => [x, y, width, height])({box}))")
    )
    across = [
        {"type": "pointerMove", "x": round(x + share * width), "y": round(y + height / 2)}
        for share in (0.6, 0.97)
    ]
    await fox.press(across[0])
    await fox.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('fan?'))")
    await fox.press({"type": "pointerDown", "button": 0}, across[1])
    await fox.until("document.querySelector('#verdict').textContent.startsWith('Diverging')")
    await fox.press({"type": "pointerUp", "button": 0})
    await fox.until("new URLSearchParams(location.search).has('rate')")
    await fox.until(READY)


async def tried() -> int:
    with browser_pages.serving() as home:
        async with firefox() as fox:
            for link in LINKS:
                await fox.visit(home + link)
                print(f"{link or 'first screen'}: {await fox.evaluate('document.title')}")
                if not link:
                    await main_job(fox)
            print("console:", *(fox.said or ["empty"]), sep="\n  ")
            return len(fox.said)


if __name__ == "__main__":
    sys.exit(bool(asyncio.run(tried())))
