"""An agenda from the minutes that stand in the pages."""

from datetime import datetime, timedelta

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
        blocks = [(s.minutes, f"{page.title}: {s.title}") for s in timed] or [(page.front.get("minutes", 0), page.title)]
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
