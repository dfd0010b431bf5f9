"""The record of a room: what it adds to the notes, confirms and disputes, on a page and as a file to take home."""

from pathlib import Path
from typing import TypedDict

from workshop.answers.sheet import now
from workshop.content import paper
from workshop.content.trees import Tree
from workshop.render import docx, pdf
from workshop.room import templates
from workshop.room.store import Store

TITLE = "What this room says on building national architectures"
STYLE = Path(__file__).parent / "static" / "record.css"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Row(TypedDict):
    """A statement with those that say the same: `times` in all.

    `names` are those of their seats, if they are to be named.
    """

    id: int
    relation: str
    about: str
    words: str
    shared: bool
    times: int
    names: list[str]


class RecordPart(TypedDict):
    """One of the four questions of the notes: its letter and words, the notes (key, words), and what the room says."""

    heading: str
    title: str
    rows: list[Row]
    notes: list[tuple[str, str]]


class Record:
    """What the room leaves. `headings` and `notes` are those of the notes: letter or key -> words."""

    def __init__(self, store: Store, headings: dict[str, str], notes: dict[str, str]) -> None:
        self.store, self.headings, self.notes = store, headings, notes

    def parts(self) -> list[RecordPart]:
        """The record as data, heading by heading."""
        seats = {one.id: one.name for one in self.store.seats()} if self.store.settings.names else {}
        return [
            {
                "heading": heading,
                "title": title,
                "rows": self._rows(heading, seats),
                "notes": [(key, words) for key, words in self.notes.items() if key.startswith(heading)],
            }
            for heading, title in self.headings.items()
        ]

    def _rows(self, heading: str, seats: dict[int, str]) -> list[Row]:
        known, rows = self.store.statements(), list[Row]()
        for one in known:
            if one.heading == heading and not one.left_out and not one.merged_into:
                alike = [other for other in known if other.merged_into == one.id and not other.left_out]
                rows.append(
                    {
                        "id": one.id,
                        "relation": one.relation,
                        "about": one.about,
                        "words": one.words,
                        "shared": one.shared,
                        "times": 1 + len(alike),
                        "names": sorted({seats[each.seat] for each in (one, *alike)}) if seats else [],
                    }
                )
        return rows

    def blocks(self) -> Tree:
        """The record as blocks of paper: the notes on the left, this room beside them."""
        blocks: Tree = [
            paper.head(
                f"Written in the room, {now()[:10]}. "
                "The statements are views of participants, of the first session and of this one."
            )
        ]
        for part in self.parts():
            blocks.append(["h1", {}, f"{part['heading']}. {part['title']}"])
            rows = [
                [[["strong", {}, key], " ", words], _said([row for row in part["rows"] if row["about"] == key])]
                for key, words in part["notes"]
            ]
            rows += [[[["em", {}, "Not in the notes"]], _said([row])] for row in part["rows"] if not row["about"]]
            blocks.append(paper.table(rows, ["The notes", "This room"], [1, 1]))
        return blocks

    def file(self, kind: str) -> tuple[bytes, str, str]:
        """(content, media type, file name) of the record as `docx`, `pdf` or `html`. Raises KeyError."""
        blocks, stem = self.blocks(), f"record-{now()[:10]}"
        if kind == "docx":
            return docx.docx(TITLE, blocks), DOCX, f"{stem}.docx"
        if kind == "pdf":
            return pdf.Document(TITLE, blocks, fonts_of_machine=True).pdf(), "application/pdf", f"{stem}.pdf"
        if kind == "html":
            # It is opened from a folder, where no style sheet stands beside it.
            style = STYLE.read_text(encoding="utf-8")
            template = templates.environment().get_template("record_file.html")
            page = template.render(title=TITLE, style=style, body=[*blocks[0][2], *blocks[1:]])
            return page.encode(), "text/html", f"{stem}.html"
        raise KeyError(kind)


def _said(rows: list[Row]) -> Tree:
    words: Tree = []
    for row in rows:
        more = [f"said {row['times']} times"] if row["times"] > 1 else []
        more += ["shared by the room"] if row["shared"] else []
        more += [", ".join(row["names"])] if row["names"] else []
        words += [["br", {}]] if words else []
        words += [
            ["strong", {}, row["relation"].capitalize()],
            f": {row['words']}" + (f" ({'; '.join(more)})" if more else ""),
        ]
    return words or ["–"]
