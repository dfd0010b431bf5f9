"""What every route needs of a request: whose it is, what was sent, how a page answers it; and the guard at the gate."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workshop.cards.browser_files import KEPT
from workshop.room.access import BOARD, SEAT
from workshop.room.room import Room
from workshop.room.store import Seat

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NO_GUESSING = (b"x-content-type-options", b"nosniff")
OF_PAGES = [
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
FRESH = {"Cache-Control": "no-store"}
FOR_GOOD = {"Cache-Control": f"public, max-age={KEPT}, immutable"}
MOST_BYTES, MOST_SECONDS = 200_000, 15


class Guard:
    """Adds what every answer tells the browser, and turns away what comes from another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        if scope["method"] == "POST" and origin is not None and urlsplit(origin).netloc != headers.get("host"):
            await Response("This came from another page.", 403)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                # What a page may load and where it may lead, its own answer says. A script or a style sheet has no say
                # in it, and with thirty of them a phone would load the same words thirty times.
                part = message["status"] == 200 and scope["path"].startswith("/static/")
                message["headers"] = [*message["headers"], NO_GUESSING, *([] if part else OF_PAGES)]
            await send(message)

        await self.app(scope, receive, guarded)


# ---------------------------------------------------------------- who asks


def room_of(request: Request) -> Room:
    """The room that is asked."""
    return cast(Room, request.app.state.room)


def seat_of(request: Request) -> Seat | None:
    """The seat whose browser this is."""
    return room_of(request).seat(request.cookies.get(SEAT))


def needed_seat(request: Request) -> Seat:
    """The seat of this browser. Without one the answer is 403."""
    room, seat = room_of(request), seat_of(request)
    if seat is None:
        raise HTTPException(403)
    if room.requests.many(seat.id):
        raise HTTPException(429, "This is more than one seat can send. It is tried again by itself.")
    room.requests.count(seat.id)
    return seat


def is_board(request: Request) -> bool:
    """Whether this is the facilitator's browser."""
    return room_of(request).access.is_board(request.cookies.get(BOARD))


def needed_board(request: Request) -> Room:
    """The room, for the facilitator's browser alone. For another one the answer is 403."""
    if not is_board(request):
        raise HTTPException(403)
    return room_of(request)


def address_of(request: Request) -> str:
    """The network address from which this comes."""
    return request.client.host if request.client else ""


# ---------------------------------------------------------------- what was sent


async def body(request: Request) -> bytes:
    """The bytes that were sent, as far as they are small and come soon."""
    received = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.stream():
                received += chunk
                if len(received) > MOST_BYTES:
                    raise HTTPException(413, "This is too long to be sent.")
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408, "This came too slowly.") from None
    return bytes(received)


async def form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    sent = (await body(request)).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(sent, keep_blank_values=True, max_num_fields=20).items()}


async def data(request: Request) -> dict[str, Any]:
    """A JSON object; only a page of our own can send one, since browsers ask before they let another site do so."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "This was not sent by a page of the room.")
    try:
        sent = json.loads(await body(request))
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise HTTPException(400, "This was not sent by a page of the room.")
    return sent


def device_of(word: object) -> str:
    """The name of a page that is open in a browser, as it calls itself."""
    return str(word or "")[:40]


# ---------------------------------------------------------------- answers


def shown(template: str, request: Request, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page made from a template."""
    page = room_of(request).html(template, seat=seat_of(request), on_board=is_board(request), **values)
    return HTMLResponse(page, status, headers=FRESH)


def message(request: Request, status: int, title: str, words: str) -> HTMLResponse:
    """A page that says one thing."""
    return shown("message.html", request, status, title=title, words=words)


def fresh(content: Mapping[str, Any]) -> JSONResponse:
    """Data that no browser keeps."""
    return JSONResponse(content, headers=FRESH)


def download(content: str | bytes, media: str, name: str) -> Response:
    """A file to keep."""
    headers = {**FRESH, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)


def give(request: Request, answer: Response, name: str, value: str) -> None:
    """Let the browser keep a cookie."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=KEPT, httponly=True, samesite="strict", secure=secure)


def welcome(request: Request, name: str, value: str, target: str) -> HTMLResponse:
    """A page that gives a cookie and leads on to `target`."""
    answer = shown("welcome.html", request, target=target)
    give(request, answer, name, value)
    return answer
