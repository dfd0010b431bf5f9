"""What many tests need: a real browser and a page in it."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent

# Slow machines are not faulty ones, and a failing example is printed whole, so no database is kept.
settings.register_profile(
    "workshop", deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("workshop")

# Chromium asks home for updates at every start; a workshop laptop has no line, and the tests need none.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]


def chromium_path(playwright):
    """Debian's Chromium, or Playwright's own, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


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
