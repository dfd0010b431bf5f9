"""Running one cell of an instructor's, with the outputs that a notebook would keep of it."""

import ast
import builtins
import io
import linecache
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.formatters import PlainTextFormatter
from IPython.core.inputtransformer2 import TransformerManager

from safe_cells.wire import is_remote

Namespace = dict[str, Any]
Output = dict[str, Any]  # in nbformat's form
MOST_TEXT = 1_000_000
MOST_WORDS = 100_000
FILE = "<test>"


class OutOfTime(BaseException):
    """The cell took longer than it may. No test catches this by accident."""


def tree_of(source: str) -> ast.Module:
    """The syntax tree of a cell, after IPython's own changes to the text. Raises SyntaxError."""
    return ast.parse(TransformerManager().transform_cell(source), FILE)  # type: ignore[no-untyped-call]  # IPython's


def new_namespace() -> Namespace:
    """What a cell finds before anything has run."""
    return {"__name__": "__main__", "__builtins__": builtins, "display": _display}


def run(
    source: str, namespace: Namespace, seconds: float | None = None, before: Callable[[], object] | None = None
) -> tuple[list[Output], str]:
    """Run a cell: (outputs in nbformat's form, status), the status being ok, error or timeout.

    `before()` runs first, within the same time and with its errors as the cell's.
    """
    outputs: list[Output] = []
    try:
        with (
            redirect_stdout(_Stream("stdout", outputs)),
            redirect_stderr(_Stream("stderr", outputs)),
            _limited(seconds),
        ):
            if before:
                before()
            _execute(source, namespace, outputs)
    except OutOfTime:
        words = f"The test took longer than {seconds:g} seconds."
        outputs.append({"output_type": "error", "ename": "TimeoutError", "evalue": words, "traceback": [words]})
        return outputs, "timeout"
    except BaseException as error:  # noqa: BLE001 - whatever a test raises is its result
        outputs.append(_error(error, source))
        return outputs, "error"
    return outputs, "ok"


def _execute(source: str, namespace: Namespace, outputs: list[Output]) -> None:
    tree, value = tree_of(source), None
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    # Helpers of a test may want to read their own lines.
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    exec(compile(tree, FILE, "exec"), namespace)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), FILE, "eval"), namespace)
    if value is not None and not _is_silenced(source):
        shown = {"data": {"text/plain": _text(value)}, "metadata": {}}
        outputs.append({"output_type": "execute_result", "execution_count": None, **shown})


def _is_silenced(source: str) -> bool:
    return bool(DisplayHook.semicolon_at_end_of_expression(source))  # type: ignore[no-untyped-call]  # IPython's


def _text(value: object) -> str:
    # A participant's own object might show itself as a number, and a number here is points.
    if is_remote(value):
        return f"<{type(value).__name__}>"
    return _sayable(PlainTextFormatter()(value))


def _sayable(text: str) -> str:
    """Text as it can be written to a file: not without end, and without halves of letters."""
    return text[:MOST_WORDS].encode("utf-8", "backslashreplace").decode("utf-8")


def _display(*values: object) -> None:
    for value in values:
        print(_text(value))


class _Stream(io.TextIOBase):
    """Collects text as a notebook does: one output for what comes in a row."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: list[Output]) -> None:
        self.name, self.outputs, self.left = name, outputs, MOST_TEXT

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        kept = text[: self.left].encode("utf-8", "backslashreplace").decode("utf-8")
        self.left -= min(self.left, len(text))
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == self.name:
            last["text"] += kept
        elif kept:
            self.outputs.append({"output_type": "stream", "name": self.name, "text": kept})
        return len(text)


@contextmanager
def _limited(seconds: float | None) -> Iterator[None]:
    if not seconds or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    # Again and again, because a bare `except:` would swallow the first.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _error(error: BaseException, source: str) -> Output:
    name = type(error).__name__
    try:
        words = _sayable(str(error))
    except BaseException:  # noqa: BLE001 - an error of the test's own class may not be able to say what it is
        words = ""
    lines, places, trace = source.splitlines(), [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            places.append(trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        places.append(error.lineno)
    shown = [f"----> {line} {lines[line - 1]}" for line in places if 0 < line <= len(lines)]
    return {
        "output_type": "error",
        "ename": name,
        "evalue": words,
        "traceback": [f"{name} (in the test)", *shown, f"{name}: {words}"],
    }
