"""What the cells of a built notebook call: `workshop.Page` and its methods.

Imports `questions`, `scenarios`, `project`, `answers`, `cards`, `explorations` and `architecture`, each when a cell
first needs it, so that a page opens fast. Begin with `page.py`.
"""
