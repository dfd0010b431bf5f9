"""What `workshop schedule` prints: the pages one after another by their minutes, or an agenda of half a day to three
days.
"""

import textwrap
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from workshop.content.trees import text_of
from workshop.project.agendas import Agenda, Block
from workshop.project.project import Project

PAUSE_AFTER, PAUSE = 90, 15


def entries(project: Project, start: str = "09:00", names: Collection[str] | None = None) -> list[tuple[str, str, str]]:
    """(from, to, what) for each section of the chosen lessons, with a break after at most 90 minutes of work."""
    clock = datetime.strptime(start, "%H:%M")
    worked = 0
    made: list[tuple[str, str, str]] = []

    def add(minutes: int, what: str) -> None:
        nonlocal clock
        end = clock + timedelta(minutes=minutes)
        made.append((f"{clock:%H:%M}", f"{end:%H:%M}", what))
        clock = end

    for page in project.lessons:
        if names and page.name not in names:
            continue
        timed = [section for section in page.sections if section.minutes]
        blocks = [(s.minutes, f"{page.title}: {s.title}") for s in timed] or [
            (page.front.get("minutes", 0), page.title)
        ]
        for minutes, what in blocks:
            if worked and worked + minutes > PAUSE_AFTER:
                add(PAUSE, "Break")
                worked = 0
            add(minutes, what)
            worked += minutes
    return made


def as_text(entries: Iterable[tuple[str, str, str]]) -> str:
    """The agenda for a terminal or a mail."""
    return "\n".join(f"{start}–{end}  {what}" for start, end, what in entries)


def agenda_as_text(agenda: Agenda, start: str = "09:00", width: int = 100) -> str:
    """An agenda (see `workshop.project.agendas`) for a terminal or a mail: times, what happens, statements, what to
    bring.
    """
    made = [agenda.title, "=" * len(agenda.title), ""]
    for block in agenda.about:
        listed = not isinstance(block, str) and block[0] == "ul"
        for part in block[2:] if listed else [block]:
            made += textwrap.wrap(
                text_of([part]),
                width,
                initial_indent="- " if listed else "",
                subsequent_indent="  " if listed else "",
            )
        made.append("")
    for day in agenda.days:
        work = sum(row.minutes for row in day.blocks if not row.pause)
        made += [f"{day.title} ({work // 60} h {work % 60:02} of work)", ""]
        for begin, end, row in day.timed(start):
            made.append(f"{begin}–{end}  {row.title}" + ("" if row.pause else f" · {row.how}"))
            for words in details(row):
                made += textwrap.wrap(words, width, initial_indent=" " * 13, subsequent_indent=" " * 13)
        made.append("")
    return "\n".join(made).rstrip()


def details(block: Block) -> list[str]:
    """The lines under a block: what happens, which statements, how long its pages take, what to bring."""
    lines = [sentence(text_of(block.what))]
    if block.statements:
        pages = f" · its pages take {block.reading} minutes, the rest is talk" if block.reading else ""
        lines.append(f"Statements {', '.join(block.statements)}{pages}")
    if text_of(block.bring):
        lines.append(f"Bring: {text_of(block.bring)}")
    return [line for line in lines if line]


def sentence(words: str) -> str:
    """Words of a table's cell with a full stop."""
    return words + "." if words and words[-1] not in ".?!" else words
