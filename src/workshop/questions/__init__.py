"""Questions as plain data: how they are read from Markdown, how an answer is graded, and how it reads in words.

Nothing here shows a question or stores an answer. Imports `content`. Begin with `kinds/base.py`: what a question holds
and what of it may travel to a participant; then `reader.py`, and `kinds/timeline.py` for a kind.
"""
