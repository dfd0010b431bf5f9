"""A page is parsed once, into typed parts; a directive that is not in order gets a line and a mend."""

import pytest
from markdown_it import MarkdownIt
from support.small_project import LESSON_FRONT, SINGLE, faults, line_of, page, small_project

from workshop.content import tables
from workshop.notebook import calls
from workshop.project import project
from workshop.project.pages import Canvas, Code, Explore, HandIn, Play, Prose, Section
from workshop.questions.kinds.choice import Single
from workshop.room import pages_html

TEXT = f"""# Small

Words.

```{{explore}} who-pays
```

```{{canvas}} plan
```

```{{play}} rumour
:part: 2
```

```{{code-cell}}
:solution: count

x = 1
```

{SINGLE}
## Next

`a1` `2 minutes`

More words.

+++ {{"facilitator": true}}

- Ask: who?

+++
"""


def test_each_part_of_a_page_has_a_type_of_its_own():
    parts = page(TEXT)[0].parts
    assert [type(part) for part in parts] == [Prose, Explore, Canvas, Play, Code, Single, Section, Prose, Prose]
    assert parts[1].name == "who-pays" and parts[2].name == "plan"
    assert (parts[3].scenario, parts[3].part) == ("rumour", 2)
    assert (parts[4].source, parts[4].solution) == ("x = 1", "count")
    assert [part.note for part in parts if isinstance(part, Prose)] == [False, False, True]


def test_each_part_knows_its_line_in_the_file():
    words = ["# Small", "```{explore}", "```{canvas}", "```{play}", "x = 1", "### Who", "## Next", "More", "- Ask"]
    assert [part.line for part in page(TEXT)[0].parts] == [line_of(TEXT, word) for word in words]


def test_the_nodes_of_prose_stand_on_the_lines_of_the_file():
    for part in page(TEXT)[0].parts:
        if isinstance(part, Prose):
            assert part.nodes[0].map[0] + 1 == part.line


def test_an_exercise_ends_with_its_hand_in_and_a_lesson_does_not(tmp_path):
    small_project(tmp_path, exercise_body=SINGLE.replace("`a1`", "`a1` `2 points`"))
    read = project.read(tmp_path)
    assert isinstance(read.exercise("small").parts[-1], HandIn)
    assert not any(isinstance(part, HandIn) for part in read.lesson("small").parts)


def test_a_page_is_parsed_once_for_reading_and_for_its_face_in_the_room(tmp_path, monkeypatch):
    small_project(tmp_path, TEXT)
    parsed, parse = [], MarkdownIt.parse
    monkeypatch.setattr(MarkdownIt, "parse", lambda self, text, env=None: parsed.append(text) or parse(self, text, env))
    read = project.read(tmp_path)
    pages_html.chunks(read.lesson("small"), read, tables.sources(tmp_path), {})
    assert len([text for text in parsed if "More words." in text]) == 1


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("```{plya} rumour\n```\n", "```{plya}", "There is no directive “{plya}”. Did you mean “{play}”?"),
        ("```{video}\n```\n", "```{video}", "Known are {code-cell}, {play}, {explore}, {canvas}."),
        ("```{play}\n```\n", "```{play}", "“{play}” needs one name on its line, for instance ```{play} orvane"),
        ("```{play} a b\n```\n", "```{play}", "needs one name on its line"),
        ("```{play} rumour\n:round: 2\n```\n", ":round", "This line is no option of “{play}”. Known are :part: …."),
        ("```{play} rumour\n:part 2\n```\n", ":part", "This line is no option of “{play}”."),
        ("```{play} rumour\n:part: two\n```\n", ":part", "“:part: two” names no round. Write its number"),
        ("```{play} rumour\n:part: 0\n```\n", ":part", "“:part: 0” names no round."),
        ("```{explore} who-pays\n:part: 2\n```\n", ":part", "no option of “{explore}”. It has none."),
        ("```{canvas} plan\nwords\n```\n", "words", "“{canvas}” holds no text."),
        ("```{code-cell}\n:tset: x\n\nx\n```\n", ":tset", "Did you mean “:test: …”?"),
        ("- one\n\n  ```{play} rumour\n  ```\n", "  ```{play}", "“{play}” stands inside a list or a quotation"),
    ],
)
def test_a_directive_that_is_not_in_order_is_told_with_its_line(text, at, message):
    (fault,) = faults("# T\n\n" + text)
    assert fault.startswith(f"small.md:{line_of('# T' + chr(10) * 2 + text, at)}: ") and message in fault


def test_a_source_mark_that_goes_on_over_a_line_end_is_one_mark_in_the_room(tmp_path):
    small_project(tmp_path, "It is so [S:OWN;\nNOTES].\n\n" + SINGLE)
    read = project.read(tmp_path)
    chunks, _ = pages_html.chunks(read.lesson("small"), read, tables.sources(tmp_path), {})
    link = f'<a href="#{pages_html.SOURCES}">'
    assert f"It is so ({link}OWN</a>, {link}NOTES</a>)." in chunks[0].html


def test_the_cards_of_a_chunk_are_those_whose_places_stand_in_it(tmp_path):
    small_project(tmp_path, TEXT)
    read = project.read(tmp_path)
    chunks, _ = pages_html.chunks(read.lesson("small"), read, tables.sources(tmp_path), {})
    assert [chunk.cards for chunk in chunks] == [["q-first"], []]


def test_the_calls_of_a_notebook_are_made_from_the_parts():
    read = page(TEXT)[0]
    assert calls.every(read) == {
        'from workshop import Page\n\npage = Page("small")',
        'page.explore("who-pays")',
        'page.canvas("plan")',
        'page.play("rumour", part=2)',
        f'page.ask("{read.questions[0].id}")',
    }


def test_prose_is_no_card():
    with pytest.raises(TypeError, match="shows no card for Prose"):
        calls.call(page("# T\n")[0].parts[0])


def test_the_front_matter_counts_among_the_lines():
    assert page("# T\n")[0].parts[0].line == LESSON_FRONT.count("\n") + 1
