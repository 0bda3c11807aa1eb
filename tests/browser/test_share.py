"""Sharing a moment: the link, its QR code, embedding, hidden controls, exports and printing."""

import base64
import math
import re

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import expect

from tests.support.page_actions import use_custom_data
from tools.support.browser_pages import wait_until_drawn


def open_share_dialog(page, part=None):
    """Open the dialog, and in it the section whose title contains ``part``; return the dialog."""
    page.locator("#share").click()
    if part:
        page.locator("#share-dialog summary", has_text=part).click()
    return page.locator("#share-dialog")


def test_hidden_controls_are_in_the_link_and_not_on_its_page(show_flat):
    page = show_flat("?rate=0.2")
    dialog = open_share_dialog(page, "Hide controls")
    dialog.get_by_label("the learning rate").check()
    dialog.get_by_label("the menu of losses").check()
    link = dialog.locator("#share-link").inner_text()
    assert link.endswith("/?rate=0.2&hide=loss,rate")
    shared_page = show_flat("?" + link.split("?")[1])
    expect(shared_page.locator("#sentence")).to_contain_text("score it by mean squared error")
    expect(shared_page.locator("#word-loss")).to_have_count(0)
    expect(shared_page.locator("#slide-rate")).to_have_count(0)
    expect(shared_page.locator("#word-opt")).to_be_visible()
    expect(shared_page.locator("#slide-start0")).to_be_visible()


@pytest.mark.parametrize(
    ("hide", "hidden"),
    [
        ("rate,start,player", [".sliders", ".ring", ".player"]),
        ("start,detail,player,verdict", ["#slide-start0", "section.detail", ".player", "#numbers"]),
    ],
)
def test_hidden_parts_are_not_visible(show_flat, hide, hidden):
    page = show_flat(f"?hide={hide}")
    for selector in hidden:
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator("#map .main-svg").first).to_be_visible()
    expect(page.locator("#verdict")).to_be_visible(visible="verdict" not in hide)


def test_a_hidden_start_cannot_be_placed(show_flat):
    page = show_flat("?hide=start")
    box = page.locator("#map .nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"])
    page.get_by_role("button", name="Step", exact=True).click()
    page.wait_for_function("location.search.includes('k=1')")
    assert "start=" not in page.url


