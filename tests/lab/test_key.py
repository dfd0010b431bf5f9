"""The key of a server that was started for one person stays with that person, on a computer with several accounts."""

import os
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from support.labserver import START, close, running_lab

pytestmark = pytest.mark.slow

WITH_BROWSER = START.replace("browser=False", "browser=True")


@pytest.fixture
def browser(tmp_path):
    """A browser that writes down what it was started with.

    Given are the variable that names it, and a function that gives the addresses.
    """
    note, program = tmp_path / "opened", tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" >> "{note}"\n')
    program.chmod(0o700)

    def opened(count):
        end = time.monotonic() + 30
        while not note.exists() or len(note.read_text().split()) < count:
            assert time.monotonic() < end, "no browser was opened"
            time.sleep(0.05)
        return note.read_text().split()

    return {"BROWSER": f"{program} %s"}, opened


def final_address(address):
    """Where an address leads, without following cookies."""
    with urllib.request.urlopen(address, timeout=20) as reply:
        return reply.geturl()


def open_with_browser(folder, environment):
    command = [sys.executable, "-c", WITH_BROWSER, str(folder), "0"]
    return subprocess.Popen(
        command, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.mark.parametrize("running_already", [False, True])
def test_a_browser_is_started_with_an_address_that_is_good_once_and_holds_no_key(tmp_path, browser, running_already):
    environment, opened = browser
    folder = tmp_path / "pages"
    folder.mkdir()
    if running_already:
        with running_lab(folder):
            open_with_browser(folder, environment).communicate(timeout=60)
            check(folder, opened(1)[0])
    else:
        process = open_with_browser(folder, environment)
        try:
            check(folder, opened(1)[0])
        finally:
            close(process)


def check(folder, address):
    key = (folder / ".workshop" / "token").read_text()
    assert key not in address
    assert f"?token={key}" in final_address(address)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        final_address(address)


def test_nobody_else_can_look_into_the_folder_with_the_key(tmp_path):
    with running_lab(tmp_path):
        for path in (tmp_path / ".workshop", tmp_path / ".workshop" / "runtime"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
