"""A participant's folder in a running JupyterLab, and what a person does there first.

They open a page, press the button, and look for a card.
"""

import pytest
from support.course_helpers import ROOT
from support.labserver import running_lab

from workshop.lab import folder

LESSON_SHEET = "notebooks/m02_challenges.answers.json"


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """A participant's folder with a running JupyterLab: (folder, address)."""
    place = tmp_path_factory.mktemp("a participant") / "my workshop"
    folder.make(ROOT, place)
    with running_lab(place, WORKSHOP_HOME=str(place)) as address:
        yield place, address


def open_page(tab, kit, page):
    """Open a page of the workshop, and nothing else, and press the one button."""
    base, key = kit[1].split("?")
    tab.goto(f"{base}lab/tree/{page}?reset&{key}")
    start(tab, page)


def start(tab, page):
    """Press the button of the page that is in front."""
    name = page.rsplit("/", 1)[-1]
    tab.locator(".lm-TabBar-tab.lm-mod-current[data-type=document-title]", has_text=name).wait_for()
    tab.locator(".workshop-start:visible").click()
    tab.locator(".workshop-status:visible", has_text="Started.").wait_for(timeout=60_000)


def card(tab, title):
    """The card with this title, scrolled to. JupyterLab may draw a cell only when it comes near."""
    found = tab.locator(".workshop-card:visible").filter(has=tab.get_by_role("heading", name=title, exact=True))
    if not found.count():
        to_the_top(tab)
    for _ in range(200):
        if found.count():
            break
        tab.locator(".jp-WindowedPanel-outer:visible").first.evaluate("panel => panel.scrollBy(0, 400)")
        tab.wait_for_timeout(60)
    found.first.scroll_into_view_if_needed()
    return found.first


def to_the_top(tab):
    tab.locator(".jp-WindowedPanel-outer:visible").first.evaluate("panel => panel.scrollTo(0, 0)")
