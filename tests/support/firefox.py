"""Debian's Firefox without a window, spoken to in its own WebDriver BiDi: what Playwright cannot do with it."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager

import pytest
import websocket

PATIENCE = 30


class Tab:
    """One tab: opens pages, runs JavaScript in them, waits until something is so."""

    def __init__(self, line):
        self._line, self._count = line, 0
        self._ask("session.new", capabilities={})
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def goto(self, url):
        """Open a page and wait until it has loaded."""
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, script):
        """The value of an expression in the page."""
        reply = self._ask(
            "script.evaluate",
            expression=f"JSON.stringify({script}) ?? 'null'",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert reply["type"] == "success", reply["exceptionDetails"]["text"]
        return json.loads(reply["result"]["value"])

    def wait(self, script):
        """Wait until an expression is true; gives its value."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := self.run(script):
                return value
            time.sleep(0.1)
        raise AssertionError(f"It did not come true within {PATIENCE} s: {script}")

    def _ask(self, method, **params):
        self._count += 1
        self._line.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            reply = json.loads(self._line.recv())
            if reply.get("id") == self._count:
                assert reply["type"] == "success", reply
                return reply["result"]


@contextmanager
def firefox():
    """A tab in a fresh Firefox. Without one the test is skipped, in CI it fails."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        why = "no Firefox here: install Debian's firefox-esr"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            path,
            "--headless",
            "--no-remote",
            "--profile",
            profile,
            "--remote-debugging-port",
            "0",
            "about:blank",
        ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": profile}
        ) as process:
            try:
                address = next(line.split()[-1] for line in process.stderr if "WebDriver BiDi listening on" in line)
                line = websocket.create_connection(f"{address}/session", timeout=PATIENCE, suppress_origin=True)
                yield Tab(line)
                line.close()
            finally:
                process.terminate()
                process.stderr.read()
