"""The browser's code has types that fit, no fault that a linter finds, passing tests, and a bundle made from it."""

import json
import re
import subprocess

import pytest
from browser import tools

from workshop.cards import browser_files

pytestmark = pytest.mark.slow


def test_types_fit():
    tools.types()


def test_a_linter_and_the_formatter_find_nothing():
    tools.lint()


def test_its_own_tests_pass():
    tools.unit()


def test_what_notebooks_load_is_built_from_the_modules_as_they_are(tmp_path):
    tools.build(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in (browser_files.BROWSER / "built").iterdir())
    stale = [name for name in names if (tmp_path / name).read_text("utf-8").strip() != browser_files.built(name)]
    assert stale == [], "run: python tests/browser/tools.py build"


def test_a_module_without_its_comments_is_the_same_program(tmp_path):
    paths = [path for folder in tools.CODE[:3] for path in folder.rglob("*.js") if path.parent.name != "built"]
    for number, path in enumerate(paths):
        (tmp_path / f"{number}.bare.js").write_text(browser_files.code(path), encoding="utf-8")
        (tmp_path / f"{number}.whole.js").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    made = tmp_path / "made"
    tools.run(
        tools.tool("esbuild"), *sorted(tmp_path.glob("*.js")), "--minify", f"--outdir={made}", "--log-level=error"
    )
    for number, path in enumerate(paths):
        bare, whole = ((made / f"{number}.{kind}.js").read_bytes() for kind in ("bare", "whole"))
        assert bare == whole, path
        assert "@param" not in browser_files.code(path), path


def test_a_fault_in_a_type_would_be_found(tmp_path):
    wrong = tmp_path / "wrong.js"
    wrong.write_text("/** @type {number} */\nexport const n = 'one';\n")
    options = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--ignoreConfig"]
    with pytest.raises(subprocess.CalledProcessError):
        tools.run(tools.tool("tsc"), *options, wrong)


def test_what_is_locked_may_come_from_any_mirror():
    lock = json.loads((tools.HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert [package for package in packages if "resolved" in package] == []
    assert [package for package in packages if "integrity" not in package] == []


def test_a_language_has_all_words_of_the_english_catalogue():
    english = browser_files.catalogue()
    for path in browser_files.BROWSER.glob("texts.*.json"):
        other = json.loads(path.read_text(encoding="utf-8"))
        assert sorted(other["texts"]) == sorted(english["texts"]), path.name
        assert _values(other["texts"]) == _values(english["texts"]), path.name


def _values(texts):
    """What each text has between braces; plural forms have the same."""
    forms = {key: text if isinstance(text, str) else text["other"] for key, text in texts.items()}
    return {key: sorted(set(re.findall(r"\{(\w+)\}", text))) for key, text in forms.items()}
