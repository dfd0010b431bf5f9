"""Grading what was handed in, on nbgrader's format: fast, and without trusting anything a participant wrote.

Answers that are data are graded by a function; code runs in a jail, to which `code_cells` is the only door. `desk` is
for written answers, `report` and `export` for what comes of them. Imports `content`, `questions`, `project`, `answers`,
`render`, `cards`, `notebook`, `lab` and `safe_cells`. Begin with `round.py`, which takes an exercise from files to
grades, and `submission.py`, which grades one.
"""
