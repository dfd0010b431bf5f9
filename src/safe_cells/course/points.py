"""What the outputs of a test cell are worth, by nbgrader's rules."""


def of_outputs(outputs, most):
    """The points of a test cell: nought after an error or anything on stderr, its last value if that is a number, else all.

    As `nbgrader.utils.determine_grade`, but that a number above the points of the cell counts as all of them, where
    nbgrader gives up the whole submission.
    """
    for output in outputs:
        kind = output["output_type"]
        if kind == "error" or (kind == "stream" and output["name"] == "stderr"):
            return 0.0
        if kind == "execute_result":
            return _partial("".join(output["data"].get("text/plain", "")), most)
    return most


def _partial(words, most):
    try:
        value = float(words)
    except ValueError:
        return most
    return min(value, most) if value >= 0 else most
