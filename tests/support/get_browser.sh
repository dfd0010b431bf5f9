#!/bin/sh
# A browser for the tests: the one that is there, else Debian's, else Playwright's. Without one, says what is left out.

own_browser() {
    .venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    playwright.chromium.launch().close()
' >/dev/null 2>&1
}

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
own_browser && exit 0

echo "Looking for a browser for the tests. This happens once."

# Ubuntu's package of this name only asks for a snap, so this is for Debian alone.
if grep -qs '^ID=debian' /etc/os-release; then
    if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
    if $as_root true 2>/dev/null || [ -z "$as_root" ]; then
        $as_root apt-get -qq update >/dev/null 2>&1
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install --yes --no-install-recommends chromium >/dev/null 2>&1 && exit 0
    fi
fi

.venv/bin/playwright install chromium >/dev/null 2>&1
own_browser && exit 0

echo "No browser could be had, so the tests of what people see and click are left out (with CI set they fail)."
echo "To run them too: sudo apt install chromium"
echo "or: .venv/bin/playwright install chromium, then sudo .venv/bin/playwright install-deps chromium"
