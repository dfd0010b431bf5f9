"""The room: lessons, questions and scenarios as light web pages for everybody's own phone, and a board to show.

One server, one database, the same cards as in notebooks. Imports `content`, `questions`, `scenarios`, `project`,
`answers`, `render`, `cards`, `explorations` and `lab`. Begin with `room.py` for what belongs
together, `app.py` for the routes, `store.py` for what is kept.
"""
