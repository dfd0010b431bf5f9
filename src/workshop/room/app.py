"""The room's server as an ASGI application: its routes, its files, and what is said when something goes wrong.

Everything that somebody wrote goes into pages through templates that escape it, or through the cards' trees; browsers
are told to run and load nothing but the room's own files.
"""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workshop.answers.storage import SaveError
from workshop.room import figures_ahead, routes_board, routes_entry, routes_pages
from workshop.room.addresses import Gone
from workshop.room.requests import FOR_GOOD, Guard, message, room_of
from workshop.room.room import Room

log = logging.getLogger(__name__)


def application(room: Room) -> Starlette:
    """The ASGI application of a room."""
    files = [Route("/static/{digest}/{file:path}", static), Route("/pictures/{file}", picture)]
    app = Starlette(
        routes=[*routes_entry.ROUTES, *routes_pages.ROUTES, *routes_board.ROUTES, *files],
        exception_handlers={HTTPException: refused, SaveError: not_saved, Gone: gone, Exception: failed},
        middleware=[Middleware(Guard), Middleware(GZipMiddleware, minimum_size=800)],
    )
    app.state.room = room
    return app


# ---------------------------------------------------------------- files


def static(request: Request) -> Response:
    """The room's own script or style; its address changes with it, so a browser keeps it for good."""
    file = room_of(request).files.read(request.path_params["file"])
    if file is None:
        raise HTTPException(404)
    content, media = file
    return Response(content, media_type=media, headers=FOR_GOOD)


def picture(request: Request) -> Response:
    """A figure of a lesson."""
    room, file = room_of(request), request.path_params["file"]
    if file not in {figure["file"] for figure in room.pictures.values()}:
        raise HTTPException(404)
    content = (room.root / figures_ahead.FOLDER / file).read_bytes()
    return Response(content, media_type="image/webp", headers=FOR_GOOD)


# ---------------------------------------------------------------- what goes wrong


def refused(request: Request, error: Exception) -> Response:
    """A page or a line of words for 403, 404, 405, 413, 429."""
    assert isinstance(error, HTTPException)
    words = {404: "There is no such page here.", 405: "This does not work that way."}
    said = words.get(error.status_code) or (
        str(error.detail) if error.detail != "Forbidden" else "This is not open to you."
    )
    if request.url.path.startswith("/api/"):
        return JSONResponse({"trouble": said}, error.status_code)
    return message(request, error.status_code, "Not here", said)


def not_saved(request: Request, error: Exception) -> Response:
    """The disk refused: the browser keeps what it has and tries again."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"trouble": str(error)}, 507)
    return message(request, 507, "Not saved", str(error))


def gone(request: Request, _: Exception) -> Response:
    """Something that does not exist, or no longer."""
    return refused(request, HTTPException(404))


def failed(request: Request, error: Exception) -> Response:
    """What nobody foresaw: said to the facilitator's log, and to participants without a word of program."""
    log.error("A request failed: %s %s", request.method, request.url.path, exc_info=error)
    return JSONResponse(
        {"trouble": "Something went wrong here. Your earlier answers are safe; it is tried again by itself."}, 500
    )
