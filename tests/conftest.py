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
