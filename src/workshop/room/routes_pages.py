"""A participant's work: pages and their cards, and what the seats say."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from workshop.room.addresses import cards_of, completed, page_of
from workshop.room.requests import data, device_of, download, fresh, message, needed_seat, room_of, seat_of, shown

CLOSED = (
    "This part is not open now. What you wrote is not stored; keep the page, "
    "and send it again when your facilitator opens it."
)
STRANGE = "This was not sent by a page of the room."
MOST_NUMBER = 2**31


def page(request: Request) -> Response:
    """A lesson or an exercise."""
    room = room_of(request)
    if seat_of(request) is None:
        return RedirectResponse("/", 303)
    name = completed(room.project, request.path_params["name"])
    page = page_of(room.project, name)
    if room.board.is_closed(name):
        return message(request, 200, page.title, "This part is not open yet. Your facilitator opens it for all.")
    until = room.board.until(name)
    return shown(
        "page.html",
        request,
        title=page.title,
        points=page.points,
        graded=page.kind == "exercise",
        name=name,
        until=until or "",
        body=room.pages.body(name, until),
    )


def views(request: Request) -> Response:
    """All cards of a page as they stand for this seat."""
    seat, device = needed_seat(request), device_of(request.query_params.get("device"))
    return fresh(room_of(request).desks.views(seat, device, request.path_params["name"]))


async def card(request: Request) -> Response:
    """Something was clicked or typed on a card."""
    return await run_in_threadpool(_card, request, await data(request))


def _card(request: Request, sent: dict[str, Any]) -> Response:
    room, name, seat = room_of(request), request.path_params["name"], needed_seat(request)
    asked, card = sent.get("request"), str(sent.get("card"))
    if not isinstance(asked, dict) or type(asked.get("n")) is not int or not 0 < asked["n"] < MOST_NUMBER:
        raise HTTPException(400, STRANGE)
    if card in cards_of(room.project, name) and not room.board.is_open(name, card):
        raise HTTPException(403, CLOSED)
    return JSONResponse(room.desks.handle(seat, device_of(sent.get("device")), name, card, asked))


def made(request: Request) -> Response:
    """A file that somebody made to take home."""
    asked, file = request.query_params, request.path_params["file"]
    seat, device = needed_seat(request), device_of(asked.get("device"))
    content = room_of(request).desks.file(seat, device, asked.get("page", ""), asked.get("card", ""), file)
    # Its own style stands within it; as a file to keep it is not part of the room's pages.
    return download(content, "text/html" if file.endswith(".html") else "application/json", file)


def pace(request: Request) -> Response:
    """Where the room stands, as participants may know it."""
    needed_seat(request)
    return fresh(room_of(request).board.pace())


def statements(request: Request) -> Response:
    """What the room says on the four questions of the notes."""
    room, seat = room_of(request), needed_seat(request)
    own = [each for each in room.store.statements() if each.seat == seat.id]
    return shown("statements.html", request, headings=room.board.headings, notes=room.board.notes, own=own)


async def say(request: Request) -> Response:
    """A statement of the room."""
    return await run_in_threadpool(_say, request, await data(request))


def _say(request: Request, sent: dict[str, Any]) -> Response:
    seat = needed_seat(request)
    try:
        room_of(request).board.say(seat.id, sent)
    except ValueError as why:
        raise HTTPException(400, str(why)) from None
    return JSONResponse({"saved": True})


ROUTES = [
    Route("/page/{name:path}", page),
    Route("/statements", statements),
    Route("/api/room", pace),
    Route("/api/views/{name:path}", views),
    Route("/api/statements", say, methods=["POST"]),
    Route("/api/card/{name:path}", card, methods=["POST"]),
    Route("/made/{file}", made),
]
