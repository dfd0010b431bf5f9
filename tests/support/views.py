"""Small views of every kind, and a table that answers them as Python would, without reading any page."""

import base64
import copy
import struct
import zlib

from support.protocol import check_request


class Table:
    """Keeps an answer and shows a prepared result; `requests` tells what the browser asked for."""

    def __init__(self, view, result=None):
        self.now, self.result, self.requests = copy.deepcopy(view), result, []

    def view(self):
        return self.now

    def handle(self, request):
        check_request(request)
        self.requests.append(request)
        getattr(self, request["do"].replace("-", "_"))(request)
        self.now["saved"] = request["n"]
        return self.now

    def answer(self, request):
        self.now |= {"answer": request["value"], "result": None}

    def clear(self, _request):
        self.now |= {"answer": None, "result": None}

    def check(self, _request):
        missing = {"outcome": "not_answered", "headline": "Not answered yet", "next": []}
        self.now["result"] = missing if self.now["answer"] is None else self.result

    def code(self, request):
        self.now["code"] = request["value"]

    def hand_in(self, _request):
        self.now["file"] = f"handed_in/{self.now['code']}.json"


class Play(Table):
    """A scenario of three scenes: one decision, what came of it, the end."""

    def __init__(self):
        super().__init__(scenario())

    def choose(self, request):
        if request["choice"].startswith("monday:"):
            self.now |= asked_the_board()
        else:
            self.now |= {"ending": {"id": "quiet", "title": "A quiet autumn", "text": [["p", {}, "The rumour dies."]]}}

    def back(self, request):
        self.restart(request)

    def restart(self, _request):
        self.now = scenario()


def question(kind, **fields):
    """A view of a question with nothing answered yet."""
    return {
        "type": "question",
        "id": f"about-{kind}",
        "kind": kind,
        "title": f"A question to {kind}",
        "statements": [],
        "prompt": [["p", {}, "Meridia's committee has met ", ["strong", {}, "four"], " times."]],
        "options": [],
        "rows": [],
        "columns": [],
        "row_label": "",
        "column_label": "",
        "unit": "",
        "words": None,
        "points": None,
        "graded": False,
        "answer": None,
        "saved": 0,
        "trouble": "",
        "result": None,
        **fields,
    }


def named(*texts):
    """Options, rows or columns whose id is the first word of their text."""
    return [{"id": text.split()[0].lower(), "text": [text]} for text in texts]


OFFICES = named("Police", "Health ministry", "Mediation board")
NEXT = [["p", {}, "Think of a committee you sit on: who speaks for the others?"]]


def marked(marks, **more):
    """Marks by id, each with its reason."""
    return {name: {"mark": mark, "reason": [f"A reason about {name}."], **more} for name, mark in marks.items()}


def result(outcome="partly", headline="Partly right: 1 of 3", **fields):
    return {"outcome": outcome, "headline": headline, "points": None, "of": None, "next": NEXT, **fields}


def single(**fields):
    options = named("Nine members sit on it", "Juniors come who cannot decide anything", "Meetings are short")
    return question("single", options=options, **fields)


def multiple(**fields):
    options = named("Incident reports", "Market prices", "Rumours on the radio", "Weather")
    return question("multiple", options=options, **fields)


def rank(**fields):
    options = named("Listen to the local boards", "Agree on the words", "Write a law", "Find money", "Train people")
    return question("rank", options=options, **fields)


def match(**fields):
    columns = named("Incident data", "Admissions, and what people say in the waiting room", "Trust of both sides")
    return question("match", rows=OFFICES, columns=columns, row_label="Institution", column_label="Brings", **fields)


def classify(**fields):
    rows = named("Ratifying a convention", "Funding a local mediator")
    return question("classify", rows=rows, columns=named("Top-down", "Bottom-up", "Both"), **fields)


def ticks(**fields):
    columns = named("Hears", "Decides", "Pays", "Speaks", "Reviews")
    return question("map", rows=OFFICES, columns=columns, row_label="Office", **fields)


def number(**fields):
    return question("number", unit="million US dollars", **fields)


def timeline(**fields):
    rows = named("Genocide Convention adopted", "Rome Statute adopted", "World Summit agreed")
    return question("timeline", rows=rows, first=1945, last=2025, row_label="Event", column_label="Year", **fields)


def written(**fields):
    return question("write", words=12, **fields)


