"""What can go wrong in a way that a person can put right: each message says what, where, and what to do."""


class SafeCellsError(Exception):
    """An error whose message is written for the person who gave the command."""


class NoJail(SafeCellsError):
    """Here participants' code cannot be shut in; the message says why and what to do."""


class CourseError(SafeCellsError):
    """A course cannot be graded as it is; the message says what to put right."""
