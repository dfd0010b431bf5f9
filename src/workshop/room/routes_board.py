"""The facilitator: the board, what hangs on the wall, the record."""

import io

import segno
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workshop.room.access import BOARD
from workshop.room.addresses import question_of
from workshop.room.requests import FRESH, address_of, data, download, fresh, needed_board, room_of, shown, welcome

GROUPS = "groups"


def enter_board(request: Request) -> Response:
    """The facilitator comes in by the secret address."""
    room, who = room_of(request), address_of(request)
    if room.tries.many(who):
        raise HTTPException(429, "Too many wrong addresses from this device. Wait a minute.")
    if room.study or not room.access.opens_board(request.path_params["word"]):
        room.tries.count(who)
        raise HTTPException(403)
    return welcome(request, BOARD, room.access.board_cookie(), "/board")


def board(request: Request) -> Response:
    """The facilitator's board."""
    room = needed_board(request)
    return shown(
        "board.html",
        request,
        code=room.access.code,
        pages=room.board.parts(),
        plays=room.board.plays(),
        headings=room.board.headings,
    )


def board_state(request: Request) -> Response:
    """All that the board shows."""
    return fresh(needed_board(request).board.state())


async def board_act(request: Request) -> Response:
    """Something was clicked on the board."""
    board = needed_board(request).board
    sent = await data(request)
    try:
        await run_in_threadpool(board.act, sent)
    except (KeyError, TypeError, ValueError) as error:
        raise HTTPException(400, "The board did not understand this.") from error
    return JSONResponse(await run_in_threadpool(board.state))


def wall(request: Request) -> Response:
    """Address and code of the room for the wall."""
    room = needed_board(request)
    return shown("wall.html", request, address=room.address, code=room.access.code)


def qr(request: Request) -> Response:
    """The QR code of the address, with the code of the room in it."""
    room, picture = needed_board(request), io.BytesIO()
    segno.make(f"{room.address}/?code={room.access.code}", error="m").save(picture, kind="svg", scale=8, light="#fff")
    return Response(picture.getvalue(), media_type="image/svg+xml", headers=FRESH)


def screen(request: Request) -> Response:
    """One question for the wall, or the groups side by side."""
    room, name = needed_board(request), request.path_params["name"]
    if name != GROUPS:
        question_of(room.project, name)
    return shown("screen.html", request, name=name, join=room.access.code)


def record(request: Request) -> Response:
    """What the room leaves, to look at before it is saved."""
    room = needed_board(request)
    return shown("record.html", request, parts=room.record.parts(), names=room.store.settings.names)


def record_file(request: Request) -> Response:
    """The record as a file."""
    record, kind = needed_board(request).record, request.path_params["kind"]
    if kind not in ("docx", "pdf", "html"):
        raise HTTPException(404)
    return download(*record.file(kind))


ROUTES = [
    Route("/board/{word}", enter_board),
    Route("/board", board),
    Route("/api/board", board_state),
    Route("/api/board", board_act, methods=["POST"]),
    Route("/screen", wall),
    Route("/qr.svg", qr),
    Route("/screen/{name:path}", screen),
    Route("/record", record),
    Route("/record/{kind}", record_file),
]
