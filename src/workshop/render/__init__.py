"""Trees of text as HTML, PDF and DOCX, and how figures look. Nothing here knows a question or a scenario.

Imports `content`. Begin with `html.py`, the smallest of them; `figures.py` is what every figure is made with.
"""