RESULTS = {
    "single": result("not_right", "Not right yet", options=marked({"nine": "wrong", "juniors": "missed"})),
    "multiple": result(
        options=marked({"incident": "right", "market": "neutral", "rumours": "missed", "weather": "wrong"})
    ),
    "rank": result(
        "partly",
        "Partly right: 8 of 10 pairs in the supported order",
        rows=marked({"agree": "wrong", "listen": "wrong", "write": "right", "find": "right", "train": "right"}),
        order=["agree", "listen", "write", "find", "train"],
    ),
    "match": result(
        rows=marked({"police": "right", "health": "wrong", "mediation": "empty"}, should=["Trust of both sides"])
    ),
    "classify": result(rows=marked({"ratifying": "right", "funding": "wrong"}, should=["Bottom-up"])),
    "map": result(rows=marked({"police": "right", "health": "wrong", "mediation": "empty"}, should=["Hears, Speaks"])),
    "number": result("right", "Right", reason=["It stands in the report, rounded."]),
    "timeline": result(
        "partly",
        "Partly right: 1 of 3 years, 1 of 3 pairs of events in order",
        rows=marked({"genocide": "right", "rome": "wrong", "world": "empty"}, should=["1998"]),
    ),
    "write": result(
        "to_read",
        "Written: now compare",
        model=[["p", {}, "We would begin with the mediation board."]],
        rubric=[["1 point: names one local entry point"], ["1 point: says who decides"]],
    ),
}
QUESTIONS = {
    "single": single,
    "multiple": multiple,
    "rank": rank,
    "match": match,
    "classify": classify,
    "map": ticks,
    "number": number,
    "timeline": timeline,
    "write": written,
}
ANSWERS = {
    "single": "nine",
    "multiple": ["incident", "weather"],
    "rank": ["listen", "agree", "write", "find", "train"],
    "match": {"police": "incident", "health": "trust"},
    "classify": {"ratifying": "top-down", "funding": "both"},
    "map": {"police": ["hears", "speaks"], "health": ["pays"]},
    "number": "35,3",
    "timeline": {"genocide": "1948", "rome": "1985"},
    "write": "Begin with the board.",
}


def gauges(risk=(42, 0), trust=(45, 0)):
    return [
        {"id": "RISK", "label": "Risk", "value": risk[0], "change": risk[1], "better": "lower"},
        {"id": "TRUST", "label": "Trust", "value": trust[0], "change": trust[1], "better": "higher"},
    ]


def scenario():
    choices = [
        {"id": "monday:board", "text": ["Ask the mediation board what it sees"], "cost": "1 week"},
        {"id": "monday:radio", "text": ["Answer on the radio the same day"], "cost": "no time"},
        {
            "id": "monday:law",
            "text": ["Ask parliament for a law"],
            "cost": "30 weeks",
            "possible": False,
            "why_not": "Parliament does not meet before June.",
        },
    ]
    return {
        "type": "scenario",
        "id": "orvane",
        "title": "Orvane: the rumour",
        "round": "First week",
        "gauges": gauges(),
        "clock": {"unit": "weeks", "used": 0, "of": 52},
        "scene": {
            "side": "",
            "id": "monday",
            "title": "Monday morning",
            "text": [
                [
                    "p",
                    {},
                    "A radio host repeats a rumour against one community. "
                    "Three offices have heard it, and none has told another.",
                ],
                [
                    "ul",
                    {},
                    ["li", {}, "Shops in one street stay shut."],
                    ["li", {}, "The mediation board has been called twice."],
                ],
            ],
        },
        "choices": [{"decision": True, "possible": True, "why_not": "", **choice} for choice in choices],
        "late": [],
        "brief": [],
        "reason": None,
        "before": [],
        "trail": [],
        "ending": None,
        "group": None,
        "replay": None,
        "after": None,
        "plays": [],
        "files": [],
        "can_go_back": False,
        "saved": 0,
        "trouble": "",
    }


def asked_the_board():
    """What changes in the view after the first decision."""
    return {
        "gauges": gauges(risk=(44, 2), trust=(48, 3)),
        "clock": {"unit": "weeks", "used": 1, "of": 52},
        "scene": {
            "side": "",
            "id": "board",
            "title": "What the board sees",
            "text": [
                ["p", {}, "Two villages have stopped trading."],
                ["blockquote", {}, ["p", {}, ["strong", {}, "Evidence."], " Local boards hear first."]],
            ],
        },
        "choices": [
            {"id": "board:end", "text": ["Go on"], "cost": "", "decision": False, "possible": True, "why_not": ""}
        ],
        "trail": [
            {
                "id": "monday",
                "scene": "Monday morning",
                "round": "First week",
                "choice": "Ask the mediation board what it sees",
                "cost": "1 week",
                "effects": "Risk +2, Trust +3",
                "later": "",
                "reason": "",
            }
        ],
        "can_go_back": True,
    }


def handin():
    return {
        "type": "handin",
        "answered": 8,
        "of": 10,
        "missing": ["Who hears first?", "What would it cost?"],
        "code": "",
        "file": "",
        "note": "",
        "saved": 0,
        "trouble": "",
    }


def figure(note="Most of the money comes late.", **fields):
    return {
        "type": "figure",
        "title": "Who pays",
        "src": picture(),
        "alt": "A bar chart with two bars",
        "caption": [["p", {}, "Invented figures."]],
        "note": note,
        "table": {"columns": ["Year", "Before", "After"], "rows": [[2024, 10, 90], [2025, 12, 88]]},
        **fields,
    }


def picture(width=320, height=120):
    """A grey PNG, written by hand to keep the tests free of drawing libraries."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + b"\xcc" * width for _ in range(height))))
    png = b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(png).decode()


def all_tables():
    """One table of each kind, by name; the questions answered and checked."""
    tables = {}
    for kind, make in QUESTIONS.items():
        tables[kind] = Table(make(answer=ANSWERS[kind], result=RESULTS[kind]), RESULTS[kind])
    tables["empty"] = Table(rank(graded=True, points=2, id="empty"))
    tables["play"], tables["handin"], tables["figure"] = Play(), Table(handin()), Table(figure())
    played = Play()
    played.handle({"n": 1, "do": "choose", "choice": "monday:board"})
    tables["played"] = played
    return tables
