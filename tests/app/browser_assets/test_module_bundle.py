"""The bundle of the browser modules: order, scopes, and syntax that is rejected."""

import re
from pathlib import Path

import pytest

from app.browser_assets.module_bundle import bundle_modules, script_bundle

SOURCES = {
    "main": (
        'import { twice as double } from "./sums.mjs";\nimport "./side.mjs";\nconsole.log(double(2), seen);\n'
    ),
    "sums": 'import { one } from "./ones.mjs";\nexport const twice = (x) => x * (one + one);\n',
    "ones": "const seen = 1;\nexport function one() {}\n",
    "side": 'import { one } from "./ones.mjs";\nglobalThis.seen = one;\n',
}


def test_each_module_is_bundled_once_after_its_imports():
    text = bundle_modules(SOURCES, "main")
    assert re.findall(r"^let \$(\w+);$", text, re.MULTILINE) == ["ones", "sums", "side"]
    assert "const { twice: double } = $sums;" in text
    assert "$sums = { twice };" in text
    assert text.endswith("console.log(double(2), seen);\n")
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)


def test_an_import_may_cross_folders_and_span_lines():
    sources = {
        "main": 'import {\n  deep as low,\n  other,\n} from "./a/b.mjs";\nlow(other);\n',
        "a/b": (
            'import { deep as same } from "../c/./d.mjs";\nexport const deep = same;\nexport class other {}\n'
        ),
        "c/d": "export async function deep() {}\n",
    }
    text = bundle_modules(sources, "main")
    assert re.findall(r"^let (\S+);$", text, re.MULTILINE) == ["$c$d", "$a$b"]
    assert "const { deep: same } = $c$d;" in text
    assert re.search(r"const \{ deep: low,\s+other \} = \$a\$b;", text)
    assert "$a$b = { deep, other };" in text


OTHER_SCRIPTS = {
    "classroom": ("classroom/phone", "classroom/wall"),
    "lesson_form": ("lesson_form/lesson_form",),
    "scorm": ("scorm",),
    "offline": ("offline",),
}
"""Scripts besides that of the page, by the folder or the module that only they contain."""


def test_every_module_is_in_the_bundle_of_the_page_or_of_another_script():
    page, offline = script_bundle("main"), script_bundle("offline")
    others = {owner: "".join(map(script_bundle, names)) for owner, names in OTHER_SCRIPTS.items()}
    for path in Path("assets/js").rglob("*.mjs"):
        first_line, owner = path.read_text().splitlines()[0], path.relative_to("assets/js").parts[0]
        owner = owner.removesuffix(".mjs")
        assert page.count(first_line) == (owner not in others), path.name
        assert owner not in others or others[owner].count(first_line) >= 1, path.name
        assert offline.count(first_line) <= 1
    assert offline.count("let $") < 8, "the offline page contains only what a surface needs"


@pytest.mark.parametrize(
    ("name", "source", "error"),
    [
        ("ones", "export default 1;\n", "ones.mjs: 'export default 1;' is not understood"),
        ("ones", 'import * as all from "./side.mjs";\n', "is not understood"),
        ("ones", "export let one = 1;\n", "is not understood"),
        ("ones", 'import { twice } from "./sums.mjs";\n', "sums imports itself"),
        ("sums", 'import { a } from "./nowhere.mjs";\n', "there is no module nowhere"),
    ],
)
def test_syntax_outside_of_the_accepted_subset_is_rejected(name, source, error):
    with pytest.raises(ValueError, match=re.escape(error)):
        bundle_modules(SOURCES | {name: source}, "main")
