"""Reading what was printed: the words of each page, where they stand, and what a screen reader is told."""

import io
import re

from pypdf import PdfReader

WIDTH, HEIGHT = 595, 842  # A4 in points


def opened(pdf):
    """A reader of these bytes."""
    return PdfReader(io.BytesIO(pdf))


def read(pdf):
    """The words of each page."""
    return [page.extract_text() for page in opened(pdf).pages]


def bare(words):
    """Words without the spaces and line ends that setting moves about."""
    return re.sub(r"[\s\u200b]+", "", words)


def placed(page):
    """(x, y) of each piece of text on a page, in points from the lower left corner."""
    found = []

    def visit(words, matrix, line, *_):
        if words.strip():
            found.append((line[4] * matrix[0] + matrix[4], line[5] * matrix[3] + matrix[5]))

    page.extract_text(visitor_text=visit)
    return found


def alternatives(pdf):
    """The alternative text of everything tagged as a figure."""
    found, waiting = [], [opened(pdf).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += [inner for inner in node if not isinstance(inner, int)]
        elif isinstance(node, dict):
            found += [str(node["/Alt"])] if "/Alt" in node else []
            waiting += [node["/K"]] if "/K" in node and not isinstance(node["/K"], int) else []
    return found
