"""Make the pictures of the README anew: `python benchmarks/pictures.py`, or with the names of some of them.

Each is taken from the workshop as it stands, in a real browser, so that no picture is older than what it shows.
"""

import argparse
import io
import json
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "notebooks" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from support.browsers import QUIET, chromium_path  # noqa: E402
from support.course_helpers import course_folder, grade, hand_in, right_answers, running_formgrader  # noqa: E402
from support.labserver import running_lab  # noqa: E402
from support.rooms import room_folder, running_room  # noqa: E402

from workshop.architecture import model, papers, words  # noqa: E402
from workshop.lab import folder as participant_folder  # noqa: E402
from workshop.render import pdf  # noqa: E402

QUESTION = "Which opening line does most of what statement a2 asks for?"
MINISTER = "We are peaceful"
ANSWERS = {
    "lynx": "Minister, every State has this duty. A first step is to name one office in each district that collects "
    "warnings, and it protects your officers before the vote.",
    "heron": "Minister, every State has this duty. A first step is to name one office in each district that collects "
    "warnings, and it protects your officers before the vote. Parliament can hear a report once a year.",
    "otter": "The world demands that Meridia create this body now.",
    "ibis": "We could begin with the province where the market closed twice this year.",
}
# The plan is dated by the edition, not by the day on which its picture is made.
DAY = date(2026, 11, 25)
PICTURES: dict[str, Callable[[Browser, Path], bytes]] = {}


def picture(make: Callable[[Browser, Path], bytes]) -> Callable[[Browser, Path], bytes]:
    """Register a function as the maker of the picture that has its name. It gives PNG bytes."""
    PICTURES[make.__name__] = make
    return make


def opened(browser: Browser, address: str, width: int, height: int, scale: float = 1) -> Page:
    """A page of this size, in CSS pixels, at an address; the picture has `scale` pixels for each of them."""
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.set_default_timeout(60_000)
    page.goto(address)
    return page


@picture
def welcome(browser: Browser, place: Path) -> bytes:
    """The first page in JupyterLab, as `workshop lab` opens it."""
    participant_folder.make(ROOT, place)
    with running_lab(place, WORKSHOP_HOME=str(place)) as address:
        page = opened(browser, address, 1100, 640)
        page.locator(".workshop-start:visible").wait_for()
        page.get_by_role("heading", name="Welcome", exact=True).wait_for()
        page.wait_for_timeout(1_500)
        return page.screenshot()


@picture
def question(browser: Browser, place: Path) -> bytes:
    """One question after its check, as it stands in a plain browser tab."""
    with running_room(room_folder(place)) as room:
        client = room.person("amber-falcon")
        page = browser.new_context(viewport={"width": 620, "height": 1200}).new_page()
        join(page, room.address, client)
        page.goto(f"{room.address}/page/m02_challenges")
        card = page.locator(".workshop-card").filter(has=page.get_by_role("heading", name=QUESTION, exact=True))
        card.get_by_role("radio").first.check()
        card.get_by_role("button", name="Check my answer").click()
        card.get_by_text("Saved.").wait_for()
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        return card.screenshot()


def join(page: Page, address: str, client: object) -> None:
    """Let a browser sit on the seat of a client that has come in."""
    cookies = [
        {"name": cookie.name, "value": cookie.value, "url": address}
        for cookie in client.cookies.jar  # type: ignore[attr-defined]
    ]
    page.context.add_cookies(cookies)


@picture
def room(browser: Browser, place: Path) -> bytes:
    """A phone beside the facilitator's board, in a room with invented seats."""
    with running_room(room_folder(place), "--demo", "14") as running:
        phone = browser.new_context(viewport={"width": 373, "height": 713}).new_page()
        join(phone, running.address, running.person("amber-falcon"))
        phone.goto(f"{running.address}/page/m02_challenges")
        card = phone.locator(".workshop-card").filter(has=phone.get_by_role("radio")).first
        card.get_by_role("radio").first.check()
        card.get_by_role("button", name="Check my answer").click()
        card.get_by_text("Saved.").wait_for()
        card.scroll_into_view_if_needed()
        card.evaluate("card => window.scrollTo(0, card.getBoundingClientRect().top + window.scrollY - 20)")
        board = opened(browser, running.board, 1040, 951, scale=0.75)
        board.get_by_role("heading", name="Who is here").wait_for()
        board.wait_for_timeout(1_500)
        return beside(phone.screenshot(), board.screenshot())


