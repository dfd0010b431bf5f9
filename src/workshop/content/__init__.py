"""Text and tables as people wrote them, read without knowing what they will become.

`markdown` parses a page and makes trees of text (`trees`), `text_files` reads files, front matter and fences with a
line for every fault, `tables` reads the data package. Imports nothing of the kit. Begin with `markdown.py`.
"""
