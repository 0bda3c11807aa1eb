"""The page's modules in one."""

import re
from pathlib import Path

import pytest

from app.browser_assets.module_bundle import bundle_modules, script_bundle

HERE = {
    "main": 'import { twice as double } from "./sums.mjs";\nimport "./side.mjs";\nconsole.log(double(2), seen);\n',
    "sums": 'import { one } from "./ones.mjs";\nexport const twice = (x) => x * (one + one);\n',
    "ones": "const seen = 1;\nexport function one() {}\n",
    "side": 'import { one } from "./ones.mjs";\nglobalThis.seen = one;\n',
}


def test_modules_stand_once_each_after_what_it_imports():
    text = bundle_modules(HERE, "main")
    assert re.findall(r"^let \$(\w+);$", text, re.MULTILINE) == ["ones", "sums", "side"]
    assert "const { twice: double } = $sums;" in text
    assert "$sums = { twice };" in text
    assert text.endswith("console.log(double(2), seen);\n")
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)


def test_a_path_of_an_import_leads_through_folders_and_may_take_several_lines():
    sources = {
        "main": 'import {\n  deep as low,\n  other,\n} from "./a/b.mjs";\nlow(other);\n',
        "a/b": 'import { deep as same } from "../c/./d.mjs";\nexport const deep = same;\nexport class other {}\n',
        "c/d": "export async function deep() {}\n",
    }
    text = bundle_modules(sources, "main")
    assert re.findall(r"^let (\S+);$", text, re.MULTILINE) == ["$c$d", "$a$b"]
    assert "const { deep: same } = $c$d;" in text
    assert re.search(r"const \{ deep: low,\s+other \} = \$a\$b;", text)
    assert "$a$b = { deep, other };" in text


def test_every_module_is_of_the_page_or_of_the_page_that_is_taken_home():
    page, home = script_bundle("main"), script_bundle("offline")
    for path in Path("assets").rglob("*.mjs"):
        begun = path.read_text().splitlines()[0]
        assert page.count(begun) == (path.stem != "offline"), path.name
        assert home.count(begun) <= 1
    assert home.count("let $") < 8, "no more than a landscape needs"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ones", "export default 1;\n", "ones.mjs: 'export default 1;' is not understood"),
        ("ones", 'import * as all from "./side.mjs";\n', "is not understood"),
        ("ones", "export let one = 1;\n", "is not understood"),
        ("ones", 'import { twice } from "./sums.mjs";\n', "sums imports itself"),
        ("sums", 'import { a } from "./nowhere.mjs";\n', "there is no module nowhere"),
    ],
)
def test_a_form_that_is_not_understood_is_refused(name, text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        bundle_modules(HERE | {name: text}, "main")