def test_an_embedded_page_shows_only_the_experiment_and_links_to_the_page(show):
    page = show("?embed=1&rate=0.3", width=800, height=600)
    for selector in ("#share", "#theme", "#checked", "#words", "section.detail"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator("#landscape canvas").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= 600
    brand = page.locator("#brand")
    expect(brand).to_have_attribute("target", "_blank")
    assert brand.get_attribute("href") == "?rate=0.3"


def test_the_embed_code_is_a_frame_that_works(open_flat):
    page = open_flat("?rate=0.3")
    code = open_share_dialog(page, "Embed in a page").locator("#share-embed").inner_text()
    for expected_text in (
        'width="800" height="600"',
        'loading="lazy"',
        'title="Fit a line to house prices',
        "rate=0.3&amp;embed=1",
    ):
        assert expected_text in code
    page.evaluate(
        "(code) => document.body.insertAdjacentHTML('afterbegin', code.replace('lazy', 'eager'))", code
    )
    expect(page.frame_locator("iframe").locator("#verdict")).to_contain_text("Ready: 60 steps")


GRAY_VALUES = """() => {
  const code = document.querySelector(".code img");
  const side = Math.round(code.getBoundingClientRect().width);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d");
  pen.drawImage(code, 0, 0, side, side);
  return Array.from(pen.getImageData(0, 0, side, side).data.filter((_, i) => i % 4 === 0));
}"""
"""The gray values of the QR code as it is on the screen, row by row."""


def test_the_qr_code_is_readable_and_can_be_enlarged(show_flat):
    page = show_flat("?loss=mae&hide=rate")
    code = open_share_dialog(page, "QR code").locator(".code img")
    page.wait_for_function("document.querySelector('.code img').naturalWidth > 0")
    gray = np.array(page.evaluate(GRAY_VALUES), dtype=np.uint8)
    barcode = zxingcpp.read_barcode(gray.reshape(math.isqrt(len(gray)), -1))
    assert barcode.text == page.locator("#share-link").inner_text()
    assert barcode.text.endswith("/?loss=mae&hide=rate")
    small = code.bounding_box()["width"]
    page.get_by_role("button", name="QR code, large").click()
    assert code.bounding_box()["width"] > 2 * small
    assert code.bounding_box()["height"] <= 800
    page.get_by_role("button", name="QR code, large").click()
    assert code.bounding_box()["width"] == small
    page.keyboard.press("Escape")
    expect(page.locator("#share-dialog")).to_be_hidden()


def test_exports_are_downloaded(show_flat):
    dialog = open_share_dialog(show_flat("?rate=0.3&k=4"), "Download")
    for name, file, start_bytes in (
        ("This run in NumPy", "losslab-run.py", b"# Fit a line"),
        ("The path as CSV", "losslab-path.csv", b"step,loss,w,b"),
        ("Map", "losslab-map.png", b"\x89PNG"),
        ("loss by step", "losslab-loss-by-step.png", b"\x89PNG"),
        ("The whole moment", "losslab-the-whole-moment.png", b"\x89PNG"),
    ):
        with dialog.page.expect_download() as download_info:
            dialog.get_by_role("button", name=name).click()
        assert download_info.value.suggested_filename == file
        assert download_info.value.path().read_bytes().startswith(start_bytes)


def test_the_landscape_is_exported_as_an_image(show):
    page = show(width=900, height=640)
    dialog = open_share_dialog(page, "Download")
    with page.expect_download() as download_info:
        dialog.get_by_role("button", name="Landscape", exact=True).click()
    assert download_info.value.path().stat().st_size > 30_000


def test_exports_include_data_that_are_only_in_the_browser(open_flat):
    page = open_flat()
    use_custom_data(page, "x,y\n" + "".join(f"{i},{i % 7}.25\n" for i in range(400)))
    page.reload()
    wait_until_drawn(page)
    page.wait_for_function("document.title.includes('own data')")
    dialog = open_share_dialog(page, "Download")
    expect(dialog.locator(".fine")).to_contain_text("too many data for a link")
    with page.expect_download() as download_info:
        dialog.get_by_role("button", name="This run in NumPy").click()
    assert "396, 397, 398, 399" in download_info.value.path().read_text()


CURRENT_POINT = """() => {
    const point = document.getElementById('landscape').data.find((trace) => trace.name === 'now');
    return [point.x[0], point.y[0], point.z[0]];
}"""
"""The coordinates of the current iterate in the landscape."""
KNOWN_SHARE = """() => {
    const { data: [{ x, y, z }], _fullLayout: { scene } } = document.getElementById('landscape');
    const nodes = ({ range: [low, high] }, at) => 1 + (high - low) / (at[1] - at[0]);
    const known = z.flatMap((row) => [...row]).filter(Number.isFinite).length;
    return known / (nodes(scene.xaxis, x) * nodes(scene.yaxis, y));
}"""
"""The share of a surface that the fog leaves visible."""


def test_the_offline_landscape_opens_without_a_server(home, browser, show, tmp_path):
    page = show("?loss=mae&k=5", width=700, height=500)
    text = page.request.get(home + "export/landscape.html?loss=mae&k=5").text()
    file = tmp_path / "landscape.html"
    file.write_text(text, encoding="utf-8")
    offline_page = browser.new_context(offline=True, viewport={"width": 700, "height": 500}).new_page()
    asked, faults = [], []
    offline_page.on("request", lambda request: asked.append(request.url))
    offline_page.on("pageerror", lambda error: faults.append(error.message))
    offline_page.goto(file.as_uri())
    offline_page.wait_for_function(
        """document.querySelector('#landscape canvas')
            && document.getElementById('landscape')._fullLayout.scene._scene"""
    )
    assert faults == []
    assert [url for url in asked if not re.match(r"(file|data|blob):", url)] == []
    offline_point = offline_page.evaluate(CURRENT_POINT)
    online_point = page.evaluate(CURRENT_POINT)
    assert offline_point == pytest.approx(online_point, rel=1e-6)
    foggy = tmp_path / "foggy.html"
    foggy.write_text(page.request.get(home + "export/landscape.html?loss=mae&fog=1").text(), encoding="utf-8")
    offline_page.goto(foggy.as_uri())
    offline_page.wait_for_function("document.querySelector('#landscape canvas')")
    known_share = offline_page.evaluate(KNOWN_SHARE)
    assert 0 < known_share < 0.05, "of the surface only the ground near the point"
    assert faults == []
    offline_page.context.close()


def test_a_moment_is_printed_on_one_page(show_flat):
    page = show_flat("?theme=dark&k=4&vs=mae")
    page.evaluate("window.print = () => (window.printed = true)")
    page.keyboard.press("Control+p")
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    sheet = page.locator("#sheet")
    expect(page.locator(".stage")).to_be_hidden()
    expect(sheet).to_contain_text("Step 4 of 60")
    expect(sheet).to_contain_text("k=4")
    assert sheet.locator("figure").count() == sheet.locator(".still .main-svg:first-child").count() == 4
    address = sheet.locator(".address").inner_text()
    asked = sheet.locator("footer img").evaluate("(img) => new URL(img.src).searchParams.get('of')")
    assert asked == address
    assert page.evaluate("document.documentElement.dataset.theme") == "light", "paper is light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


MEDIAN_GRAY = """async (shot) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob());
  const size = { width: image.width, height: image.height };
  const pen = Object.assign(document.createElement("canvas"), size).getContext("2d");
  pen.drawImage(image, 0, 0);
  const gray = pen.getImageData(0, 0, image.width, image.height).data.filter((_, i) => i % 4 === 1).sort();
  return gray[gray.length >> 1];
}"""
"""The median gray value of a screenshot."""


def assert_prints(page, expected_text):
    """Assert that the page is printed on one light sheet of paper that contains a text."""
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.evaluate(
        """addEventListener('beforeprint', () => {
            window.sheet = document.getElementById('sheet').cloneNode(true);
        })"""
    )
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    assert expected_text in page.evaluate("window.sheet.textContent")
    assert page.locator("#sheet").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    shot = base64.b64encode(page.screenshot()).decode()
    page.emulate_media(media="null")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(MEDIAN_GRAY, shot) > 240


def test_printing_from_the_browser_prints_the_same_page(show):
    assert_prints(show("?theme=dark&k=4", width=800, height=600), "Step 4 of 60")


@pytest.mark.parametrize(
    ("link", "expected_text"),
    [
        ("?s=typo&a=0&theme=dark", "Your answer: squared error."),
        ("?s=inbox&theme=dark", "☐ Only cross-entropy"),
        ("?view=known&data=digits&theme=projector", "Largest curvature"),
        ("?s=pace&embed=1", "How many steps does it need now?"),
    ],
)
def test_printing_from_the_browser_prints_what_is_shown(show_flat, link, expected_text):
    assert_prints(show_flat(link), expected_text)
