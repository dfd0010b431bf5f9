"""What cards and Python send each other has one form, which the types of both sides are made from."""

import typing

import fastjsonschema
import pytest
from browser import protocol_types
from support import views
from support.protocol import VIEWS, check_request, check_view

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.architecture.canvases import CANVASES
from workshop.cards import protocol


def test_the_schema_and_the_browsers_types_are_made_from_pythons_types_as_they_are():
    stale = "run: python tests/browser/tools.py protocol"
    assert protocol_types.SCHEMA.read_text(encoding="utf-8") == protocol_types.schema_text(), stale
    assert protocol_types.TYPES.read_text(encoding="utf-8") == protocol_types.types_text(), stale


def test_every_type_of_view_is_checked():
    kinds = {typing.get_args(typing.get_type_hints(each)["type"])[0] for each in typing.get_args(protocol.AnyView)}
    assert kinds == set(VIEWS)


@pytest.mark.parametrize("name", views.all_tables())
def test_the_views_with_which_cards_are_tested_have_the_form_of_real_ones(name):
    check_view(views.all_tables()[name].view())


@pytest.mark.parametrize("name", CANVASES)
def test_a_canvas_sends_what_the_browser_knows(name, tmp_path):
    sheet = Sheet(FileStorage(tmp_path / "m07.answers.json"), "m07")
    check_view(CANVASES[name](sheet, tmp_path).view())


def test_a_field_too_much_a_field_too_little_and_a_wrong_one_are_found():
    view = views.single()
    for wrong in (view | {"links": {}}, {name: view[name] for name in view if name != "unit"}, view | {"saved": "1"}):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            check_view(wrong)


def test_a_request_that_python_does_not_know_is_found():
    check_request({"do": "choose", "choice": "a:b", "n": 3})
    for wrong in ({"do": "dance"}, {"do": "choose"}, {"do": "check", "value": 1}):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            check_request(wrong)
