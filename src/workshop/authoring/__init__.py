"""Texts in, notebooks out, and what is wrong with the texts: `workshop build` and `workshop check`.

Imports `content`, `questions`, `scenarios`, `project`, `answers`, `render`, `explorations`, `architecture` and
`notebook`. Begin with `build.py` for how a step of the build is carried out, with `notebooks.py` for how a notebook is
made, with `check.py` for the rules that texts keep. What papers and grading add to both stands in `cli`.
"""
