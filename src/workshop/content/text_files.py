"""Text files as people wrote them: encoding, front matter and fences, with a line for every fault."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import Problem


def decoded(path: Path, relative: str, problems: list[Problem]) -> str | None:
    """The text of a file, or None with a problem when it cannot be read or is not UTF-8.

    `relative` is the name by which problems call the file.
    """
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
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


def front_matter(
    content: str, path: str, wanted: Mapping[str, type], problems: list[Problem]
) -> tuple[dict[str, Any], str, int]:
    """The front matter as a dict, the text after it, and the number of lines before that text.

    `wanted` maps each name that must be there to the type of its value: str, int, list (of str) or dict. A value of
    another type is left out, with a problem; names that nobody wants are kept as YAML reads them.
    """
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
    after, lines = content[match.end() :], content[: match.end()].count("\n")
    try:
        front = yaml.safe_load(match.group(1))
    except Exception as error:  # noqa: BLE001 - besides YAMLError, a date as 2025-13-01 raises ValueError, and more
        mark = getattr(error, "problem_mark", None)
        problems.append(
            Problem(
                path,
                mark.line + 2 if mark else 1,
                "The front matter cannot be read: "
                f"{getattr(error, 'problem', None) or one_line(error)}. "
                "A text with a colon needs quotation marks.",
            )
        )
        return {}, after, lines
    if not isinstance(front, dict):
        problems.append(Problem(path, 2, "The front matter is not a list of “name: value” lines."))
        return {}, after, lines
    _of_wanted_types(front, content, path, wanted, problems)
    return front, after, lines


def _of_wanted_types(
    front: dict[str, Any], content: str, path: str, wanted: Mapping[str, type], problems: list[Problem]
) -> None:
    """Takes what has another type than wanted out of the front matter, and reports it and what is not there."""
    for name, kind in wanted.items():
        if name not in front:
            problems.append(Problem(path, 1, f"The front matter has no “{name}”. Add a line “{name}: …”."))
        elif (
            not isinstance(front[name], kind)
            or isinstance(front[name], bool)
            or (kind is list and not all(isinstance(item, str) for item in front[name]))
        ):
            kinds = {str: "a text", int: "a whole number", list: "a list of texts", dict: "a group of lines"}
            problems.append(
                Problem(path, _line_of(content, name), f"“{name}” in the front matter must be {kinds[kind]}.")
            )
            front.pop(name)


def _line_of(content: str, name: str) -> int:
    return next((i for i, line in enumerate(content.split("\n"), 1) if line.startswith(f"{name}:")), 1)


def one_line(error: BaseException) -> str:
    """The first line of an error's message, or its type's name where it has no message."""
    return (str(error).strip() or type(error).__name__).split("\n")[0][:200].rstrip(".")


def report_open_fences(
    nodes: list[SyntaxTreeNode], lines: list[str], path: str, offset: int, problems: list[Problem]
) -> None:
    """A fence that is never closed swallows the rest of its page without a word; so it is reported.

    `nodes` are the blocks of a text and count its `lines` from 0; `offset` is the number of lines before it in its
    file.
    """
    message = (
        "This block is never closed, so the page ends inside it. Put a line with its closing ``` where it should end."
    )
    problems += [Problem(path, offset + line + 1, message) for line in markdown.open_fences(nodes, lines)]
