"""The room in Firefox: the way in, an answer, a decision, and the board."""

import json

import pytest
from support.firefox import firefox
from support.rooms import room_folder, running_room, views

from workshop.project import project

pytestmark = pytest.mark.browser

LESSON = "m02_challenges"


@pytest.fixture(scope="module")
def tab():
    with firefox() as tab:
        yield tab


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return room_folder(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def room(folder):
    with running_room(folder) as room:
        yield room


def test_a_participant_comes_in_answers_decides_and_is_seen_on_the_board(tab, room, folder):
    question = next(question for question in project.read(folder).lesson(LESSON).questions if question.kind == "single")
    tab.goto(f"{room.address}/?code={room.code}")
    tab.run("(document.getElementById('name').value = 'fire-fox', document.querySelector('button.main').click(), 1)")
    tab.wait("document.querySelector('h1')?.textContent === 'All pages'")
    tab.goto(f"{room.address}/page/{LESSON}")
    card = f"document.getElementById({json.dumps('q-' + question.id)})"
    tab.wait(f"{card}.querySelector('article input[type=radio]') !== null")
    tab.run(f"({card}.querySelector('input[type=radio]').click(), 1)")
    tab.wait(f"{card}.querySelector('.status').textContent.includes('Saved.')")
    tab.run(f"([...{card}.querySelectorAll('button')].find(one => one.textContent === 'Check my answer').click(), 1)")
    tab.wait(f"{card}.querySelector('.result:not([hidden])') !== null")
    assert tab.run("[...document.querySelectorAll('.noscript')].length") == 0
    story = "document.querySelector('[data-card^=s-]')"
    tab.run(
        f"([...{story}.querySelectorAll('button')]"
        ".find(one => one.textContent.startsWith('Close the folder')).click(), 1)"
    )
    tab.wait(f"[...{story}.querySelectorAll('button')].some(one => one.textContent === 'Step back')")
    assert views(room.person("beside"), LESSON)[f"q-{question.id}"]["answer"] is None
    tab.goto(room.board)
    tab.wait("document.getElementById('seats')?.textContent.includes('fire-fox: 1 answered')")
