"""A moment is shared: the link, its code, an embedding, what is hidden, what is taken home."""

import base64
import math
import re

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import expect

from tools.support.browser_pages import settled


def share(page, part=None):
    page.locator("#share").click()
    if part:
        page.locator("#share-dialog summary", has_text=part).click()
    return page.locator("#share-dialog")


def test_hidden_controls_are_in_the_link_and_not_on_its_page(open_flat):
    page = open_flat("?rate=0.2")
    dialog = share(page, "Hide controls")
    dialog.get_by_label("the learning rate").check()
    dialog.get_by_label("the menu of losses").check()
    link = dialog.locator("#share-link").inner_text()
    assert link.endswith("/?rate=0.2&hide=loss,rate")
    pupil = open_flat("?" + link.split("?")[1])
    expect(pupil.locator("#sentence")).to_contain_text("score it by mean squared error")
    expect(pupil.locator("#word-loss")).to_have_count(0)
    expect(pupil.locator("#slide-rate")).to_have_count(0)
    expect(pupil.locator("#word-opt")).to_be_visible()
    expect(pupil.locator("#slide-start0")).to_be_visible()


@pytest.mark.parametrize(
    ("hide", "gone"),
    [
        ("rate,start,player", [".sliders", ".ring", ".player"]),
        ("start,detail,player,verdict", ["#slide-start0", "section.detail", ".dock", "#numbers"]),
    ],
)
def test_what_is_hidden_is_gone(open_flat, hide, gone):
    page = open_flat(f"?hide={hide}")
    for selector in gone:
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator("#map .main-svg").first).to_be_visible()
    expect(page.locator("#verdict")).to_be_visible(visible="verdict" not in hide)


def test_a_hidden_start_cannot_be_placed(open_flat):
    page = open_flat("?hide=start")
    box = page.locator("#map .nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"])
    page.get_by_role("button", name="Step", exact=True).click()
    page.wait_for_function("location.search.includes('k=8')")
    assert "start=" not in page.url


