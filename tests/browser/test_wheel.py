"""The wheel, installed in a new environment outside the repository, serves the page."""

import subprocess
import sys
import sysconfig
from pathlib import Path

from playwright.sync_api import expect

from tools.support import browser_pages
from tools.support.server_processes import free_port, running


def test_a_fresh_environment_with_the_wheel_serves_the_page(flat_browser, tmp_path, distributions):
    _, wheel = distributions
    fresh = tmp_path / "fresh"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", fresh], check=True)
    [packages] = fresh.glob("lib/python*/site-packages")
    target = ["--no-deps", "--no-index", "--quiet", "--target", packages]
    subprocess.run([sys.executable, "-m", "pip", "install", *target, wheel], check=True)
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    port = free_port()
    script = (
        "import losslab, sys; from losslab.__main__ import main; print(losslab.__file__, flush=True);"
        " main(sys.argv[1:])"
    )
    command = [str(fresh / "bin" / "python"), "-I", "-c", script, "--no-browser", "--port", str(port)]
    with running(command, port, log=tmp_path / "log", at=tmp_path) as server:
        page = browser_pages.visit(flat_browser, server.home, bypass_csp=False)
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.locator("#verdict")).to_contain_text("Step 1")
        page.locator("#number-rate").fill("0.33")
        page.locator("#number-rate").press("Enter")
        browser_pages.wait_until_drawn(page)
        assert page.watch.faults == []
        page.context.close()
    assert Path((tmp_path / "log").read_text().split()[0]).is_relative_to(packages)
