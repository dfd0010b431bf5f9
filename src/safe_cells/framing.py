"""Messages between the processes of a round: a length, then JSON. Nothing that arrives can be more than data."""

import json
import os
import select
import signal
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Message = dict[str, Any]  # of JSON
MOST_BYTES = 64_000_000
BAD: Message = {"bad": True}
LENGTH = struct.Struct("!I")


def packed(message: Message) -> bytes:
    """The bytes of one message, a dictionary of JSON."""
    data = json.dumps(message, separators=(",", ":")).encode("ascii")
    return LENGTH.pack(len(data)) + data


class Channel:
    """A two-way line over two descriptors. A message is read or written whole, even if a time limit ends the wait."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing, self.held = reading, writing, bytearray()

    def send(self, message: Message) -> None:
        """Send one message."""
        data = packed(message)
        with _undisturbed():
            view = memoryview(data)
            while view:
                view = view[os.write(self.writing, view) :]

    def receive(self) -> Message | None:
        """The next message; None when the other side is gone, BAD when it sent what is no message."""
        if not self._hold(LENGTH.size):
            return None
        (size,) = LENGTH.unpack_from(self.held)
        if size > MOST_BYTES:
            # Whoever sends so much sends nothing sensible; the line is not used again.
            return None
        end = LENGTH.size + size
        if not self._hold(end):
            return None
        data = bytes(memoryview(self.held)[LENGTH.size : end])
        del self.held[:end]
        try:
            message = json.loads(data)
        except (ValueError, RecursionError):
            return BAD
        return message if type(message) is dict else BAD

    def _hold(self, size: int) -> bool:
        """Wait until this many bytes are here."""
        while len(self.held) < size:
            select.select([self.reading], [], [])
            with _undisturbed():
                part = os.read(self.reading, 1 << 20)
                self.held += part
            if not part:
                return False
        return True


def ready(channels: Sequence[Channel]) -> Channel:
    """The first of several channels on which something has come, or whose other side is gone."""
    for channel in channels:
        if channel.held:
            return channel
    came = select.select([channel.reading for channel in channels], [], [])[0]
    return next(channel for channel in channels if channel.reading in came)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no time limit fall between reading bytes and keeping them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
