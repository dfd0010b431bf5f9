"""The command `workshop`: what can be typed, and what is printed. Every other package does the work.

Imports `content`, `project`, `answers`, `render`, `lab`, `papers`, `authoring`, `room` and `grading`, each when a
command needs it. Nothing imports this. Begin with `main.py`; `commands.py` is what the groups share, `steps.py` lists
what is built and what is checked.
"""
