"""Any nbgrader course: its assignments, its grade book, and a round of grading from `submitted/` to `autograded/`."""
