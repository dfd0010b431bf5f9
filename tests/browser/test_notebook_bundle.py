"""A notebook loads the browser's code once for a page, and not once for each of its cards."""

import base64
import json

import nbformat
import pytest
from nbclient import NotebookClient
from support import views
from support.course_helpers import ROOT

from workshop.cards.widget import Bundle, Card
from workshop.explorations.kit.widgets import Choice

pytestmark = pytest.mark.slow
MOST = 200_000


@pytest.fixture(scope="module")
def states():
    """The state of each widget of the lessons page as it goes to the browser: JSON, and the bytes beside it."""
    notebook = nbformat.read(ROOT / "notebooks/m03_lessons.ipynb", 4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}})
    client.execute()
    beside = {
        model: [base64.b64decode(buffer["data"]) for buffer in buffers.values()]
        for model, buffers in client.widget_buffers.items()
    }
    return [(state, beside.get(model, [])) for model, state in client.widget_state.items()]


def size(state, buffers):
    return len(json.dumps(state, ensure_ascii=False).encode()) + sum(map(len, buffers))


def test_the_lessons_page_takes_less_than_200_kb_with_its_pictures(states):
    cards = [state for state, _ in states if "view" in state]
    pictures = sum(len(state["view"].get("src", "")) for state in cards)
    whole = sum(size(state, buffers) for state, buffers in states)
    assert len(cards) > 30
    assert whole < MOST, f"{whole} bytes, of which {pictures} are pictures"


def test_the_code_is_on_its_way_once(states):
    assert len([buffers for _, buffers in states if buffers]) == 1
    assert max(len(state["_esm"]) for state, _ in states if "_esm" in state) < 500
    assert not any("_css" in state for state, _ in states)


def test_all_widgets_of_a_kernel_share_one_bundle():
    table = views.Table(views.single())
    first, second, control = Card(table), Card(table), Choice("Which", [("this", 1)])
    assert first.bundle is second.bundle is control.bundle


def test_a_bundle_that_was_closed_is_opened_anew():
    Bundle.of_this_kernel().close()
    assert Bundle.of_this_kernel().comm is not None
