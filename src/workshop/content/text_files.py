"""Text files as people wrote them: encoding, front matter and fences, with a line for every fault."""

import re
from pathlib import Path

import yaml

from workshop.content import markdown
from workshop.content.markdown import Problem


def decoded(path, relative, problems):
    """The text of a file, or None with a problem when it is not UTF-8."""
    try:
        return Path(path).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        problems.append(
            Problem(
                relative,
                line,
                "This is not UTF-8 text. Open the file in an editor and save it with the encoding UTF-8.",
            )
        )
    except OSError as error:
        problems.append(Problem(relative, 1, f"The file cannot be read: {error.strerror}."))
    return None


def front_matter(content, path, wanted, problems):
    """The front matter as a dict, the text after it, and the number of lines before that text."""
    match = re.match(r"---\n((?:.*?\n)??)---[ \t]*(?:\n|\Z)", content, re.S)
    if not match:
        problems.append(
            Problem(
                path,
                1,
                f"The page does not open with front matter: a line ---, then {', '.join(wanted)}, then a line ---.",
            )
        )
        return {}, content, 0
    try:
        front = yaml.safe_load(match.group(1))
    except Exception as error:  # besides YAMLError, a date such as 2025-13-01 raises ValueError, and there are more
        line = getattr(error, "problem_mark", None)
        problems.append(
            Problem(
                path,
                line.line + 2 if line else 1,
                "The front matter cannot be read: "
                f"{getattr(error, 'problem', None) or one_line(error)}. "
                "A text with a colon needs quotation marks.",
            )
        )
        return {}, content[match.end() :], content[: match.end()].count("\n")
    if not isinstance(front, dict):
        problems.append(Problem(path, 2, "The front matter is not a list of “name: value” lines."))
        return {}, content[match.end() :], content[: match.end()].count("\n")
    for name, kind in wanted.items():
        if name not in front:
            problems.append(Problem(path, 1, f"The front matter has no “{name}”. Add a line “{name}: …”."))
        elif (
            not isinstance(front[name], kind)
            or isinstance(front[name], bool)
            or (kind is list and not all(isinstance(item, str) for item in front[name]))
        ):
            words = {str: "a text", int: "a whole number", list: "a list of texts", dict: "a group of lines"}
            problems.append(
                Problem(path, _line_of(content, name), f"“{name}” in the front matter must be {words[kind]}.")
            )
            front.pop(name)
    return front, content[match.end() :], content[: match.end()].count("\n")


def _line_of(content, name):
    return next((i for i, line in enumerate(content.split("\n"), 1) if line.startswith(f"{name}:")), 1)


def one_line(error):
    return (str(error).strip() or type(error).__name__).split("\n")[0][:200].rstrip(".")


def closed_fences(body, path, offset, problems):
    """A fence that is never closed swallows the rest of its page without a word; so it is reported."""
    for line in markdown.open_fences(markdown.parse(body), body.split("\n")):
        problems.append(
            Problem(
                path,
                offset + line + 1,
                "This block is never closed, so the page ends inside it. "
                "Put a line with its closing ``` where it should end.",
            )
        )
