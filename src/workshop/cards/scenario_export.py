"""A finished play to take home: a page that prints well, the same as data, and the role cards to cut out."""

import json
from html import escape
from typing import Any

from workshop import __version__
from workshop.answers.sheet import KeptPlay
from workshop.cards.protocol import FigureView
from workshop.render.html import to_html
from workshop.scenarios import model as scenarios
from workshop.scenarios.model import Scenario
from workshop.scenarios.review import Decision, path, time

FORMAT = "workshop-play"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 1.6rem } h3 { font-size: 1rem; margin: 0 }
section.step, article { border: 1px solid #8a929c; border-radius: 6px; padding: .8rem 1rem; margin: .8rem 0;
  break-inside: avoid }
.facts { color: #4b5360; margin: .2rem 0 }
.reason { white-space: pre-wrap; background: #f4f5f7; padding: .5rem .7rem; margin: .4rem 0 0 }
table { border-collapse: collapse } td, th { border: 1px solid #8a929c; padding: .25rem .6rem; text-align: left }
img { max-width: 100%; height: auto } .room { border-bottom: 1px solid #8a929c; height: 2.2rem }
li { break-inside: avoid }
dt { font-weight: 600 } dd { margin: 0 0 .4rem }
@media print {
  body { margin: 0; max-width: none; font-size: 11pt } h2 { break-after: avoid } article { min-height: 8rem }
}
"""


def data(scenario: Scenario, play: KeptPlay, part: int = 0) -> dict[str, Any]:
    """A finished play as data: what was chosen, why, and where the gauges stood."""
    state = scenarios.play(scenario, play["choices"], part)
    return {
        "format": FORMAT,
        "version": 1,
        "edition": __version__,
        "scenario": scenario.name,
        "part": part,
        "title": scenario.title,
        "people": play.get("people", 1),
        "finished": play["saved"],
        "ending": state.ending.title if state.ending else "",
        "start": {name: gauge["start"] for name, gauge in scenario.gauges.items()},
        "gauges": state.gauges,
        "used": time(state.used, scenario.unit),
        "choices": play["choices"],
        "path": path(scenario, state.steps[state.before :], play["reasons"]),
    }


def as_json(scenario: Scenario, play: KeptPlay, part: int = 0) -> str:
    """The data of a play as the text of a file."""
    return json.dumps(data(scenario, play, part), ensure_ascii=False, indent=1) + "\n"


def as_html(scenario: Scenario, play: KeptPlay, part: int = 0, figure: FigureView | None = None) -> str:
    """A play as a page to print: path and reasons, gauges, the figure if any, the questions with room to write."""
    told = data(scenario, play, part)
    state = scenarios.play(scenario, play["choices"], part)
    steps = "".join(_step(number, step) for number, step in enumerate(told["path"], 1))
    rows = "".join(
        f"<tr><th scope='row'>{escape(gauge['label'])}</th><td>{gauge['start']}</td><td>{state.gauges[name]}</td>"
        f"<td>{gauge['better']} is better</td></tr>"
        for name, gauge in scenario.gauges.items()
    )
    people = f"Played by {told['people']} people around one screen." if told["people"] > 1 else "Played alone."
    used = f"Decisions took {escape(told['used'])}." if told["used"] else ""
    ending = f"<h2>How it ended: {escape(state.ending.title)}</h2>{to_html(state.ending.text)}" if state.ending else ""
    picture = (
        f'<h2>The gauges over time</h2><img src="{escape(figure["src"])}" alt="{escape(figure["alt"])}">'
        f"<p>{escape(figure['note'])}</p>"
        if figure
        else ""
    )
    return _page(
        f"{scenario.title}: a play",
        (
            f"<h1>{escape(scenario.title)}</h1><p>{people} "
            f"Finished on {escape(told['finished'][:10]) or 'an unknown day'}. {used}</p>"
            f"<h2>The path</h2>{steps}{ending}"
            "<h2>The gauges</h2><table><thead><tr><th>Gauge</th><th>At the start</th><th>At the end</th>"
            f"<th>Which way</th></tr></thead><tbody>{rows}</tbody></table>"
            f"{picture}{_questions(scenario) if not part else ''}"
            "<p>The country is invented and the numbers are a teaching model. They forecast nothing.</p>"
        ),
    )


def _step(number: int, step: Decision) -> str:
    facts = " · ".join(filter(None, (step["cost"], step["effects"], step["later"] and f"later: {step['later']}")))
    reason = (
        f"<p class='reason'>{escape(step['reason'])}</p>"
        if step["reason"]
        else "<p class='facts'>No reason was written down.</p>"
    )
    return (
        f"<section class='step'><h3>{number}. {escape(step['scene'])}</h3>"
        f"<p><strong>{escape(step['choice'])}</strong></p>"
        f"<p class='facts'>{escape(facts)}</p>{reason}</section>"
    )


def _questions(scenario: Scenario) -> str:
    parts = []
    for passage in scenario.debrief:
        if passage.kind == "questions":
            lists = [node for node in passage.text if not isinstance(node, str) and node[0] == "ul"]
            asked = [item[2:] for node in lists for item in node[2:]]
            lines = "".join(
                f"<li>{to_html(words)}<div class='room'></div><div class='room'></div></li>" for words in asked
            )
            parts.append(f"<h2>Questions to talk about</h2><ol>{lines}</ol>")
    return "".join(parts)


def role_cards(scenario: Scenario) -> str:
    """The role cards of a scenario as a page to print and cut."""
    cards = "".join(
        f"<article><h2>{escape(role.title)}</h2>{f'<p>{escape(role.side)}</p>' if role.side else ''}"
        f"<dl><dt>Wants</dt><dd>{to_html(role.wants)}</dd>"
        f"<dt>Knows, and the others do not</dt><dd>{to_html(role.knows)}</dd>"
        f"<dt>Fears</dt><dd>{to_html(role.fears)}</dd></dl></article>"
        for role in scenario.roles
    )
    return _page(
        f"Role cards. {scenario.title}",
        f"<h1>Role cards</h1><p>{escape(scenario.title)}</p><p>Cut along the frames. Each person "
        f"reads only their own card.</p>{cards}",
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
