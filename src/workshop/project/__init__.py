"""The workshop as a whole, read from its folder: pages, scenarios, agendas, and where each statement is taken up.

A page is read into typed parts, and every fault is collected with its file and line. Imports `content`, `questions`,
`scenarios` and `answers`. Begin with `project.py`, which reads everything; `pages.py` says what a page holds.
"""
