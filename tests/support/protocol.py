"""Holds what cards and Python send each other against the schema that is made from the types of both."""

import json
from pathlib import Path

import fastjsonschema

from workshop.cards import protocol

SCHEMA = json.loads(Path(protocol.__file__).with_name("protocol.schema.json").read_text(encoding="utf-8"))


def _against(name):
    return fastjsonschema.compile({**SCHEMA, "$ref": f"#/$defs/{name}"})


# By its type, so that a fault is named, and not only that none of six kinds of view fits.
VIEWS = {
    "question": _against("QuestionView"),
    "scenario": _against("ScenarioView"),
    "handin": _against("HandInView"),
    "figure": _against("FigureView"),
    "architecture": _against("ArchitectureView"),
    "form": _against("FormView"),
}
_request = _against("Request")


def check_view(view):
    """Raises JsonSchemaException, which names the field, for a view that the browser's types do not know."""
    VIEWS[view["type"]](json.loads(json.dumps(view)))


def check_request(request):
    """Raises JsonSchemaException for a request, numbered or not, that Python's types do not know."""
    _request({name: value for name, value in request.items() if name != "n"})
