"""A tree is read into typed blocks once, and whoever sets it as HTML, PDF or DOCX meets the same ones."""

import pytest
from support.small_project import QUESTIONS, question

from workshop.content import markdown, paper
from workshop.content.trees import text_of
from workshop.render import blocks
from workshop.render.docx import docx
from workshop.render.html import to_html
from workshop.render.pdf import Document

EVERYTHING = """\
# One

Words, **strong**, *soft*, `code`, [a link](https://example.org) and
a second line.

> cited

- a
- b

3. c

| x | y |
| - | - |
| 1 | 2 |

```
pre
```
"""


def read(text):
    return blocks.read(markdown.tree(markdown.parse(text)))


def test_a_tree_has_the_same_words_before_and_after_it_is_read():
    tree = markdown.tree(markdown.parse(EVERYTHING))
    assert blocks.text(blocks.read(tree)) == text_of(tree)


def test_a_table_has_a_head_and_rows():
    (table,) = read("| x | y |\n| - | - |\n| 1 | **2** |\n| 3 | 4 |\n")
    assert table.head == [["x"], ["y"]]
    assert table.rows == [[["1"], [blocks.Emphasised("strong", ["2"])]], [["3"], ["4"]]]


def test_a_tag_that_nobody_sets_is_refused():
    with pytest.raises(ValueError, match="There is no block “script”"):
        blocks.read([["p", {}, ["script", {}, "x"]]])


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_sheet_of_every_kind_of_question_can_be_read(kind):
    asked = question(QUESTIONS[kind])
    for tree in (asked.prompt, asked.room_on_paper(), asked.key_on_paper()):
        assert blocks.text(blocks.read(tree)) == text_of(tree)


def test_a_page_of_every_block_is_html():
    assert to_html(markdown.tree(markdown.parse(EVERYTHING))) == (
        '<h1 id="one">One</h1><p>Words, <strong>strong</strong>, <em>soft</em>, <code>code</code>, '
        '<a href="https://example.org">a link</a> and a second line.</p><blockquote><p>cited</p></blockquote>'
        "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"
        "<table><thead><tr><th>x</th><th>y</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
        "<pre>pre\n</pre>"
    )


def test_the_same_page_is_pdf_and_docx():
    tree = markdown.tree(markdown.parse(EVERYTHING.partition("```")[0]))
    assert Document("Page", tree).pdf().startswith(b"%PDF") and docx("Page", tree).startswith(b"PK")


def test_what_somebody_typed_never_becomes_html():
    words = '<b onclick="x">\'&'
    assert to_html([["p", {}, words], ["pre", {}, words], ["h1", {}, words]]).count("<b") == 0
    assert to_html([["p", {}, words]]) + "<br>" == "<p>&lt;b onclick=&#34;x&#34;&gt;&#39;&amp;</p><br>"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", " javascript:x", ""])
def test_a_link_that_may_do_harm_stays_words(href):
    assert to_html([["a", {"href": href}, "go"]]) == "go"


def test_what_only_paper_has_is_left_out_of_html_and_refused_by_docx():
    assert to_html([paper.lines(3), ["p", {}, "Words"], paper.new_page()]) == "<p>Words</p>"
    with pytest.raises(ValueError, match="A DOCX has no block Lines"):
        docx("Page", [paper.lines(3)])
