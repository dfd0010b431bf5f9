"""What many tests need: a real browser and a page in it; and the marks that say what a test needs of the machine."""

import os

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright
from support.browsers import QUIET, chromium_path

pytest_plugins = ["support.card_desk", "support.participant_lab"]

# Slow machines are not faulty ones, and a failing example is printed whole, so no database is kept.
settings.register_profile(
    "workshop", deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("workshop")

# Marks that follow from what a test asks for; the others stand in the test files.
MARK_OF_FIXTURE = {"chromium": "browser", "cluster": "cluster", "postgres": "postgres"}
# Not in the quick part, and begun first: files are shared out among two workers, and a long one that is begun last
# keeps one waiting.
LONG = ("nbgrader", "cluster", "postgres", "browser", "slow")


# First, since pytest's own hook chooses by marks: `-m quick`.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what follows from fixtures, mark as `quick` what has none of the long marks, and put long files first."""
    weight = {}
    for item in items:
        for fixture, mark in MARK_OF_FIXTURE.items():
            if fixture in item.fixturenames:
                item.add_marker(mark)
        places = [LONG.index(mark.name) for mark in item.iter_markers() if mark.name in LONG]
        if not places:
            item.add_marker("quick")
        weight[item.path] = min([*places, weight.get(item.path, len(LONG))])
    items.sort(key=lambda item: weight[item.path])


@pytest.fixture(scope="session")
def chromium():
    """One headless browser for the whole run. Without one the test is skipped, in CI it fails."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            why = "no Chromium here: install Debian's chromium, or run `.venv/bin/playwright install chromium`"
            pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """A fresh browser tab, 1280 by 900, whose waits give up after 20 seconds."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()
