"""Who may do what in a room: seats and the board by signed cookies, the room's code by a limited number of tries."""

import base64
import hashlib
import hmac
import time
from collections import defaultdict, deque

from workshop.room.store import Settings

SEAT, BOARD = "room_seat", "room_board"
TRIES, WITHIN = 10, 60
# A card sends about one request a second while somebody types; a group of ten on one device stays below this.
REQUESTS, EACH = 60, 5


class Access:
    """Signs and knows again; what it signs with never leaves the store."""

    def __init__(self, settings: Settings) -> None:
        self._secret = bytes.fromhex(settings.secret)
        self.code, self._board = settings.code, settings.board

    def seat_cookie(self, seat: int) -> str:
        """What the browser of a seat keeps."""
        return f"{seat}.{self._signed(f'seat {seat}')}"

    def seat_of(self, cookie: str | None) -> int | None:
        """The number of the seat that this cookie was given to, or None."""
        number, _, signed = (cookie or "").partition(".")
        if not (number.isascii() and number.isdigit()) or len(number) > 12:
            return None
        return int(number) if _same(signed, self._signed(f"seat {int(number)}")) else None

    def seat_key(self, seat: int) -> str:
        """The words with which somebody takes the same seat on another device."""
        raw = base64.b32encode(hmac.digest(self._secret, f"key {seat}".encode(), "sha256")).decode().lower()[:12]
        return f"{raw[:4]}-{raw[4:8]}-{raw[8:]}"

    def board_cookie(self) -> str:
        """What the facilitator's browser keeps."""
        return self._signed("board")

    def is_board(self, cookie: str | None) -> bool:
        """Whether this cookie opens the board."""
        return _same(cookie or "", self._signed("board"))

    def opens_board(self, word: str) -> bool:
        """Whether this is the secret part of the board's address."""
        return _same(word, self._board)

    def opens_room(self, word: str) -> bool:
        """Whether this is the code of the room, as a person types it."""
        return _same("".join(word.lower().split()).replace("-", ""), self.code)

    def opens_seat(self, seat: int, word: str) -> bool:
        """Whether this is the key of a seat, as a person types it."""
        return _same("".join(word.lower().split()).replace("-", ""), self.seat_key(seat).replace("-", ""))

    def _signed(self, words: str) -> str:
        return hmac.new(self._secret, words.encode(), hashlib.sha256).hexdigest()


class Tries:
    """Counts what each one did lately: an address, or a seat by its number. `within` is in seconds."""

    def __init__(self, most: int = TRIES, within: float = WITHIN) -> None:
        self.most, self.within = most, within
        self._times: defaultdict[str | int, deque[float]] = defaultdict(deque)

    def many(self, who: str | int) -> bool:
        """Whether it was too often."""
        times, since = self._times[who], time.monotonic() - self.within
        while times and times[0] < since:
            times.popleft()
        return len(times) >= self.most

    def count(self, who: str | int) -> None:
        """Once more."""
        if len(self._times) > 10_000:
            self._times.clear()
        self._times[who].append(time.monotonic())


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
