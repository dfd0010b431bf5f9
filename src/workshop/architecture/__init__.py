"""One's own national architecture as data, what can be seen in it, its canvases, and the plan made from it.

`model` holds it and finds its gaps, `comparison` and `figure` set it beside documented designs, `canvases` are its
cards, `papers` prints it. Imports `content`, `answers`, `render` and `cards`. Begin with `model.py`.
"""
