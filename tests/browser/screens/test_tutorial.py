"""The tutorial for teachers: each control it names is on the page, which says what the tutorial promises."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tools.support.browser_pages import show_link, wait_until_drawn

TUTORIAL = Path(__file__).parents[3] / "docs" / "teach" / "tutorial.md"
INSTRUCTION = re.compile(
    r"[Oo]pen `/(?P<link>\?[^`]*|)`"
    r"|[Pp]ress \*\*(?P<button>[^*]+)\*\*"
    r"|, then \*\*(?P<then>[^*]+)\*\*"
    r"|[Tt]ick \*\*(?P<box>[^*]+)\*\*"
    r"|[Tt]ype \*\*(?P<value>[^*]+)\*\* into \*\*(?P<field>[^*]+)\*\*"
    r"|[Cc]hoose \*\*(?P<item>[^*]+)\*\* from the menu \*\*(?P<menu>[^*]+)\*\*"
    r"|(?<!\*)\*(?P<says>[^*]+)\*(?!\*)"
)


def follow(page, found):
    """Do on the page what one instruction of the tutorial says."""
    said = {name: text for name, text in found.groupdict().items() if text is not None}
    match said:
        case {"link": link}:
            show_link(page, link)
        case {"button": name} | {"then": name}:
            named = page.get_by_role("button", name=name).or_(page.locator("summary", has_text=name))
            named.filter(visible=True).first.click()
        case {"box": name}:
            page.get_by_label(name).check()
        case {"value": value, "field": name}:
            field = page.get_by_role("textbox", name=name)
            field.fill(value)
            field.press("Enter")
        case {"item": item, "menu": menu}:
            page.get_by_role("button", name=f": {menu}").click()
            page.get_by_role("radio", name=item).check()
        case {"says": text}:
            expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()
    wait_until_drawn(page)


def test_the_tutorial_can_be_followed(show_flat):
    text = " ".join(TUTORIAL.read_text().split("## ", 1)[1].split())
    page = show_flat()
    assert not re.search(r"[*]|`/", INSTRUCTION.sub("", text)), "an instruction is not read by the test"
    for found in INSTRUCTION.finditer(text):
        try:
            follow(page, found)
        except Exception as error:
            raise AssertionError(f"the tutorial says {found[0]!r}") from error
