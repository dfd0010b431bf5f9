"""Which browser the tests drive, and how it is started."""

import shutil
from pathlib import Path

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
