"""What goes to paper: every word as it was typed, nothing beyond the edge, the same bytes on every machine."""

import io
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.papers import alternatives, bare, opened, placed, read

from workshop.content import markdown, paper
from workshop.render.figures import Drawing
from workshop.render.pdf import Document

# What fonts draw one glyph a letter for, so that a reader of PDF gives back the very letters. Markup of typst, Markdown
# and HTML is among it.
LETTERS = st.sampled_from("abcxyzÄéñłß ЖяΩλ0189#$*_`~<>@=-+/\\\"'“’…–[](){}:;,.!?%&|^")
TYPED = st.text(LETTERS, min_size=1, max_size=60)
ANYTHING = st.text(max_size=40)
TAGS = ["p", "h1", "h2", "h4", "ul", "ol", "blockquote", "note", "card", "strong", "em", "code", "pre", "a"]


def words_of(*blocks, **options):
    return "\n".join(read(Document("A title", list(blocks), numbered=False, **options).pdf()))


def p(*words):
    return ["p", {}, *words]


# ---------------------------------------------------------------- words come out as they went in


@given(TYPED)
def test_what_a_person_types_stands_on_the_paper_as_it_was_typed(words):
    assert bare(words_of(p(words))) == bare(words)


@given(TYPED)
def test_typed_words_are_no_markup_in_a_heading_a_table_a_list_or_the_foot(words):
    said = words_of(["h1", {}, words], paper.table([[words]], [words]), ["ul", {}, ["li", {}, words]], foot=words)
    assert bare(said).startswith(bare(words) * 3) and bare(said).count(bare(words)) >= (5 if bare(words) else 0)


@given(
    st.recursive(
        ANYTHING,
        lambda inner: st.builds(
            lambda tag, children: [
                tag,
                {"href": "https://example.org"},
                *([["li", {}, *children]] if tag in ("ul", "ol") else children),
            ],
            st.sampled_from(TAGS),
            st.lists(inner, max_size=3),
        ),
        max_leaves=8,
    )
)
def test_any_tree_of_any_text_becomes_pdf(tree):
    assert Document("A title", [tree]).pdf().startswith(b"%PDF-")


@given(ANYTHING)
def test_any_text_may_be_a_title(words):
    assert Document(words, [paper.head()]).pdf().startswith(b"%PDF-")


@pytest.mark.parametrize("words", ["a\x00b\ud800c\ufeffd\ufffe", "tab\tand\r\nline", "\u202eright to left", "", " "])
def test_what_no_font_can_show_is_left_out_and_the_rest_stands(words):
    said = words_of(p(words, " end"))
    assert bare(said).endswith("end") and all(
        letter in said for letter in words if letter.isascii() and letter.isalpha()
    )


def test_a_sign_that_no_font_can_show_does_not_keep_the_rest_from_paper():
    assert "end" in words_of(p("0\U0001da9b and the end"))


@pytest.mark.parametrize("words", ["русский", "ελληνικά", "Türkçe", "tiếng Việt", "Łódź", "Bahasa"])
def test_other_alphabets_stand_on_paper_too(words):
    assert bare(words_of(p(words))) == bare(words)


def test_arabic_is_set_from_right_to_left():
    assert Document("عربية", [paper.head(), p("قصة عربية")], language="ar").pdf()


def test_markdown_with_a_bit_of_everything_stands_on_paper():
    tree = markdown.tree(
        markdown.parse(
            "# One\n\n**Bold** and *em* `code`, [a link](https://example.org) [S:CS18].\n\n- one\n\n  more\n\n"
            "1. first\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nkept  spaces\n```\n"
        )
    )
    said = words_of(*tree)
    for words in ("One", "Bold and em code, a link (CS18).", "one", "more", "first", "said", "a b", "1 2", "kept"):
        assert words in said


# ---------------------------------------------------------------- the sheet


@given(st.text("abcdefg", min_size=30, max_size=400))
def test_a_word_longer_than_a_line_goes_on_in_the_next(word):
    made = Document("A title", [p(word), paper.table([[word, word]], ["a", "b"])]).pdf()
    for page in opened(made).pages:
        assert max(x for x, _ in placed(page)) < 595 - 56
    assert bare("".join(read(made))).count(word) >= 1


