"""Text trees as an editable DOCX: the blocks that `workshop.render.pdf` sets as PDF, in Word's own styles.

Headings, lists, tables and pictures are real ones, so that an office can go on working with the file.
"""

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from workshop.content.trees import Tree
from workshop.render import blocks
from workshop.render.blocks import (
    Emphasised,
    Figure,
    Flow,
    Group,
    Head,
    Heading,
    LineBreak,
    Listing,
    NewPage,
    Node,
    Paragraph,
    Table,
)
from workshop.render.pdf import UNSEEN

INK, SOFT, SHADE = RGBColor(0x26, 0x26, 0x26), RGBColor(0x55, 0x55, 0x55), "EDEDED"
FONT = "Calibri"
WIDTH = 17.0  # cm between the margins


def docx(title: str, tree: Tree, foot: str = "", language: str = "en-GB") -> bytes:
    """The bytes of a DOCX with this title, made of a tree; `foot` stands at the foot of each page but the first.

    Raises ValueError for what only paper has, such as lines to write on.
    """
    document = Document()
    _page(document, foot)
    _styles(document, language)
    document.core_properties.title = _clean(title)
    document.core_properties.author = document.core_properties.comments = ""
    setter = _Setter(document)
    for node in blocks.read(tree):
        setter.block(node)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


class _Setter:
    """Puts blocks into a document one after the other."""

    def __init__(self, document: WordDocument) -> None:
        self.document, self.title = document, document.core_properties.title

    def block(self, node: Node) -> None:
        match node:
            case Heading():
                self.words(self.document.add_heading(level=node.level), node.content)
            case Paragraph():
                self.words(self.document.add_paragraph(), node.content)
            case Listing():
                for item in node.items:
                    style = "List Number" if node.numbered else "List Bullet"
                    self.words(self.document.add_paragraph(style=style), item)
            case Group() if node.kind != "card":
                self.group(node)
            case Head():
                self.head(node)
            case Table():
                self.table(node)
            case Figure():
                self.figure(node)
            case NewPage():
                self.new_page()
            case _:
                raise ValueError(f"A DOCX has no block {type(node).__name__}.")

    def new_page(self) -> None:
        self.document.add_page_break()  # type: ignore[no-untyped-call] # python-docx leaves out this one

    def head(self, head: Head) -> None:
        title = self.document.add_paragraph(_clean(self.title), style="Title")
        if head.own_page:
            title.paragraph_format.space_before = Cm(7)
        for line in head.lines:
            self.words(self.document.add_paragraph(style="Subtitle"), line)
        if head.own_page:
            self.new_page()

    def group(self, group: Group) -> None:
        if group.kind == "blockquote":
            self.words(self.document.add_paragraph(style="Quote"), group.content)
            return
        for child in group.content:
            if group.kind == "keep":
                self.block(child)
                continue
            paragraph = self.document.add_paragraph()
            self.words(paragraph, blocks.inside(child))
            _shaded(paragraph._p.get_or_add_pPr())
            paragraph.paragraph_format.left_indent = Cm(0.3)

    def table(self, table: Table) -> None:
        rows = [*([table.head] if table.head else []), *table.rows]
        grid = self.document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
        grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        shares = table.widths or [1] * len(grid.columns)
        for column, share in zip(grid.columns, shares, strict=True):
            column.width = Cm(WIDTH * share / sum(shares))
        for number, (cells, row) in enumerate(zip(rows, grid.rows, strict=True)):
            head = bool(table.head) and number == 0
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if head:
                properties.append(OxmlElement("w:tblHeader"))
            # A row may have fewer cells than the table.
            for content, cell, share in zip(cells, row.cells, shares, strict=False):
                cell.width = Cm(WIDTH * share / sum(shares))
                paragraph = cell.paragraphs[0]
                paragraph.style = "Table Text"
                self.words(paragraph, content, strong=head)
                if head:
                    _shaded(cell._tc.get_or_add_tcPr())
        self.document.add_paragraph(style="Table Text")

    def figure(self, figure: Figure) -> None:
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run()
        picture = run.add_picture(io.BytesIO(figure.image), width=Cm(WIDTH * figure.width / 100))
        picture._inline.docPr.set("descr", _clean(figure.alt))
        if figure.caption:
            paragraph.paragraph_format.keep_with_next = True
            self.words(self.document.add_paragraph(style="Caption"), figure.caption)

    def words(self, paragraph: WordParagraph, nodes: Flow, strong: bool = False, em: bool = False) -> None:
        """Words as runs of a paragraph; blocks inside a list item or cell become lines of it."""
        for place, node in enumerate(nodes):
            if isinstance(node, str):
                run = paragraph.add_run(_clean(node))
                run.bold, run.italic = strong or None, em or None
                continue
            if isinstance(node, LineBreak) or (isinstance(node, Paragraph) and place):
                paragraph.add_run().add_break()
            kind = node.kind if isinstance(node, Emphasised) else ""
            self.words(paragraph, blocks.inside(node), strong or kind == "strong", em or kind == "em")


def _page(document: WordDocument, foot: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(2)
    section.different_first_page_header_footer = True
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run(_clean(foot) + "   ")
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), SOFT


def _styles(document: WordDocument, language: str) -> None:
    styles = document.styles
    styles.add_style("Table Text", 1).base_style = styles["Normal"]
    looks = {
        "Normal": (11, False, INK),
        "Title": (26, True, INK),
        "Subtitle": (13, False, SOFT),
        "Heading 1": (17, True, INK),
        "Heading 2": (15, True, INK),
        "Heading 3": (12, True, INK),
        "Caption": (9, False, SOFT),
        "Table Text": (9.5, False, INK),
    }
    for name, (size, bold, colour) in looks.items():
        style = styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
        style.font.color.rgb = colour
        # Word's headings name a theme font as well, and it would win.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
    styles["Table Text"].paragraph_format.space_before = styles["Table Text"].paragraph_format.space_after = Pt(3)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        styles[name].paragraph_format.space_before = Pt(14)
        styles[name].paragraph_format.space_after = Pt(5)
    # Word's own title is underlined, and its subtitle is set wide.
    for style, mark in (("Title", "w:pPr/w:pBdr"), ("Subtitle", "w:rPr/w:spacing")):
        for element in styles[style].element.findall(mark, {"w": qn("w:x")[1:].partition("}")[0]}):
            element.getparent().remove(element)
    language_mark = OxmlElement("w:lang")
    language_mark.set(qn("w:val"), language)
    styles["Normal"].element.get_or_add_rPr().append(language_mark)


def _shaded(properties: BaseOxmlElement) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)


def _clean(words: str) -> str:
    return UNSEEN.sub("", words).replace("\r", "\n")
