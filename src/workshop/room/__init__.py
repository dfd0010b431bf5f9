"""The room: lessons, questions and scenarios as light web pages for everybody's own phone, and a board for the facilitator."""
