"""What can go wrong in a way that a person can put right.

Every error that a command foresees is a `WorkshopError`; its message says what, where and how to put it right, and
`workshop` prints it and ends with exit code 2. Anything else is a defect of the kit and keeps its traceback.
"""


class WorkshopError(Exception):
    """An error whose message is written for the person who gave the command."""


class GradingError(WorkshopError):
    """A round of grading cannot begin or go on, or an exercise cannot be read."""
