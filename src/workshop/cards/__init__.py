"""What a participant clicks on: controllers that know no browser, and the browser modules that show them.

A controller takes a request, changes the answer sheet and returns a view, which is plain data. The same controllers
serve notebooks and the room. Imports `content`, `questions`, `scenarios`, `answers` and `render`.
Begin with `base.py`, then `question.py`.
"""