def test_text_keeps_to_the_margins_on_every_page():
    pages = opened(Document("Long", [p("Many words stand here. " * 40)] * 12, foot="The foot").pdf()).pages
    assert len(pages) > 1
    for page in pages:
        assert all(50 < x < 595 - 50 and 25 < y < 842 - 45 for x, y in placed(page))


def test_pages_are_a4_and_numbered():
    pages = opened(Document("Two", [p("one"), paper.new_page(), p("two")]).pdf()).pages
    assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages] == [(595, 842)] * 2
    assert ["1 / 2" in pages[0].extract_text(), "2 / 2" in pages[1].extract_text()] == [True, True]


def test_a_card_stays_on_one_page():
    pages = read(
        Document(
            "Cards", [p("Filler. " * 700), paper.card(["h2", {}, "Begin"], p("Middle. " * 150), p("End of card"))]
        ).pdf()
    )
    assert len(pages) > 1 and "Begin" in pages[-1] and "End of card" in pages[-1]


def test_options_pieces_and_blanks_keep_their_words():
    said = words_of(
        paper.options(["yes", [["strong", {}, "no"]]]),
        paper.options(["first"], paper.blank(1)),
        paper.pieces(2, ["left", [p("right")], "below"], 3),
        p("within ", paper.blank(2), " days"),
    )
    for words in ("yes", "no", "first", "left", "right", "below", "within", "days"):
        assert words in said


def test_what_is_empty_to_write_in_takes_the_room_it_was_given():
    one, four = (len(read(Document("Room", [paper.lines(7)] * number).pdf())) for number in (1, 6))
    assert (one, four) == (1, 2)


# ---------------------------------------------------------------- the file


def test_the_file_is_tagged_titled_and_says_its_language():
    reader = opened(Document("Plan für alle", [paper.head()], language="de").pdf())
    assert reader.metadata.title == "Plan für alle"
    assert reader.trailer["/Root"]["/Lang"] == "de" and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_headings_that_skip_a_level_are_mended_for_screen_readers():
    assert "Deep" in words_of(["h3", {}, "Deep"], ["h6", {}, "Deeper"])


def test_headings_of_one_level_stay_of_one_level():
    pages = opened(Document("Levels", [["h3", {}, "One"], ["h3", {}, "Two"], ["h3", {}, "Three"]]).pdf()).outline
    assert [entry.title for entry in pages] == ["One", "Two", "Three"]


def test_a_figure_brings_its_words_for_people_who_do_not_see_it():
    picture = io.BytesIO()
    picture.write(Drawing(lambda axes: axes.plot([1, 2])).png())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    made = Document(
        "Figures", [paper.figure(picture.getvalue(), "A rising line", "What to see"), paper.figure(svg, "A square")]
    ).pdf()
    assert "What to see" in "\n".join(read(made))
    assert {"A rising line", "A square"} <= set(alternatives(made))


def test_the_same_text_gives_the_same_bytes():
    document = Document("Same", [paper.head("twice"), p("words"), paper.table([["a"]])], foot="foot")
    first = document.pdf()
    time.sleep(1.1)
    assert document.pdf() == first


def test_no_font_of_the_machine_gets_into_what_the_kit_builds():
    reader = opened(
        Document("Fonts", [paper.head(), p("words ", ["strong", {}, "bold"], " ", ["em", {}, "em"], " 中文")]).pdf()
    )
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all(re.match("/?(Libertinus|DejaVu|LastResort)", font) for font in fonts), fonts


def test_each_page_can_be_looked_at_as_a_picture():
    pictures = Document("Two", [p("one"), paper.new_page(), p("two")]).pictures()
    assert len(pictures) == 2 and all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_a_block_that_paper_does_not_know_is_named():
    with pytest.raises(ValueError, match="marquee"):
        Document("Odd", [["marquee", {}, "x"]]).pdf()