def test_an_embedding_has_nothing_around_it_and_leads_home(open_page):
    page = open_page("?embed=1&rate=0.3", width=800, height=600)
    for selector in ("#share", "#theme", "#checked", "#words", "section.detail"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator("#landscape canvas").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= 600
    brand = page.locator("#brand")
    expect(brand).to_have_attribute("target", "_blank")
    assert brand.get_attribute("href") == "?rate=0.3"


def test_the_embed_code_is_a_frame_that_works(open_flat):
    page = open_flat("?rate=0.3")
    code = share(page, "Embed in a page").locator("#share-embed").inner_text()
    for said in (
        'width="800" height="600"',
        'loading="lazy"',
        'title="Fit a line to house prices',
        "rate=0.3&amp;embed=1",
    ):
        assert said in code
    page.evaluate(
        "(code) => document.body.insertAdjacentHTML('afterbegin', code.replace('lazy', 'eager'))", code
    )
    expect(page.frame_locator("iframe").locator("#verdict")).to_contain_text("Step 7 of 60")


SEEN = """() => {
  const code = document.querySelector(".code img");
  const side = Math.round(code.getBoundingClientRect().width);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d");
  pen.drawImage(code, 0, 0, side, side);
  return Array.from(pen.getImageData(0, 0, side, side).data.filter((_, i) => i % 4 === 0));
}"""
"""The gray values of the code as large as it is on the screen, row after row."""


def test_a_phone_reads_the_code_and_it_fills_the_screen(open_flat):
    page = open_flat("?loss=mae&hide=rate")
    code = share(page, "QR code").locator(".code img")
    page.wait_for_function("document.querySelector('.code img').naturalWidth > 0")
    gray = np.array(page.evaluate(SEEN), dtype=np.uint8)
    read = zxingcpp.read_barcode(gray.reshape(math.isqrt(len(gray)), -1))
    assert read.text == page.locator("#share-link").inner_text()
    assert read.text.endswith("/?loss=mae&hide=rate")
    small = code.bounding_box()["width"]
    page.get_by_role("button", name="QR code, large").click()
    assert code.bounding_box()["width"] > 2 * small
    assert code.bounding_box()["height"] <= 800
    page.get_by_role("button", name="QR code, large").click()
    assert code.bounding_box()["width"] == small
    page.keyboard.press("Escape")
    expect(page.locator("#share-dialog")).to_be_hidden()


def test_what_is_taken_home(open_flat):
    dialog = share(open_flat("?rate=0.3&k=4"), "Take it home")
    for name, file, begins in (
        ("This run in NumPy", "losslab-run.py", b"# Fit a line"),
        ("The path as CSV", "losslab-path.csv", b"step,loss,w,b"),
        ("Map", "losslab-map.png", b"\x89PNG"),
        ("loss by step", "losslab-loss-by-step.png", b"\x89PNG"),
        ("The whole moment", "losslab-the-whole-moment.png", b"\x89PNG"),
    ):
        with dialog.page.expect_download() as caught:
            dialog.get_by_role("button", name=name).click()
        assert caught.value.suggested_filename == file
        assert caught.value.path().read_bytes().startswith(begins)


def test_the_landscape_is_a_picture_too(open_page):
    page = open_page()
    dialog = share(page, "Take it home")
    with page.expect_download() as caught:
        dialog.get_by_role("button", name="Landscape", exact=True).click()
    assert caught.value.path().stat().st_size > 30_000


def test_data_that_stayed_in_the_tab_come_along(open_flat):
    page = open_flat()
    points = "regression_x,y" + "".join(f"_{i},{i % 7}.25" for i in range(400))
    page.evaluate("(points) => sessionStorage.setItem('points', points)", points)
    page.goto(page.url + "?data=own&points=browser")
    settled(page)
    page.wait_for_function("document.title.includes('own data')")
    dialog = share(page, "Take it home")
    expect(dialog.locator(".fine")).to_contain_text("too many for a link")
    with page.expect_download() as caught:
        dialog.get_by_role("button", name="This run in NumPy").click()
    assert "396, 397, 398, 399" in caught.value.path().read_text()


def test_the_offline_landscape_opens_without_a_server(home, browser, open_page, tmp_path):
    page = open_page("?loss=mae&k=5")
    text = page.request.get(home + "export/landscape.html?loss=mae&k=5").text()
    file = tmp_path / "landscape.html"
    file.write_text(text, encoding="utf-8")
    alone = browser.new_context(offline=True).new_page()
    asked, faults = [], []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: faults.append(error.message))
    alone.goto(file.as_uri())
    alone.wait_for_function(
        "document.querySelector('#landscape canvas') && document.getElementById('landscape')._fullLayout.scene._scene"
    )
    assert faults == []
    assert [url for url in asked if not re.match(r"(file|data|blob):", url)] == []
    now = alone.evaluate(
        "(() => { const t = document.getElementById('landscape').data.find((t) => t.name === 'now'); return [t.x[0], t.y[0], t.z[0]]; })()"
    )
    here = page.evaluate(
        "(() => { const t = document.getElementById('landscape').data.find((t) => t.name === 'now'); return [t.x[0], t.y[0], t.z[0]]; })()"
    )
    assert now == pytest.approx(here, rel=1e-6)
    foggy = tmp_path / "foggy.html"
    foggy.write_text(page.request.get(home + "export/landscape.html?loss=mae&fog=1").text(), encoding="utf-8")
    alone.goto(foggy.as_uri())
    alone.wait_for_function("document.querySelector('#landscape canvas')")
    ground = alone.evaluate(
        "(({ x, y, z }) => [x.length, y.length, z.length])(document.getElementById('landscape').data[0])"
    )
    assert max(ground) < 20, "of 101 lines of the grid only those underfoot"
    assert faults == []
    alone.context.close()


def test_a_moment_is_printed_on_one_page(open_flat):
    page = open_flat("?theme=dark&k=4&vs=mae")
    page.evaluate("window.print = () => (window.printed = true)")
    page.keyboard.press("Control+p")
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    sheet = page.locator("#sheet")
    expect(page.locator(".bench")).to_be_hidden()
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


BRIGHT = """async (shot) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob());
  const pen = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }).getContext("2d");
  pen.drawImage(image, 0, 0);
  const gray = pen.getImageData(0, 0, image.width, image.height).data.filter((_, i) => i % 4 === 1).sort();
  return gray[gray.length >> 1];
}"""


def assert_prints(page, said):
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.evaluate(
        "addEventListener('beforeprint', () => (window.sheet = document.getElementById('sheet').cloneNode(true)))"
    )
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    assert said in page.evaluate("window.sheet.textContent")
    assert page.locator("#sheet").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    shot = base64.b64encode(page.screenshot()).decode()
    page.emulate_media(media="null")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(BRIGHT, shot) > 240


def test_a_browser_s_own_menu_prints_the_same_page(open_page):
    assert_prints(open_page("?theme=dark&k=4", width=800, height=600), "Step 4 of 60")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("?s=outlier&a=0&theme=dark", "You said: Squared error."),
        ("?s=mismatch&theme=dark", "☐ Only cross-entropy"),
        ("?view=known&data=digits&theme=projector", "Largest curvature"),
        ("?s=goldilocks&embed=1", "Which of these four rates never arrives?"),
    ],
)
def test_a_browser_s_own_menu_prints_whatever_is_shown(open_flat, link, said):
    assert_prints(open_flat(link), said)
