"""What a grade book says, by names that two grade books share, and how two of them differ, in words."""

import sqlite3
from contextlib import closing

GRADES = """
    select s.student_id, n.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
    from grade g join submitted_notebook sn on g.notebook_id = sn.id join notebook n on sn.notebook_id = n.id
    join submitted_assignment s on sn.assignment_id = s.id join assignment a on s.assignment_id = a.id
    join base_cell c on g.cell_id = c.id where a.name = ?"""
COMMENTS = """
    select s.student_id, n.name, c.name, o.auto_comment, o.manual_comment
    from comment o join submitted_notebook sn on o.notebook_id = sn.id join notebook n on sn.notebook_id = n.id
    join submitted_assignment s on sn.assignment_id = s.id join assignment a on s.assignment_id = a.id
    join base_cell c on o.cell_id = c.id where a.name = ?"""
NOTEBOOKS = """
    select s.student_id, n.name, sn.late_submission_penalty, sn.flagged
    from submitted_notebook sn join notebook n on sn.notebook_id = n.id
    join submitted_assignment s on sn.assignment_id = s.id join assignment a on s.assignment_id = a.id
    where a.name = ?"""
SUBMISSIONS = """
    select s.student_id, s.timestamp, s.extension
    from submitted_assignment s join assignment a on s.assignment_id = a.id
    where a.name = ?"""
TABLES = (
    (GRADES, 3, ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")),
    (COMMENTS, 3, ("auto_comment", "manual_comment")),
    (NOTEBOOKS, 2, ("late_submission_penalty", "flagged")),
    (SUBMISSIONS, 1, ("timestamp", "extension")),
)


def rows(gradebook, assignment):
    """(student, notebook, cell) -> {column: value}; a notebook's own row has no cell, a submission's no notebook."""
    found = {}
    with closing(sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True)) as book:
        for query, keys, columns in TABLES:
            for row in book.execute(query, (assignment,)):
                key = (*row[:keys], *[""] * (3 - keys))
                found.setdefault(key, {}).update(zip(columns, row[keys:], strict=True))
    return found


def differences(one, other, students=None, names=("one", "other")):
    """A sentence for each value in which two books differ: empty when they say the same of these students."""
    found = []
    for key in sorted(one.keys() | other.keys()):
        if students is not None and key[0] not in students:
            continue
        here, there = one.get(key, {}), other.get(key, {})
        place = " / ".join(filter(None, key))
        if not here or not there:
            found.append(f"{place}: only in {names[0] if here else names[1]}")
            continue
        found += [
            f"{place}: {column} is {here.get(column)!r} in {names[0]}, {there.get(column)!r} in {names[1]}"
            for column in sorted(here.keys() | there.keys())
            if here.get(column) != there.get(column)
        ]
    return found


def score(row):
    """The points of a cell as nbgrader counts them: a reader's before the machine's, and extra credit."""
    base = row["manual_score"] if row["manual_score"] is not None else row["auto_score"]
    return (base or 0) + (row["extra_credit"] or 0)
