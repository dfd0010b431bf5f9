"""A participant's process of its own: it runs cells and answers the judge, as the kernel of a round does."""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO

from safe_cells.framing import Channel
from safe_cells.participant_side import answer


def start(command):
    """Start a process that is given two descriptors to read from and write to; returns it and the line to it."""
    (its_in, our_out), (our_in, its_out) = os.pipe(), os.pipe()
    process = subprocess.Popen([*command, str(its_in), str(its_out)], pass_fds=(its_in, its_out))
    os.close(its_in)
    os.close(its_out)
    return process, Channel(our_in, our_out)


def end(process, channel):
    """End a process that was started so."""
    os.close(channel.writing)
    os.close(channel.reading)
    process.kill()
    process.wait()


class Participant:
    """A participant's process, as the judge's side sees it."""

    def __init__(self):
        self.process, self.channel = start([sys.executable, __file__])
        self.seen = []

    def execute(self, source):
        """Run a cell there; returns what went wrong, or an empty text."""
        return (self._exchange({"execute": source}) or {"executed": "the process is gone"})["executed"]

    def ask(self, message):
        """Put one question of the judge."""
        self.seen.append(message)
        return self._exchange({"ask": message})

    def _exchange(self, frame):
        with suppress(BrokenPipeError):
            self.channel.send(frame)
        return self.channel.receive()

    def close(self):
        """End the process."""
        end(self.process, self.channel)


def main(reading, writing):
    """Answer until nobody asks any more."""
    channel, namespace = Channel(reading, writing), {"__name__": "__main__"}
    while (frame := channel.receive()) is not None:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            if "execute" in frame:
                reply = {"executed": ""}
                try:
                    exec(compile(frame["execute"], "<cell>", "exec"), namespace)
                except BaseException as error:  # noqa: BLE001 (a cell may raise anything, SystemExit too)
                    reply["executed"] = repr(error)
            else:
                reply = answer(frame["ask"], namespace)
                printed = ("stdout", out.getvalue()), ("stderr", err.getvalue())
                reply["streams"] = [[name, text] for name, text in printed if text]
        channel.send(reply)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
