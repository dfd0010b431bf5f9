"""What `workshop schedule` prints: the pages one after another by their minutes, or an agenda of half a day to three
days.
"""

import textwrap
from datetime import datetime, timedelta

from workshop.content.trees import text_of

PAUSE_AFTER, PAUSE = 90, 15


def entries(project, start="09:00", names=None):
    """(from, to, what) for each section of the chosen lessons, with a break after at most 90 minutes of work."""
    clock = datetime.strptime(start, "%H:%M")
    worked, made = 0, []

    def add(minutes, what):
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


def as_text(made):
    """The agenda for a terminal or a mail."""
    return "\n".join(f"{start}–{end}  {what}" for start, end, what in made)


def agenda_as_text(agenda, start="09:00", width=100):
    """An agenda (see `workshop.project.agendas`) for a terminal or a mail: times, what happens, statements, what to
    bring.
    """
    made = [agenda.title, "=" * len(agenda.title), ""]
    for block in agenda.about:
        for part in block[2:] if block[0] == "ul" else [block]:
            made += [
                *textwrap.wrap(
                    text_of(part[2:]),
                    width,
                    initial_indent="- " if part[0] == "li" else "",
                    subsequent_indent="  " if part[0] == "li" else "",
                )
            ]
        made.append("")
    for day in agenda.days:
        work = sum(block.minutes for block in day.blocks if not block.pause)
        made += [f"{day.title} ({work // 60} h {work % 60:02} of work)", ""]
        for begin, end, block in day.timed(start):
            made.append(f"{begin}–{end}  {block.title}" + ("" if block.pause else f" · {block.how}"))
            for words in details(block):
                made += textwrap.wrap(words, width, initial_indent=" " * 13, subsequent_indent=" " * 13)
        made.append("")
    return "\n".join(made).rstrip()


def details(block):
    """The lines under a block: what happens, which statements, how long its pages take, what to bring."""
    lines = [sentence(text_of(block.what))]
    if block.statements:
        pages = f" · its pages take {block.reading} minutes, the rest is talk" if block.reading else ""
        lines.append(f"Statements {', '.join(block.statements)}{pages}")
    if text_of(block.bring):
        lines.append(f"Bring: {text_of(block.bring)}")
    return [line for line in lines if line]


def sentence(words):
    """Words of a table's cell with a full stop."""
    return words + "." if words and words[-1] not in ".?!" else words
