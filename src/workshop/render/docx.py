"""Text trees as an editable DOCX: the same blocks that `workshop.render.pdf` sets as PDF, in Word's own styles.

Headings, lists, tables and pictures are real ones, so that an office can go on working with the file.
"""

import io

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from workshop.render.pdf import UNSEEN

INK, SOFT, SHADE = RGBColor(0x26, 0x26, 0x26), RGBColor(0x55, 0x55, 0x55), "EDEDED"
FONT = "Calibri"
WIDTH = 17.0  # cm between the margins


def docx(title, blocks, foot="", language="en-GB"):
    """The bytes of a DOCX made of these blocks."""
    document = Document()
    _page(document, foot)
    _styles(document, language)
    document.core_properties.title = _clean(title)
    document.core_properties.author = document.core_properties.comments = ""
    setter = _Setter(document)
    for block in blocks:
        setter.block(block)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


class _Setter:
    """Puts blocks into a document one after the other."""

    def __init__(self, document):
        self.document, self.title = document, document.core_properties.title

    def block(self, node):
        tag, attributes, *children = node
        if tag in ("head", "cover"):
            self.head(children, tall=tag == "cover")
        elif tag[0] == "h" and tag[1:].isdigit():
            self.words(self.document.add_heading(level=int(tag[1])), children)
        elif tag in ("p", "blockquote"):
            self.words(self.document.add_paragraph(style="Quote" if tag == "blockquote" else None), children)
        elif tag in ("ul", "ol"):
            for item in children:
                self.words(self.document.add_paragraph(style="List Bullet" if tag == "ul" else "List Number"), item[2:])
        elif tag == "note":
            self.note(children)
        elif tag == "keep":
            for child in children:
                self.block(child)
        elif tag == "table":
            self.table(attributes, children)
        elif tag == "figure":
            self.figure(attributes, children)
        elif tag == "new_page":
            self.document.add_page_break()
        else:
            raise ValueError(f"A DOCX has no block “{tag}”.")

    def head(self, lines, tall):
        title = self.document.add_paragraph(_clean(self.title), style="Title")
        if tall:
            title.paragraph_format.space_before = Cm(7)
        for line in lines:
            self.words(self.document.add_paragraph(style="Subtitle"), line)
        if tall:
            self.document.add_page_break()

    def note(self, children):
        for child in children:
            paragraph = self.document.add_paragraph()
            self.words(paragraph, child[2:])
            _shaded(paragraph._p.get_or_add_pPr())
            paragraph.paragraph_format.left_indent = Cm(0.3)

    def table(self, attributes, children):
        rows = [row[2:] for part in children for row in part[2:]]
        heads = 1 if children[0][0] == "thead" else 0
        table = self.document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        shares = attributes.get("widths") or [1] * len(table.columns)
        for column, share in zip(table.columns, shares):
            column.width = Cm(WIDTH * share / sum(shares))
        for row, (cells, drawn) in enumerate(zip(rows, table.rows)):
            properties = drawn._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if row < heads:
                properties.append(OxmlElement("w:tblHeader"))
            for cell, place, share in zip(cells, drawn.cells, shares):
                place.width = Cm(WIDTH * share / sum(shares))
                paragraph = place.paragraphs[0]
                paragraph.style = "Table Text"
                self.words(paragraph, cell[2:], strong=row < heads)
                if row < heads:
                    _shaded(place._tc.get_or_add_tcPr())
        self.document.add_paragraph(style="Table Text")

    def figure(self, attributes, children):
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run()
        picture = run.add_picture(io.BytesIO(attributes["image"]), width=Cm(WIDTH * attributes["width"] / 100))
        picture._inline.docPr.set("descr", _clean(attributes["alt"]))
        if children:
            paragraph.paragraph_format.keep_with_next = True
            self.words(self.document.add_paragraph(style="Caption"), children)

    def words(self, paragraph, nodes, strong=False, em=False):
        """The words of a tree as runs; blocks inside a list item or cell become lines of it."""
        for place, node in enumerate(nodes):
            if isinstance(node, str):
                run = paragraph.add_run(_clean(node))
                run.bold, run.italic = strong or None, em or None
            elif node[0] == "br":
                paragraph.add_run().add_break()
            else:
                if node[0] == "p" and place:
                    paragraph.add_run().add_break()
                self.words(paragraph, node[2:], strong or node[0] == "strong", em or node[0] == "em")


def _page(document, foot):
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


def _styles(document, language):
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


def _shaded(properties):
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)


def _clean(words):
    return UNSEEN.sub("", words).replace("\r", "\n")
