"""What a workshop prints: handouts, question sheets, scenario books, the guide, the schedule.

Each says what stands on the paper; how it is set is for `render`. Imports `content`, `questions`, `scenarios`,
`project`, `explorations`, `architecture` and `render`. Begin with `schedule.py`, the smallest.
"""
