"""Scenarios: branching stories as plain data, and everything that can be said of them without a face.

`reader` reads one from Markdown, `model` holds and plays it, `walk` goes through all its plays at once, `check` says
what is wrong with it, `review` looks back on a play, `groups` deals role cards. Imports `content`.
Begin with `model.py`: a play is a list of choices, and `play` replays it.
"""
