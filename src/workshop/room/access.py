"""Who may do what in a room: seats and the board by signed cookies, the room's code by a limited number of tries."""

import base64
import hashlib
import hmac
import time
from collections import defaultdict, deque

SEAT, BOARD = "room_seat", "room_board"
TRIES, WITHIN = 10, 60
# A card sends about one request a second while somebody types; a group of ten on one device stays below this.
REQUESTS, EACH = 60, 5


class Access:
    """Signs and knows again; what it signs with never leaves the store."""

    def __init__(self, store):
        self._secret = bytes.fromhex(store.get("secret"))
        self.code, self._board = store.get("code"), store.get("board")

    def seat_cookie(self, seat):
        """What the browser of a seat keeps."""
        return f"{seat}.{self._signed(f'seat {seat}')}"

    def seat_of(self, cookie):
        """The number of the seat that this cookie was given to, or None."""
        number, _, signed = (cookie or "").partition(".")
        if not (number.isascii() and number.isdigit()) or len(number) > 12:
            return None
        return int(number) if _same(signed, self._signed(f"seat {int(number)}")) else None

    def seat_key(self, seat):
        """The words with which somebody takes the same seat on another device."""
        raw = base64.b32encode(hmac.digest(self._secret, f"key {seat}".encode(), "sha256")).decode().lower()[:12]
        return f"{raw[:4]}-{raw[4:8]}-{raw[8:]}"

    def board_cookie(self):
        """What the facilitator's browser keeps."""
        return self._signed("board")

    def is_board(self, cookie):
        """Whether this cookie opens the board."""
        return _same(cookie or "", self._signed("board"))

    def opens_board(self, word):
        """Whether this is the secret part of the board's address."""
        return _same(word, self._board)

    def opens_room(self, word):
        """Whether this is the code of the room, as a person types it."""
        return _same("".join(word.lower().split()).replace("-", ""), self.code)

    def opens_seat(self, seat, word):
        """Whether this is the key of a seat, as a person types it."""
        return _same("".join(word.lower().split()).replace("-", ""), self.seat_key(seat).replace("-", ""))

    def _signed(self, words):
        return hmac.new(self._secret, words.encode(), hashlib.sha256).hexdigest()


class Tries:
    """Counts what each address did lately."""

    def __init__(self, most=TRIES, within=WITHIN):
        self.most, self.within, self._times = most, within, defaultdict(deque)

    def many(self, who):
        """Whether it was too often."""
        times, since = self._times[who], time.monotonic() - self.within
        while times and times[0] < since:
            times.popleft()
        return len(times) >= self.most

    def count(self, who):
        """Once more."""
        if len(self._times) > 10_000:
            self._times.clear()
        self._times[who].append(time.monotonic())


def _same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())
