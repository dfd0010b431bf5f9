"""Trees of text as HTML, PDF and DOCX, and how figures look. Nothing here knows a question or a scenario.

`blocks.py` reads a tree into typed blocks, which `html.py`, `pdf.py` and `docx.py` set; `figures.py` is what every
figure is made with. Imports `content`. Begin with `html.py`, the smallest.
"""