@picture
def plan(_browser: Browser, _place: Path) -> bytes:
    """Two pages of an action plan for an invented country, as they are printed."""
    drawn = model.read(json.loads((ROOT / "data" / "canvas_examples.json").read_text(encoding="utf-8"))[0]["value"])
    rows = [
        {
            "id": str(number),
            **{name: suggestion[name] for name in ("goal", "step", "sign")},
            "who": "Ombudsman",
            "when": "30 June 2027",
            "money": "none",
        }
        for number, suggestion in enumerate(words.suggestions(drawn, model.analysed(drawn))[:4])
    ]
    value = {
        "title": "Plan for the first year",
        "office": "Interior ministry",
        "place": "Meridia",
        "summary": "Warnings are answered within a week.",
        "neighbours": "Their alert form.",
        "gaamac": "Two days with one expert.",
        "rows": rows,
    }
    foot = "Plan for the first year · Interior ministry · 25 November 2026"
    pages = pdf.Document("Plan for the first year", papers.plan(value, drawn, DAY), foot=foot).pictures(dpi=76)
    return beside(pages[2], pages[3])


@picture
def desk(browser: Browser, place: Path) -> bytes:
    """The reader's desk with one answer and its rubric."""
    course_folder(place)
    item = re.compile(MINISTER)
    for code, words_of_answer in ANSWERS.items():
        answers = right_answers(place)
        name = next(name for name, value in answers.items() if name == "sceptical-minister" and value is not None)
        hand_in(place, code, answers | {name: words_of_answer})
    grade(place)
    with running_formgrader(place) as (address, key):
        page = opened(browser, f"{address}/?{key}", 1000, 733, scale=0.9)
        page.get_by_role("link", name=item).click()
        page.get_by_label("Your initials").fill("AB")
        page.get_by_label("Your initials").blur()
        page.get_by_role("heading", name="Answer 1 of 4").wait_for()
        answer = page.locator("article").filter(has_text=ANSWERS["lynx"]).last
        for line in answer.locator("fieldset").all():
            line.get_by_role("radio", name="1", exact=True).check()
        answer.get_by_text("Saved.").wait_for()
        answer.evaluate("card => window.scrollTo(0, card.getBoundingClientRect().top + window.scrollY - 20)")
        page.mouse.move(0, 0)
        return page.screenshot()


def beside(left: bytes, right: bytes) -> bytes:
    """Two PNG pictures side by side on grey, the taller one deciding the height."""
    pictures = [Image.open(io.BytesIO(content)).convert("RGB") for content in (left, right)]
    gap = 14
    whole = Image.new(
        "RGB", (sum(one.width for one in pictures) + gap, max(one.height for one in pictures)), (154, 160, 166)
    )
    whole.paste(pictures[0], (0, 0))
    whole.paste(pictures[1], (pictures[0].width + gap, 0))
    target = io.BytesIO()
    whole.save(target, "PNG")
    return target.getvalue()


def small(content: bytes) -> bytes:
    """The picture with at most 128 colours, which is enough for pages and a third of the bytes."""
    target = io.BytesIO()
    Image.open(io.BytesIO(content)).convert("RGB").quantize(128).save(target, "PNG", optimize=True)
    return target.getvalue()


def main() -> None:
    """Make the pictures that are named, or all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", choices=[[], *PICTURES])
    named = options.parse_args().names or list(PICTURES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(playwright), args=QUIET)
        for name in named:
            with tempfile.TemporaryDirectory() as place:
                (IMAGES / f"{name}.png").write_bytes(small(PICTURES[name](browser, Path(place) / "workshop")))
            print(f"notebooks/images/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
