"""What a person meets who opens the workshop in JupyterLab and has never seen a notebook."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support.labserver import START, close, launch, running_lab

ROOT = Path(__file__).resolve().parents[2]

CARD = """
import anywidget, traitlets

class Card(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `Answered ${model.get("answers")} times`; };
      button.onclick = () => { model.set("wish", model.get("wish") + 1); model.save_changes(); };
      model.on("change:answers", show);
      show();
      el.append(button);
    } };
    '''
    wish = traitlets.Int(0).tag(sync=True)
    answers = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("wish")
    def _answer(self, change):
        self.answers = change.new

Card()
"""


def hidden(source):
    return new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})


def welcome():
    """A page with text, a formula, a card, an exercise that nobody has solved, and a slider under it."""
    cells = [
        new_markdown_cell("# Welcome\n\nA formula: $a^2 + b^2$"),
        hidden(CARD),
        hidden("import os; print('The kit lies in', os.environ['WORKSHOP_HOME'])"),
        new_markdown_cell("## Yours to write\n\nSome text."),
        new_code_cell("raise NotImplementedError()"),
        hidden("import ipywidgets; ipywidgets.IntSlider(description='Years')"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def folder_with_a_page(parent):
    folder = parent / "my pages, été"
    pages = folder / "notebooks"
    pages.mkdir(parents=True)
    nbformat.write(welcome(), pages / "m00_welcome.ipynb")
    nbformat.write(welcome(), pages / "m01_common_language.ipynb")
    (pages / "m00_welcome.answers.json").write_text("{}")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return folder_with_a_page(tmp_path_factory.mktemp("participant"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The home of somebody whose own Jupyter would stop at once."""
    home = tmp_path_factory.mktemp("home")
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "jupyter_server_config.py").write_text("raise SystemExit('another set-up was read')")
    return home


@pytest.fixture(scope="module")
def lab(folder, home):
    with running_lab(folder, HOME=str(home), WORKSHOP_HOME=str(ROOT)) as address:
        yield address


@pytest.fixture(scope="module")
def page(lab, chromium):
    """The welcome page, loaded once because that takes seconds. `page.asked_for` holds the hosts of all requests."""
    tab = chromium.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(20_000)
    tab.asked_for = set()
    tab.on("request", lambda request: tab.asked_for.add(host(request.url)))
    tab.on("websocket", lambda line: tab.asked_for.add(host(line.url)))
    tab.goto(lab)
    tab.get_by_role("heading", name="Welcome").wait_for()
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def started(page):
    """The welcome page after its button was pressed."""
    press_start(page)
    return page


def host(url):
    return "this page" if url.startswith(("data:", "blob:")) else url.split("/")[2].split(":")[0]


def press_start(page):
    page.get_by_role("button", name="Start this page", exact=True).click()
    page.get_by_text("Started. Read on below.").wait_for()


def test_the_welcome_page_is_in_front_and_no_other_tab(page):
    assert page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel").all_text_contents() == ["m00_welcome.ipynb"]
    assert page.get_by_role("button", name="Start this page", exact=True).is_visible()


def test_nothing_asks_and_nothing_warns(page):
    page.wait_for_timeout(1500)
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0


def test_the_list_shows_pages_and_not_their_answer_sheets(page):
    page.locator(".jp-DirListing-itemText").first.wait_for()
    assert page.locator(".jp-DirListing-itemText").all_text_contents() == [
        "m00_welcome.ipynb",
        "m01_common_language.ipynb",
    ]


def test_the_button_shows_the_cards_and_they_talk_to_python(started):
    started.get_by_role("button", name="Answered 0 times").click()
    started.get_by_role("button", name="Answered 1 times").wait_for()


def test_an_unsolved_exercise_does_not_stop_the_cards_under_it(started):
    assert started.locator(".widget-slider").is_visible()


def test_the_reader_stays_at_the_top_when_the_page_starts(started):
    assert started.get_by_role("heading", name="Welcome").is_visible()
    assert started.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop") == 0


def test_no_code_is_seen_but_the_one_to_write(started):
    assert (
        started.locator(".jp-InputPlaceholder, .jp-InputPrompt, .jp-OutputPrompt").locator("visible=true").count() == 0
    )
    assert started.locator(".jp-CodeCell .cm-content").locator("visible=true").all_text_contents() == [
        "raise NotImplementedError()"
    ]


def test_stray_keys_and_double_clicks_change_nothing(started):
    cells = started.locator(".jp-Cell").count()
    paragraph = started.locator("p", has_text="Some text.")
    paragraph.dblclick()
    for key in ("x", "d", "d", "a", "b", "m", "Enter", "ArrowLeft", "1"):
        started.keyboard.press(key)
    started.wait_for_timeout(300)
    assert started.locator(".jp-Cell").count() == cells
    assert started.get_by_role("heading", name="Yours to write").is_visible()
    assert paragraph.is_visible()


@pytest.mark.usefixtures("started")
def test_the_saved_page_keeps_figures_and_text_but_no_cards(folder):
    cells = json.loads((folder / "notebooks" / "m00_welcome.ipynb").read_text(encoding="utf-8"))["cells"]
    assert cells[1]["outputs"] == cells[5]["outputs"] == []
    assert "".join(cells[2]["outputs"][0]["text"]) == f"The kit lies in {ROOT}\n"


def test_a_page_opened_again_is_clean_and_starts_again(started):
    started.reload()
    started.get_by_role("heading", name="Welcome").wait_for()
    assert started.get_by_text("Error displaying widget").count() == 0
    press_start(started)
    assert started.get_by_role("button", name="Answered 0 times").is_visible()


def test_no_request_leaves_the_machine(started):
    started.wait_for_timeout(1000)
    assert started.asked_for - {"this page"} == {"127.0.0.1"}


def test_nothing_of_nbgrader_is_seen(started, lab):
    for words in ("Nbgrader", "Formgrader", "Assignment List", "Validate"):
        assert started.get_by_text(words).count() == 0
    assert started.request.get(lab.replace("/?", "/formgrader?")).status == 404


def test_a_folder_that_is_open_already_gives_its_address_again(lab, folder):
    again = subprocess.run([sys.executable, "-c", START, str(folder), "0"], capture_output=True, text=True, timeout=30)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == f"This folder is already open. Its address is {lab}\n"


@pytest.mark.usefixtures("started")
def test_another_jupyter_set_up_is_neither_read_nor_changed(home):
    assert [path.name for path in (home / ".jupyter").iterdir()] == ["jupyter_server_config.py"]
    assert not (home / ".ipython").exists() and not (home / ".local").exists()


def test_a_taken_port_is_passed_over_and_ctrl_c_ends_it_kindly(tmp_path):
    folder = folder_with_a_page(tmp_path)
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        process, address = launch(folder, taken)
        code, words = close(process)
    assert address.startswith("http://127.0.0.1:") and f":{taken}/" not in address
    assert code == 0
    assert words == (
        f"To stop it, press Ctrl-C here.\n\nThe workshop is closed. Answers and pages are kept in {folder}\n"
    )
